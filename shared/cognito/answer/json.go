package answer

import (
	"bytes"
	"encoding/json"
)

// members reads a JSON object, nil for anything else.
func members(raw []byte) map[string]json.RawMessage {
	if trimmed := bytes.TrimSpace(raw); len(trimmed) == 0 || trimmed[0] != '{' {
		return nil
	}
	object := map[string]json.RawMessage{}
	if json.Unmarshal(raw, &object) != nil {
		return nil
	}
	return object
}

func isNull(raw []byte) bool {
	trimmed := bytes.TrimSpace(raw)
	return len(trimmed) == 0 || string(trimmed) == "null"
}

// equal compares JSON by value, numbers by their spelling.
func equal(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	return canonical(a) == canonical(b)
}

func canonical(raw []byte) string {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var value any
	if dec.Decode(&value) != nil {
		return "invalid: " + string(raw)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return "invalid: " + string(raw)
	}
	return string(text)
}
