package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// document is a JSON object with the places of its members, so that one can be replaced and the rest kept byte for byte.
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

// parse finds the members of the object in raw. Where a name occurs twice the last one counts, as in every common
// decoder.
func parse(raw []byte) (document, error) {
	if !json.Valid(raw) {
		return document{}, errNotObject
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return document{}, errNotObject
	}
	doc := document{raw: raw}
	var value json.RawMessage
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return document{}, errNotObject
		}
		if err := dec.Decode(&value); err != nil {
			return document{}, errNotObject
		}
		end := int(dec.InputOffset())
		doc.members = append(doc.members, member{name.(string), end - len(value), end})
	}
	if _, err := dec.Token(); err != nil {
		return document{}, errNotObject
	}
	doc.end = int(dec.InputOffset()) - 1
	return doc, nil
}

// value returns the raw value of a member, nil where the object lacks it. Names are compared exactly: encoding/json
// alone would take "Version" for "version".
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

// overlay answers with the document's bytes in which the members of `response` that set names are replaced by set's.
// A response that came in as null, a list or not at all becomes set.
func (d document) overlay(set []byte) ([]byte, error) {
	changes, err := parse(set)
	if err != nil {
		return nil, fmt.Errorf("encode response: want an object: %w", err)
	}
	if len(changes.members) == 0 {
		return d.raw, nil
	}
	response := set
	if incoming, err := parse(d.value("response")); err == nil {
		for _, change := range changes.members {
			if incoming, err = parse(incoming.with(change.name, set[change.start:change.end])); err != nil {
				return nil, fmt.Errorf("encode response: %w", err)
			}
		}
		response = incoming.raw
	}
	return d.with("response", response), nil
}

// with returns the object's bytes with one member replaced, or added at the end.
func (d document) with(name string, value []byte) []byte {
	if m, ok := d.find(name); ok {
		return splice(d.raw, m.start, m.end, value)
	}
	var added []byte
	if len(d.members) > 0 {
		added = append(added, ',')
	}
	quoted, _ := json.Marshal(name) // a string always has an encoding
	added = append(append(append(added, quoted...), ':'), value...)
	at := d.end
	if len(d.members) > 0 {
		at = d.members[len(d.members)-1].end
	}
	return splice(d.raw, at, at, added)
}

func splice(raw []byte, start, end int, with []byte) []byte {
	out := make([]byte, 0, len(raw)-(end-start)+len(with))
	out = append(out, raw[:start]...)
	out = append(out, with...)
	return append(out, raw[end:]...)
}

// envelope decodes the members that every event has.
func (d document) envelope() (Envelope, error) {
	var e Envelope
	if version := d.value("version"); len(version) > 0 {
		e.Version, _ = text(version)
	}
	for _, m := range []struct {
		name string
		into any
	}{
		{"triggerSource", &e.TriggerSource},
		{"region", &e.Region},
		{"userPoolId", &e.UserPoolID},
		{"userName", &e.UserName},
		{"callerContext", &e.CallerContext},
	} {
		value := d.value(m.name)
		if len(value) == 0 {
			continue
		}
		if err := json.Unmarshal(value, m.into); err != nil {
			return Envelope{}, memberError(m.name, err)
		}
	}
	return e, nil
}
