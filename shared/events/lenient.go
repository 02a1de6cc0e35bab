package events

import (
	"bytes"
	"encoding/json"
)

// Attributes maps the names of user attributes, or keys of metadata, to their values. Cognito sends strings, but AWS's
// samples also have booleans and null. So values of other types decode as their JSON text, and null as an absent
// attribute.
type Attributes map[string]string

// UnmarshalJSON decodes an object. Anything else decodes as no attributes.
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

// place is a member of an object and what it is decoded into.
type place struct {
	name string
	into json.Unmarshaler
}

// readMembers decodes the named members of an object. Unlike encoding/json it compares names exactly, and needs no
// reflection, which would cost time at every event.
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

// readRequest is readMembers for a request, which must be an object or null.
func readRequest(request []byte, places ...place) error {
	if string(request) == "null" {
		return nil
	}
	if err := readMembers(request, places...); err != nil {
		return jsonType(request)
	}
	return nil
}

// text returns a JSON value as a string, and false for null.
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

// plain reports whether the inside of a JSON string needs no decoding: it has no escapes and is ASCII.
func plain(inner []byte) bool {
	for _, c := range inner {
		if c == '\\' || c >= 0x80 {
			return false
		}
	}
	return true
}

// Placeholder is text that Cognito replaces in a message, for example "{####}". It is empty if Cognito sends null,
// nothing, or "None", as in one of AWS's samples.
type Placeholder string

// UnmarshalJSON decodes a string; null and "None" decode as an empty placeholder.
func (p *Placeholder) UnmarshalJSON(data []byte) error {
	s, _ := text(data)
	if s == "None" {
		s = ""
	}
	*p = Placeholder(s)
	return nil
}

// MarshalJSON encodes an empty placeholder as null, as Cognito does.
func (p Placeholder) MarshalJSON() ([]byte, error) {
	if p == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(p))
}

// stringList decodes a list of strings. It skips other values; anything but a list decodes as an empty list.
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

// eachElement calls visit for each element of a list, and does nothing for other values.
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

// word decodes a string. Other values decode as their JSON text, and null as "".
type word string

func (w *word) UnmarshalJSON(data []byte) error {
	s, _ := text(data)
	*w = word(s)
	return nil
}

// truth decodes a boolean, which may be a string. Anything else decodes as false.
type truth bool

func (t *truth) UnmarshalJSON(data []byte) error {
	*t = truth(isTrue(data))
	return nil
}

// flag decodes a truth that may be null, which decodes as nil.
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
