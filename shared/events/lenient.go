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

// MarshalJSON writes an empty placeholder as null, as Cognito does.
func (p Placeholder) MarshalJSON() ([]byte, error) {
	if p == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(p))
}

// stringList reads a list of strings; other values in it are left out, and anything but a list reads as none.
type stringList []string

func (l *stringList) UnmarshalJSON(data []byte) error {
	*l = nil
	eachElement(data, func(value []byte) {
		if s, ok := text(value); ok && value[0] == '"' {
			*l = append(*l, s)
		}
	})
	return nil
}

// eachElement visits the elements of a list; anything but a list has none.
func eachElement(data []byte, visit func(value []byte)) {
	if len(data) == 0 || data[0] != '[' {
		return
	}
	for at := skipSpace(data, 1); data[at] != ']'; at = skipSpace(data, at) {
		if data[at] == ',' {
			at = skipSpace(data, at+1)
		}
		start := at
		at = skipValue(data, start)
		visit(data[start:at])
	}
}

// word is a member that is a text; a value of another type is read as its JSON text, null as "".
type word string

func (w *word) UnmarshalJSON(data []byte) error {
	s, _ := text(data)
	*w = word(s)
	return nil
}

// truth is a member that is true or false, as such or as a text. Anything else reads as false.
type truth bool

func (t *truth) UnmarshalJSON(data []byte) error {
	*t = truth(isTrue(data))
	return nil
}

// flag is a truth that may be absent or null.
type flag struct{ into **bool }

func (f flag) UnmarshalJSON(data []byte) error {
	*f.into = nil
	if _, there := text(data); there {
		*f.into = Bool(isTrue(data))
	}
	return nil
}

func isTrue(value []byte) bool {
	s, _ := text(value)
	return s == "true"
}
