package userpool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// serve makes an operation of a function: its input is decoded and held against the tags of its fields, "required",
// "max=<characters>" and "word" (a name without blanks and control characters), which follow the API's model.
func serve[In any](run func(*call, *In) (any, error)) func(*call, []byte) (any, error) {
	return func(c *call, raw []byte) (any, error) {
		in := new(In)
		if err := read(raw, in); err != nil {
			return nil, err
		}
		if problems := constraints(reflect.ValueOf(in).Elem()); len(problems) > 0 {
			plural := ""
			if len(problems) > 1 {
				plural = "s"
			}
			return nil, invalid(fmt.Sprintf("%d validation error%s detected: %s", len(problems), plural, strings.Join(problems, "; ")))
		}
		return run(c, in)
	}
}

// read decodes an operation's input.
func read(input []byte, into any) error {
	if len(bytes.TrimSpace(input)) == 0 {
		return nil
	}
	if !bytes.HasPrefix(bytes.TrimSpace(input), []byte("{")) || json.Unmarshal(input, into) != nil {
		return serialization("the request is no JSON object of this operation")
	}
	return nil
}

func constraints(in reflect.Value) []string {
	var problems []string
	for i := range in.NumField() {
		field, value := in.Type().Field(i), in.Field(i)
		if field.Anonymous && value.Kind() == reflect.Struct {
			problems = append(problems, constraints(value)...)
			continue
		}
		for rule := range strings.SplitSeq(field.Tag.Get("v"), ",") {
			if text := broken(rule, value); text != "" {
				problems = append(problems, fmt.Sprintf("Value at '%s' failed to satisfy constraint: %s", lowerFirst(field.Name), text))
				break
			}
		}
	}
	return problems
}

func broken(rule string, value reflect.Value) string {
	if rule == "required" {
		if value.IsZero() {
			return "Member must not be null"
		}
		return ""
	}
	if rule == "word" && strings.ContainsFunc(value.String(), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P) }) {
		return `Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+`
	}
	if value.Kind() == reflect.Pointer && !value.IsNil() {
		value = value.Elem()
	}
	if limit, isMax := strings.CutPrefix(rule, "max="); isMax && value.Kind() == reflect.String {
		if n, _ := strconv.Atoi(limit); utf8.RuneCountInString(value.String()) > n {
			return "Member must have length less than or equal to " + limit
		}
	}
	return ""
}

func lowerFirst(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(first)) + name[size:]
}

// attribute is one of a user's attributes in AWS's lists.
type attribute struct{ Name, Value string }

func attributeMap(list []attribute) map[string]string {
	all := make(map[string]string, len(list))
	for _, a := range list {
		all[a.Name] = a.Value
	}
	return all
}
