package trigger

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// scrubbed stands for a value of the event in a log line.
const scrubbed = "[scrubbed]"

// shortest is the length in bytes from which a value is taken out of logs: shorter ones, such as "1" or "en", say
// nothing about a person and would blot out parts of ordinary words.
const shortest = 3

// privateValues lists every text in the event's request, and the user's name, longest first. JSON inside a text, as in
// the identities attribute, counts with its parts.
func privateValues(payload []byte) []string {
	var event struct {
		UserName any `json:"userName"`
		Request  any `json:"request"`
	}
	if json.Unmarshal(payload, &event) != nil {
		return nil
	}
	var values []string
	collect(event.UserName, &values)
	collect(event.Request, &values)
	slices.SortFunc(values, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(values)
}

func collect(value any, into *[]string) {
	switch v := value.(type) {
	case string:
		if len(v) < shortest || v == "true" || v == "false" {
			return
		}
		*into = append(*into, v)
		if lower := strings.ToLower(v); lower != v {
			*into = append(*into, lower)
		}
		if v[0] == '[' || v[0] == '{' {
			var inner any
			if json.Unmarshal([]byte(v), &inner) == nil {
				collect(inner, into)
			}
		}
	case []any:
		for _, item := range v {
			collect(item, into)
		}
	case map[string]any:
		for _, item := range v {
			collect(item, into)
		}
	}
}

// scrubber replaces the values, which come longest first, in a text.
func scrubber(values []string) func(string) string {
	return func(s string) string {
		for _, value := range values {
			if strings.Contains(s, value) {
				s = strings.ReplaceAll(s, value, scrubbed)
			}
		}
		return s
	}
}

func typeName(value any) string { return fmt.Sprintf("[%T]", value) }
