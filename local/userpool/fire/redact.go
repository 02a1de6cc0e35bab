package fire

import (
	"bytes"
	"encoding/json"
)

// hiddenPassword is what the log has in place of a password.
const hiddenPassword = `"..."`

// withoutPassword returns a document with request.password replaced, and everything else byte for byte. It returns nil
// if the document is not an object or has the member twice, so that no password can hide behind another one.
func withoutPassword(document []byte) json.RawMessage {
	request, n := valueOf(document, "request")
	if n == 0 {
		return onlyObject(document)
	}
	password, m := valueOf(document[request.from:request.to], "password")
	if n > 1 || m > 1 {
		return nil
	}
	if m == 0 {
		return onlyObject(document)
	}
	from, to := request.from+password.from, request.from+password.to
	return bytes.Join([][]byte{document[:from], []byte(hiddenPassword), document[to:]}, nil)
}

func onlyObject(document []byte) json.RawMessage {
	if members(document) == nil {
		return nil
	}
	return document
}

// passwordOf returns the JSON text of an event's request.password.
func passwordOf(event []byte) []byte {
	return members(members(event)["request"])["password"]
}

type span struct{ from, to int }

// valueOf returns where the last member of this name has its value, and how many there are.
func valueOf(object []byte, name string) (at span, count int) {
	dec := json.NewDecoder(bytes.NewReader(object))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return at, 0
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return at, count
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return at, count
		}
		if key == name {
			end := int(dec.InputOffset())
			at, count = span{end - len(value), end}, count+1
		}
	}
	return at, count
}
