package events

import (
	"bytes"
	"encoding/json"
)

// Attributes are user attributes or metadata by name. Cognito sends strings; AWS's samples also show bare booleans and
// null, so every JSON value is read as text: booleans and numbers as their JSON spelling, lists and objects as JSON
// text. A null value is an absent attribute.
type Attributes map[string]string

// UnmarshalJSON implements the leniency. Anything but an object reads as no attributes.
func (a *Attributes) UnmarshalJSON(data []byte) error {
	*a = nil
	doc, err := scan(data)
	if err != nil {
		return nil
	}
	attributes := make(Attributes, len(doc.members))
	for _, m := range doc.members {
		if text, ok := text(data[m.start:m.end]); ok {
			attributes[m.name] = text
		} else {
			delete(attributes, m.name)
		}
	}
	*a = attributes
	return nil
}

// place is a member of an object and where it is read into.
type place struct {
	name string
	into json.Unmarshaler
}

// readMembers reads the named members of an object. It is what encoding/json would do, without its reflection, which
// every event would pay for, and by exact names.
func readMembers(object []byte, places ...place) error {
	doc, err := scan(object)
	if err != nil {
		return err
	}
	for _, p := range places {
		if value := doc.value(p.name); len(value) > 0 {
			if err := p.into.UnmarshalJSON(value); err != nil {
				return err
			}
		}
	}
	return nil
}

// readRequest is readMembers for a request, which may be null but nothing else than an object.
func readRequest(request []byte, places ...place) error {
	if string(request) == "null" {
		return nil
	}
	if err := readMembers(request, places...); err != nil {
		return jsonType(request)
	}
	return nil
}

// text reads a JSON value as a string; false for null.
func text(value []byte) (string, bool) {
	if len(value) == 0 || bytes.Equal(value, []byte("null")) {
		return "", false
	}
	if value[0] != '"' {
		return string(value), true
	}
	if inner := value[1 : len(value)-1]; plain(inner) {
		return string(inner), true
	}
	var s string
	if json.Unmarshal(value, &s) != nil {
		return string(value), true
	}
	return s, true
}

// plain tells whether the inside of a JSON string is its own text: no escapes, nothing that may be invalid UTF-8.
func plain(inner []byte) bool {
	for _, c := range inner {
		if c == '\\' || c >= 0x80 {
			return false
		}
	}
	return true
}

// Placeholder is text that Cognito replaces in a message, for example "{####}". It is empty where Cognito sends null,
// nothing, or the word None as one of its samples does.
type Placeholder string

// UnmarshalJSON implements the leniency.
func (p *Placeholder) UnmarshalJSON(data []byte) error {
	s, _ := text(data)
	if s == "None" {
		s = ""
	}
	*p = Placeholder(s)
	return nil
}

// stringList reads a list of strings; other values in it are left out, and anything but a list reads as none.
type stringList []string

func (l *stringList) UnmarshalJSON(data []byte) error {
	*l = nil
	if len(data) == 0 || data[0] != '[' {
		return nil
	}
	for at := skipSpace(data, 1); data[at] != ']'; at = skipSpace(data, at) {
		if data[at] == ',' {
			at = skipSpace(data, at+1)
		}
		start := at
		at = skipValue(data, start)
		if s, ok := text(data[start:at]); ok && data[start] == '"' {
			*l = append(*l, s)
		}
	}
	return nil
}
