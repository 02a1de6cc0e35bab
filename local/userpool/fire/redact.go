package fire

import (
	"bytes"
	"encoding/json"

	"cognito-triggers/shared/cognito"
)

// hiddenValue is what the log has in place of a secret.
const hiddenValue = `"..."`

// secret is where the events of a hook have a secret, which a user or a provider may use elsewhere.
type secret struct {
	path    []string
	members bool // hide the value's members one by one, so that their names are seen
	least   int  // bytes of a value that is looked for elsewhere in an answer; shorter ones may be there by chance
}

func secretOf(hook cognito.Hook) (secret, bool) {
	switch hook {
	case cognito.UserMigration:
		return secret{path: []string{"request", "password"}}, true
	case cognito.InboundFederation: // "Bearer" and "3600" are among its values
		return secret{path: []string{"request", "attributes", "tokenResponse"}, members: true, least: 16}, true
	}
	return secret{}, false
}

// hide returns a document with the secret replaced, and everything else byte for byte. It returns nil if the document
// is not an object or has a member of the path twice, so that no secret can hide behind another one.
func (s secret) hide(document []byte) json.RawMessage {
	if members(document) == nil {
		return nil
	}
	found := member(document, s.path[0])
	switch {
	case len(found) == 0:
		return document
	case len(found) > 1:
		return nil
	}
	value := document[found[0].from:found[0].to]
	hidden := []byte(hiddenValue)
	switch inner := (secret{path: s.path[1:], members: s.members}); {
	case len(inner.path) == 0 && s.members && members(value) != nil:
		hidden = hideAll(value)
	case len(inner.path) == 0: // hidden whole
	case members(value) == nil:
		return document
	default:
		if hidden = inner.hide(value); hidden == nil {
			return nil
		}
	}
	return bytes.Join([][]byte{document[:found[0].from], hidden, document[found[0].to:]}, nil)
}

// hideAll replaces every value of an object.
func hideAll(object []byte) []byte {
	var out []byte
	end := 0
	for _, s := range spans(object) {
		out = append(append(out, object[end:s.from]...), hiddenValue...)
		end = s.to
	}
	return append(out, object[end:]...)
}

// copied reports whether an answer has one of the event's secrets, once it and the event are hidden.
func (s secret) copied(event, hiddenEvent, hiddenAnswer []byte) bool {
	value := event
	for _, name := range s.path {
		value = members(value)[name]
	}
	values := [][]byte{value}
	if s.members && members(value) != nil {
		values = nil
		for _, at := range spans(value) {
			values = append(values, value[at.from:at.to])
		}
	}
	for _, v := range values {
		if len(v) > s.least && bytes.Count(hiddenAnswer, v) > bytes.Count(hiddenEvent, v) {
			return true
		}
	}
	return false
}

// span is where an object has the value of a member.
type span struct {
	name     string
	from, to int
}

// member returns where the members of this name have their values.
func member(object []byte, name string) (found []span) {
	for _, s := range spans(object) {
		if s.name == name {
			found = append(found, s)
		}
	}
	return found
}

// spans returns where the members of an object have their values, in order.
func spans(object []byte) (all []span) {
	dec := json.NewDecoder(bytes.NewReader(object))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return nil
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return all
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return all
		}
		name, _ := key.(string) // every key is one
		end := int(dec.InputOffset())
		all = append(all, span{name, end - len(value), end})
	}
	return all
}
