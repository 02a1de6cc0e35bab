package wire

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/local/userpool/internal/fault"
)

// constraint holds the constraints in the tag of a field, which follow the API's model: "required", "max=<characters>"
// and "word", a name without blanks or control characters.
type constraint struct {
	index    []int // path to the field through embedded structs
	path     string
	required bool
	word     bool
	max      int // 0: no limit
}

type constraints []constraint

// constraintsOf reads the tags of an input type, so that requests need not.
func constraintsOf(in reflect.Type) constraints {
	var all constraints
	for _, field := range reflect.VisibleFields(in) {
		tag := field.Tag.Get("v")
		if tag == "" || field.Anonymous {
			continue
		}
		c := constraint{index: field.Index, path: lowerFirst(field.Name)}
		for rule := range strings.SplitSeq(tag, ",") {
			limit, isMax := strings.CutPrefix(rule, "max=")
			switch {
			case rule == "required":
				c.required = true
			case rule == "word":
				c.word = true
			case isMax:
				c.max, _ = strconv.Atoi(limit) // a test checks the tags
			}
		}
		all = append(all, c)
	}
	return all
}

// Check checks an input that did not come as a request to the API against the tags of its fields. It takes a pointer to
// a struct.
func Check(in any) error {
	value := reflect.ValueOf(in).Elem()
	return constraintsOf(value.Type()).check(value)
}

func (all constraints) check(in reflect.Value) error {
	var problems []string
	var only *fault.Error
	for _, c := range all {
		if text := c.broken(in.FieldByIndex(c.index)); text != "" {
			only = fault.Constrain(c.path, text)
			problems = append(problems, fmt.Sprintf("Value at '%s' failed to satisfy constraint: %s", c.path, text))
		}
	}
	switch len(problems) {
	case 0:
		return nil
	case 1:
		return only
	}
	return fault.New(fault.Constraints, strconv.Itoa(len(problems)), strings.Join(problems, "; "))
}

func (c constraint) broken(value reflect.Value) string {
	if c.required && value.IsZero() {
		return "Member must not be null"
	}
	if value.Kind() == reflect.Pointer && !value.IsNil() {
		value = value.Elem()
	}
	if value.Kind() != reflect.String {
		return ""
	}
	switch {
	case c.max > 0 && utf8.RuneCountInString(value.String()) > c.max:
		return "Member must have length less than or equal to " + strconv.Itoa(c.max)
	case c.word && strings.ContainsFunc(value.String(), notOfAWord):
		return `Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+`
	}
	return ""
}

func notOfAWord(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P)
}

func lowerFirst(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[size:]
}
