package claims

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/strictjson"
)

// Problem is one mistake in a rule file.
type Problem struct {
	Place  string // for example "rules[3].claim"; "" for the file as a whole
	Reason string // what is wrong and what to do
}

func (p Problem) String() string {
	if p.Place == "" {
		return p.Reason
	}
	return p.Place + ": " + p.Reason
}

// FileError holds every problem of a rule file, in the order of the file.
type FileError struct{ Problems []Problem }

func (e *FileError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.String()
	}
	return strings.Join(texts, "; ")
}

// reader reads a rule file strictly and collects its problems.
type reader struct{ problems []Problem }

func (r *reader) fail(place, format string, args ...any) {
	r.problems = append(r.problems, Problem{place, fmt.Sprintf(format, args...)})
}

// object is a JSON object of the file and its place.
type object struct {
	place   string
	members []strictjson.Member
}

func (o object) has(name string) bool { return o.get(name) != nil }

func (o object) get(name string) json.RawMessage {
	for _, m := range o.members {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

func (o object) at(name string) string {
	if o.place == "" {
		return name
	}
	return o.place + "." + name
}

// object reads a value that must be an object with known members only.
func (r *reader) object(place string, value []byte, known ...string) (object, bool) {
	members, err := membersOf(value)
	if err != nil {
		r.fail(place, "%v", err)
		return object{}, false
	}
	o := object{place, members}
	for _, m := range members {
		if !slices.Contains(known, m.Name) {
			r.fail(o.at(m.Name), "unknown member; use one of %s", strings.Join(known, ", "))
		}
	}
	return o, true
}

// list reads a member that must be a list; an empty one is only valid if mayBeEmpty says so.
func (r *reader) list(o object, name string, mayBeEmpty bool) []json.RawMessage {
	if !o.has(name) {
		return nil
	}
	var elements []json.RawMessage
	if cognito.TypeOf(o.get(name)) != cognito.TypeList || json.Unmarshal(o.get(name), &elements) != nil {
		r.fail(o.at(name), "must be a list")
		return nil
	}
	if len(elements) == 0 && !mayBeEmpty {
		r.fail(o.at(name), "must not be empty: leave the member out")
	}
	return elements
}

// texts reads a list of different, non-empty strings, each of which check accepts.
func (r *reader) texts(o object, name string, mayBeEmpty bool, check func(string) error) []string {
	texts := []string{}
	for i, element := range r.list(o, name, mayBeEmpty) {
		place := fmt.Sprintf("%s[%d]", o.at(name), i)
		text, ok := cognito.TextOf(element)
		if !ok || text == "" {
			r.fail(place, "must be a non-empty string")
			continue
		}
		if slices.Contains(texts, text) {
			r.fail(place, "%q is listed twice", text)
			continue
		}
		if err := check(text); err != nil {
			r.fail(place, "%v", err)
			continue
		}
		texts = append(texts, text)
	}
	return texts
}

// text reads a member that must be a non-empty string. It returns "" if the member is absent.
func (r *reader) text(o object, name string) string {
	if !o.has(name) {
		return ""
	}
	text, ok := cognito.TextOf(o.get(name))
	if !ok || text == "" {
		r.fail(o.at(name), "must be a non-empty string")
		return ""
	}
	return text
}

// choice reads a member that must be one of the allowed words. It returns "" if the member is absent.
func (r *reader) choice(o object, name string, allowed ...string) string {
	text := r.text(o, name)
	if text != "" && !slices.Contains(allowed, text) {
		r.fail(o.at(name), "%q is unknown: use one of %s", text, strings.Join(allowed, ", "))
		return ""
	}
	return text
}

// truth reads a member that must be true or false.
func (r *reader) truth(o object, name string) bool {
	value := string(o.get(name))
	if value != "" && value != "true" && value != "false" {
		r.fail(o.at(name), "must be true or false")
	}
	return value == "true"
}

// maxNesting limits the depth of a value; it also keeps the recursive check cheap.
const maxNesting = 16

var errNesting = fmt.Errorf("values are nested more than %d deep", maxNesting)

// membersOf lists an object's members in their order. A name that occurs twice is an error: readers disagree on which
// one counts.
func membersOf(value []byte) ([]strictjson.Member, error) {
	members, err := strictjson.Members(value)
	var refused *strictjson.Error
	switch {
	case err == nil:
		return members, nil
	case errors.As(err, &refused) && refused.Code == strictjson.Twice:
		return nil, fmt.Errorf("the member %q occurs twice", strictjson.Place(refused.Path))
	}
	return nil, errors.New("must be an object")
}

// checkNesting refuses a valid JSON value that is nested too deep or has an object with a name that occurs twice.
func checkNesting(value []byte) error { return checkNestingFrom(value, 0) }

func checkNestingFrom(value []byte, depth int) error {
	if depth > maxNesting {
		return errNesting
	}
	switch cognito.TypeOf(value) {
	case cognito.TypeObject:
		members, err := membersOf(value)
		if err != nil {
			return err
		}
		for _, m := range members {
			if err := checkNestingFrom(m.Value, depth+1); err != nil {
				return err
			}
		}
	case cognito.TypeList:
		var elements []json.RawMessage
		if err := json.Unmarshal(value, &elements); err != nil {
			return err
		}
		for _, element := range elements {
			if err := checkNestingFrom(element, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
