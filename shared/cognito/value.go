package cognito

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// The types of a claim's value, as rules name them.
const (
	TypeString  = "string"
	TypeNumber  = "number"
	TypeBoolean = "boolean"
	TypeList    = "list"
	TypeObject  = "object"
)

// TypeOf names the type of a JSON value by its first byte; "" for null and for what is not a value.
func TypeOf(value []byte) string {
	value = bytes.TrimLeft(value, " \t\r\n")
	if len(value) == 0 {
		return ""
	}
	switch value[0] {
	case '"':
		return TypeString
	case '[':
		return TypeList
	case '{':
		return TypeObject
	case 't', 'f':
		return TypeBoolean
	case 'n':
		return ""
	}
	return TypeNumber
}

// CheckValue returns an error if an event of that version cannot carry the JSON value in the claim. Version 1 carries
// strings; versions 2 and 3 carry strings, numbers, booleans, lists of those, and objects.
func CheckValue(version TokenVersion, token Token, name string, value []byte) error {
	if !json.Valid(value) {
		return errors.New("the value is not JSON")
	}
	kind := TypeOf(value)
	if err := CheckType(version, token, name, kind); err != nil {
		return err
	}
	if kind == TypeList {
		return CheckList(value)
	}
	return nil
}

// CheckType is CheckValue for a value of which only the type is known.
func CheckType(version TokenVersion, token Token, name, kind string) error {
	switch {
	case kind == "":
		return errors.New("null is not a claim value: leave the claim out or suppress it")
	case version == V1 && kind != TypeString:
		return fmt.Errorf("a version 1 event carries strings only, not %s", article(kind))
	case token == ID && (kind == TypeList || kind == TypeObject) && simpleInID(name):
		return fmt.Errorf("the ID token's %s cannot hold %s", name, article(kind))
	}
	return nil
}

func article(kind string) string {
	if kind == TypeObject {
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

// CheckList reports whether a list can be a claim's value.
func CheckList(value []byte) error {
	var elements []json.RawMessage
	if err := json.Unmarshal(value, &elements); err != nil {
		return errors.New("the value is not a list")
	}
	for _, element := range elements {
		switch TypeOf(element) {
		case TypeString, TypeNumber, TypeBoolean:
		default:
			return errors.New("a list holds strings, numbers and booleans only")
		}
	}
	return nil
}

// TextOf gives the text of a JSON string; false for any other value.
func TextOf(value []byte) (string, bool) {
	var text string
	if TypeOf(value) != TypeString || json.Unmarshal(value, &text) != nil {
		return "", false
	}
	return text, true
}

// ParseBoolean reads the value of a boolean attribute. Cognito takes true and false in any case, so events and answers
// carry "True", too. If the value is not a boolean, ok is false.
func ParseBoolean(value string) (is, ok bool) {
	switch strings.ToLower(value) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// IsTrue reports whether the value of a boolean attribute, such as email_verified, is true.
func IsTrue(value string) bool {
	is, _ := ParseBoolean(value)
	return is
}
