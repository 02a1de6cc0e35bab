package claims

import (
	"bytes"
	"encoding/json"
)

// quote writes a JSON string. Unlike json.Marshal it leaves <, > and & as they are, so that a claim's size is the size
// that the token will have.
func quote(text string) json.RawMessage {
	if plain(text) {
		return append(append(append(make(json.RawMessage, 0, len(text)+2), '"'), text...), '"')
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		return json.RawMessage(`""`)
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}

// plain reports whether JSON writes the text unchanged, which saves the encoder for nearly every value.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
