package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cognito-triggers/local/userpool/internal/fault"
)

// review checks the members of one request.
type review struct {
	op       *Operation
	warnings []string
	refused  error
}

// object checks the members of an object. It leaves other values to the operation, whose error says what is wrong.
func (r *review) object(prefix string, raw []byte) []byte {
	if len(raw) == 0 || bytes.TrimLeft(raw, " \t\r\n") == nil {
		return raw
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return raw
	}
	changed := false
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value, keep := r.member(prefix+name, members[name])
		switch {
		case !keep:
			delete(members, name)
			changed = true
		case !bytes.Equal(value, members[name]):
			members[name] = value
			changed = true
		}
	}
	if !changed {
		return raw
	}
	clean, err := json.Marshal(members)
	if err != nil {
		return raw // unreachable: raw has been decoded before
	}
	return clean
}

func (r *review) member(path string, value json.RawMessage) (clean json.RawMessage, keep bool) {
	switch r.op.PlaceOf(path) {
	case Taken:
		return value, true
	case Listed:
		for _, row := range r.op.settings.rows[path] {
			r.apply(row, value)
		}
		return value, r.op.settings.keeps
	case Nested:
		return r.below(path+".", value), true
	}
	r.warnings = append(r.warnings,
		fmt.Sprintf("%s: unknown member %s is dropped, as on AWS", r.op.Name, shortened(path)))
	return nil, false
}

// below checks an object, or each object of a list.
func (r *review) below(prefix string, value json.RawMessage) json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(value, &list) != nil || list == nil {
		return r.object(prefix, value)
	}
	changed := false
	for i, entry := range list {
		clean := r.object(prefix, entry)
		changed = changed || !bytes.Equal(clean, entry)
		list[i] = clean
	}
	if !changed {
		return value
	}
	clean, err := json.Marshal(list)
	if err != nil {
		return value
	}
	return clean
}

func (r *review) apply(row Setting, value json.RawMessage) {
	if !row.fits(value) && r.refused == nil {
		r.refused = fault.New(fault.Malformed, row.Name+" has the wrong type")
	}
	switch {
	case row.Support == Enforced, row.Value != "" && !holds(value, row.Value):
		return
	case row.Support == Refused && !blank(value):
		if r.refused == nil {
			r.refused = fault.New(fault.RefusedSetting, row.title(), row.Note)
		}
	case row.Support == Stored && !empty(value) && !row.silent(value):
		r.warnings = append(r.warnings, row.warning())
	}
}

func (s Setting) warning() string {
	return fmt.Sprintf("%s: %s has no effect: %s", s.Of, s.title(), s.Note)
}

// title names the setting, or its value.
func (s Setting) title() string {
	if s.Value == "" {
		return s.Name
	}
	return s.Value + " in " + s.Name
}

// silent reports whether acting on the value would change nothing.
func (s Setting) silent(value json.RawMessage) bool {
	var compact bytes.Buffer
	return json.Compact(&compact, value) == nil && slices.Contains(s.quiet, compact.String())
}

// holds reports whether a value is the wanted string or a list that contains it.
func holds(value json.RawMessage, wanted string) bool {
	var text string
	var list []string
	isText := json.Unmarshal(value, &text) == nil && text == wanted
	return isText || json.Unmarshal(value, &list) == nil && slices.Contains(list, wanted)
}

// empty reports whether a member has no content.
func empty(value json.RawMessage) bool {
	return slices.Contains([]string{"null", "false", `""`, "{}", "[]", "0"}, string(bytes.TrimSpace(value)))
}

// blank reports whether nothing in a member has content, as in {"Enabled": false}.
func blank(value json.RawMessage) bool {
	var decoded any
	return json.Unmarshal(value, &decoded) == nil && saysNothing(decoded)
}

func saysNothing(value any) bool {
	members, isObject := value.(map[string]any)
	for _, member := range members {
		if !saysNothing(member) {
			return false
		}
	}
	return isObject || value == nil || value == false || value == "" || value == 0.0
}

// shortened quotes and shortens a name from a client.
func shortened(name string) string {
	const longest = 80
	if len(name) > longest {
		name = strings.ToValidUTF8(name[:longest], "") + "..."
	}
	return strconv.Quote(name)
}
