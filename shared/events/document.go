package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// document is a JSON object with the offsets of its members, so that one can be replaced and the rest kept byte for
// byte.
type document struct {
	raw     []byte
	members []member
	end     int // offset of the closing brace
}

type member struct {
	name       string
	start, end int // of the value in raw
}

var errNotObject = errors.New("event: not a JSON object")

// parse finds the members of the object in raw. If a name occurs twice, the last one counts, as in most decoders.
func parse(raw []byte) (document, error) {
	if !json.Valid(raw) {
		return document{}, errNotObject
	}
	return scan(raw)
}

// scan is parse for text that is known to be valid JSON, such as a value in a parsed document.
func scan(raw []byte) (document, error) {
	at := skipSpace(raw, 0)
	if at == len(raw) || raw[at] != '{' {
		return document{}, errNotObject
	}
	doc := document{raw: raw, members: make([]member, 0, 8)}
	for at = skipSpace(raw, at+1); raw[at] != '}'; at = skipSpace(raw, at) {
		if raw[at] == ',' {
			at = skipSpace(raw, at+1)
		}
		nameEnd := skipString(raw, at)
		name, _ := text(raw[at:nameEnd])
		start := skipSpace(raw, skipSpace(raw, nameEnd)+1)
		at = skipValue(raw, start)
		doc.members = append(doc.members, member{name, start, at})
	}
	doc.end = at
	return doc, nil
}

func skipSpace(raw []byte, at int) int {
	for at < len(raw) && (raw[at] == ' ' || raw[at] == '\n' || raw[at] == '\t' || raw[at] == '\r') {
		at++
	}
	return at
}

// skipString returns the end of the string that begins at the given offset. A quote in the string follows an odd number
// of backslashes.
func skipString(raw []byte, at int) int {
	for inside := at + 1; ; {
		quote := inside + bytes.IndexByte(raw[inside:], '"')
		escapes := 0
		for raw[quote-1-escapes] == '\\' {
			escapes++
		}
		if inside = quote + 1; escapes%2 == 0 {
			return inside
		}
	}
}

// skipValue returns the end of the value that begins at the given offset.
func skipValue(raw []byte, at int) int {
	for depth := 0; at < len(raw); {
		switch raw[at] {
		case '"':
			at = skipString(raw, at)
		case '{', '[':
			depth++
			at++
			continue
		case '}', ']':
			depth--
			at++
		default:
			at++
			if depth > 0 {
				continue
			}
			for at < len(raw) && !bytes.ContainsRune([]byte(",]} \t\r\n"), rune(raw[at])) {
				at++
			}
		}
		if depth == 0 {
			return at
		}
	}
	return at
}

// value returns the raw value of a member, or nil if the object lacks it. Names are compared exactly, whereas
// encoding/json would accept "Version" for "version".
func (d document) value(name string) []byte {
	if m, ok := d.find(name); ok {
		return d.raw[m.start:m.end]
	}
	return nil
}

func (d document) find(name string) (member, bool) {
	for i := len(d.members) - 1; i >= 0; i-- {
		if d.members[i].name == name {
			return d.members[i], true
		}
	}
	return member{}, false
}

// overlay returns the document's bytes with the members in set, a JSON object, replacing those of the response. If the
// response is absent or not an object, set becomes the response.
func (d document) overlay(set []byte) ([]byte, error) {
	changes, err := scan(set)
	if err != nil {
		return nil, fmt.Errorf("encode response: want an object: %w", err)
	}
	if len(changes.members) == 0 {
		return d.raw, nil
	}
	m, _ := d.find("response")
	incoming, err := scan(d.raw[m.start:m.end])
	if err != nil {
		return d.with("response", set), nil
	}
	out := make([]byte, 0, len(d.raw)+len(set)+room)
	out = incoming.merge(append(out, d.raw[:m.start]...), changes)
	return append(out, d.raw[m.end:]...), nil
}

// room is capacity for the names of new members.
const room = 64

// with returns the object's bytes with one member replaced, or appended.
func (d document) with(name string, value []byte) []byte {
	out := make([]byte, 0, len(d.raw)+len(value)+room)
	return d.merge(out, document{raw: value, members: []member{{name, 0, len(value)}}})
}

// merge appends the object's bytes to out, with the members of changes replacing its own, and new ones at the end.
func (d document) merge(out []byte, changes document) []byte {
	copied, empty, end := 0, len(d.members) == 0, d.end
	for _, m := range d.members {
		end = m.end
		if change, changed := changes.find(m.name); changed && d.counts(m) {
			out = append(append(out, d.raw[copied:m.start]...), changes.raw[change.start:change.end]...)
			copied = m.end
		}
	}
	out = append(out, d.raw[copied:end]...)
	for _, change := range changes.members {
		if _, there := d.find(change.name); there {
			continue
		}
		if !empty {
			out = append(out, ',')
		}
		quoted, _ := json.Marshal(change.name) // a string always has an encoding
		out = append(append(append(out, quoted...), ':'), changes.raw[change.start:change.end]...)
		empty = false
	}
	return append(out, d.raw[end:]...)
}

// counts reports whether m is the last member with its name.
func (d document) counts(m member) bool {
	last, _ := d.find(m.name)
	return last == m
}

// envelope decodes the members that every event has.
func (d document) envelope() (Envelope, error) {
	var e Envelope
	e.Version, _ = text(d.value("version"))
	caller, err := d.object("callerContext")
	if err != nil {
		return Envelope{}, err
	}
	for _, m := range []struct {
		in   document
		name string
		into *string
	}{
		{d, "triggerSource", &e.TriggerSource},
		{d, "region", &e.Region},
		{d, "userPoolId", &e.UserPoolID},
		{d, "userName", &e.UserName},
		{caller, "awsSdkVersion", &e.CallerContext.AWSSDKVersion},
		{caller, "clientId", &e.CallerContext.ClientID},
	} {
		if *m.into, err = m.in.text(m.name); err != nil {
			return Envelope{}, err
		}
	}
	return e, nil
}

// object reads a member that is an object. If it is absent or null, the result has no members.
func (d document) object(name string) (document, error) {
	value := d.value(name)
	if len(value) == 0 || value[0] == 'n' {
		return document{}, nil
	}
	object, err := scan(value)
	if err != nil {
		return document{}, memberError(name, jsonType(value))
	}
	return object, nil
}

// text reads a member that is a string. If it is absent or null, the result is "".
func (d document) text(name string) (string, error) {
	value := d.value(name)
	if len(value) > 0 && value[0] != '"' && value[0] != 'n' {
		return "", memberError(name, jsonType(value))
	}
	s, _ := text(value)
	return s, nil
}

// jsonType returns encoding/json's error for a value of the wrong type: no value can be decoded into a channel.
func jsonType(value []byte) error { return json.Unmarshal(value, new(chan int)) }
