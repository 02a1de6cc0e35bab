package claims

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"cognito-triggers/shared/events"
)

// The types of a claim's value, as rules name them.
const (
	typeString  = "string"
	typeNumber  = "number"
	typeBoolean = "boolean"
	typeList    = "list"
	typeObject  = "object"
)

// typeOf returns the type of a JSON value by its first byte, or "" for null and for an empty text.
func typeOf(value []byte) string {
	value = bytes.TrimLeft(value, " \t\r\n")
	if len(value) == 0 {
		return ""
	}
	switch value[0] {
	case '"':
		return typeString
	case '[':
		return typeList
	case '{':
		return typeObject
	case 't', 'f':
		return typeBoolean
	case 'n':
		return ""
	}
	return typeNumber
}

// CheckValue returns an error if an event of that version cannot carry the JSON value in the claim. Version 1 carries
// strings; versions 2 and 3 carry strings, numbers, booleans, lists of those, and objects.
func CheckValue(version events.TokenVersion, token Token, name string, value []byte) error {
	if !json.Valid(value) {
		return errors.New("the value is not JSON")
	}
	kind := typeOf(value)
	if err := checkType(version, token, name, kind); err != nil {
		return err
	}
	if kind == typeList {
		return checkList(value)
	}
	return nil
}

func checkType(version events.TokenVersion, token Token, name, kind string) error {
	switch {
	case kind == "":
		return errors.New("null is not a claim value: leave the claim out or suppress it")
	case version == events.V1 && kind != typeString:
		return fmt.Errorf("a version 1 event carries strings only, not %s", article(kind))
	case token == ID && (kind == typeList || kind == typeObject) && simpleInID(name):
		return fmt.Errorf("the ID token's %s cannot hold %s", name, article(kind))
	}
	return nil
}

func article(kind string) string {
	if kind == typeObject {
		return "an " + kind
	}
	return "a " + kind
}

// simpleInID reports whether the claim cannot be a list or an object in the ID token, as AWS's guide says.
func simpleInID(name string) bool {
	switch name {
	case "phone_number_verified", "email_verified", "updated_at", "address":
		return true
	}
	return false
}

func checkList(value []byte) error {
	var elements []json.RawMessage
	if err := json.Unmarshal(value, &elements); err != nil {
		return errors.New("the value is not a list")
	}
	for _, element := range elements {
		switch typeOf(element) {
		case typeString, typeNumber, typeBoolean:
		default:
			return errors.New("a list holds strings, numbers and booleans only")
		}
	}
	return nil
}

// textOf returns the text of a JSON string.
func textOf(value []byte) (string, bool) {
	var text string
	if typeOf(value) != typeString || json.Unmarshal(value, &text) != nil {
		return "", false
	}
	return text, true
}

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
