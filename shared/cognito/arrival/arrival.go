// Package arrival checks an event against what Cognito sends. A test whose event has a member that Cognito never sends,
// or one of another type, proves nothing about the deployed function; golden sets use this package to find such events.
package arrival

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cognito-triggers/shared/cognito"
)

// Problem is a part of an event that Cognito does not send.
type Problem struct {
	Place  string // path of the member, for example "request.clientMetadata"
	Reason string // worded to follow the place; it has no value of the event, except the source and the version
}

// String returns the place and the reason.
func (p Problem) String() string { return p.Place + " " + p.Reason }

// Join returns the problems as text, one per line.
func Join(problems []Problem) string {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Check returns what Cognito would not send to a function at the hook, in a stable order, or nil. An empty hook stands
// for the one that the event's trigger source belongs to. Members may be missing: Cognito leaves out what it does not
// know, and handlers must cope. Check allows every spelling that AWS's pages show for a value.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
func Check(hook cognito.Hook, event []byte) []Problem {
	var members map[string]json.RawMessage
	if json.Unmarshal(event, &members) != nil || members == nil {
		return []Problem{{"the event", "is not a JSON object"}}
	}
	c := &checker{}
	c.source, _ = text(members["triggerSource"])
	if !c.belongs(&hook) {
		return c.problems
	}
	contract := hook.Contract()
	c.checkVersion(members["version"])
	for _, name := range slices.Sorted(maps.Keys(members)) {
		m, known := cognito.Find(cognito.Envelope(), name)
		switch {
		case !known:
			c.unknown(name, namesOf(cognito.Envelope()))
		case name == "version":
		case name == "request":
			c.object("request", members[name], contract.RequestMembers(c.version), contract.Absent)
		case name == "response":
			c.response(members[name], contract)
		default:
			c.value(name, m, members[name])
		}
	}
	return c.problems
}

type checker struct {
	source   string // the trigger source
	version  string // as events have it: "2"
	problems []Problem
}

func (c *checker) fail(place, format string, args ...any) {
	c.problems = append(c.problems, Problem{place, fmt.Sprintf(format, args...)})
}

func (c *checker) unknown(place, known string) {
	c.fail(place, "is a member that Cognito does not send; it sends %s", known)
}

// belongs checks the trigger source, and sets an empty hook to the source's.
func (c *checker) belongs(hook *cognito.Hook) bool {
	if *hook == "" {
		*hook = cognito.HookOf(c.source)
	}
	switch {
	case c.source == "":
		c.fail("triggerSource", "is missing; handlers and golden sets know an event's kind by it")
	case !hook.Valid():
		c.fail("triggerSource", "%q is none of Cognito's; see shared/cognito for the list", c.source)
	case !hook.Accepts(c.source):
		c.fail("triggerSource", "%q is never sent to a function at %s, which gets %s", c.source, *hook,
			strings.Join(hook.Sources(), ", "))
	case !c.listed(*hook):
		c.fail("triggerSource", "%q is not a source of %s, which has %s", c.source, *hook, strings.Join(hook.Sources(), ", "))
	default:
		return true
	}
	return false
}

// listed reports whether the hook has the source, in any spelling of its family.
func (c *checker) listed(hook cognito.Hook) bool {
	_, operation, _ := strings.Cut(c.source, "_")
	return slices.ContainsFunc(hook.Sources(), func(known string) bool {
		_, own, _ := strings.Cut(known, "_")
		return own == operation
	})
}

// checkVersion notes the event's version. AWS's pages have it as a string and as a number.
func (c *checker) checkVersion(raw json.RawMessage) {
	if isNull(raw) {
		return
	}
	given, isText := text(raw)
	if !isText {
		given = string(raw)
	}
	c.version = cognito.Number(given)
	numbers := []string{"1"}
	if versions := cognito.VersionsOf(c.source); versions != nil {
		numbers = numbers[:0]
		for _, version := range versions {
			numbers = append(numbers, cognito.Number(version))
		}
	}
	if !slices.Contains(numbers, c.version) {
		c.fail("version", "is %.20s; %s comes with version %s", raw, c.source, strings.Join(numbers, ", "))
	}
}

// response checks the response that an event arrives with: members of the contract that are blank, or have their type.
func (c *checker) response(raw json.RawMessage, contract cognito.Contract) {
	if contract.Blank == "" {
		if !isNull(raw) {
			c.fail("response", "is not sent to a function at %s, which answers nothing", contract.Hook)
		}
		return
	}
	c.object("response", raw, contract.ResponseMembers(c.version), nil)
}

// object checks the members of an object. A member without a list of its own may have any.
func (c *checker) object(place string, raw json.RawMessage, known []cognito.Member, absent []cognito.Absence) {
	if isNull(raw) {
		return
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		c.fail(place, "is not %s", cognito.Object)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		m, is := cognito.Find(known, name)
		i := slices.IndexFunc(absent, func(a cognito.Absence) bool { return a.Name == name })
		switch {
		case i >= 0:
			c.fail(place+"."+name, "%s", absent[i].Reason)
		case !is:
			c.unknown(place+"."+name, namesOf(known))
		case m.Sources != nil && !slices.Contains(m.Sources, c.source) && !blank(members[name]):
			c.fail(place+"."+name, "is empty in events of %s; only %s can have it", c.source, strings.Join(m.Sources, ", "))
		default:
			c.value(place+"."+name, m, members[name])
		}
	}
}

// value checks the type of a member. A null counts as absent; so does an empty list, which AWS's samples have in place
// of an object and of a string.
func (c *checker) value(place string, m cognito.Member, raw json.RawMessage) {
	switch {
	case isNull(raw), string(raw) == "[]":
	case m.Type == cognito.Object && m.Members != nil:
		c.object(place, raw, m.Members, nil)
	case m.Type == cognito.Objects:
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			c.fail(place, "is not %s", m.Type)
		}
		for i, item := range list {
			c.object(fmt.Sprintf("%s[%d]", place, i), item, m.Members, nil)
		}
	case m.Type == cognito.TextMap:
		c.texts(place, raw, m.Name == "userAttributes")
	default:
		if !is(m.Type, raw) {
			c.fail(place, "is not %s", m.Type)
		}
	}
}

// texts checks a map of strings. AWS's samples have true and false among user attributes without quotes.
func (c *checker) texts(place string, raw json.RawMessage, booleans bool) {
	var values map[string]json.RawMessage
	if json.Unmarshal(raw, &values) != nil {
		c.fail(place, "is not %s", cognito.TextMap)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !is(cognito.Text, values[name]) && (!booleans || !is(cognito.Boolean, values[name])) {
			c.fail(place+"."+name, "is not %s", cognito.Text)
		}
	}
}

// is reports whether a value that is not null has the type.
func is(kind cognito.Type, raw json.RawMessage) bool {
	into := map[cognito.Type]any{
		cognito.Boolean: new(bool), cognito.Text: new(string), cognito.TextList: new([]string),
		cognito.Object: new(map[string]json.RawMessage),
	}[kind]
	return !isNull(raw) && json.Unmarshal(raw, into) == nil
}

// blank reports whether a value says nothing. AWS's samples have "None" for null.
func blank(raw json.RawMessage) bool {
	return isNull(raw) || slices.Contains([]string{`{}`, `[]`, `""`, `"None"`}, string(raw))
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func text(raw json.RawMessage) (string, bool) {
	var s string
	return s, !isNull(raw) && json.Unmarshal(raw, &s) == nil
}

func namesOf(members []cognito.Member) string {
	if len(members) == 0 {
		return "no members"
	}
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.Name
	}
	return strings.Join(names, ", ")
}
