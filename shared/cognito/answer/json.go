package answer

import (
	"bytes"
	"encoding/json"
)

// members returns the members of a JSON object, or nil for any other text.
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

// equal reports whether two JSON texts have the same value. Numbers are compared as they are spelled.
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
