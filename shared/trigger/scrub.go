package trigger

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
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
	return longestFirst(values)
}

func longestFirst(values []string) []string {
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
		*into = append(*into, spellings(v)...)
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

// spellings are the forms in which an error's text may hold a value: as it is, trimmed, quoted by Go or as JSON, or as
// part of a URL. Case does not count, see scrubber.
func spellings(v string) []string {
	forms := []string{v, strings.TrimSpace(v), unquoted(strconv.Quote(v)), unquoted(strconv.QuoteToASCII(v)), url.QueryEscape(v), url.PathEscape(v)}
	if quoted, err := json.Marshal(v); err == nil {
		forms = append(forms, unquoted(string(quoted)))
	}
	return slices.DeleteFunc(forms, func(form string) bool { return len(form) < shortest })
}

func unquoted(s string) string { return s[1 : len(s)-1] }

// scrubber replaces the values, which come longest first, in a text, in whatever case they stand there.
func scrubber(values []string) func(string) string {
	return func(s string) string {
		for _, value := range values {
			s = replaceFold(s, value)
		}
		return s
	}
}

func replaceFold(s, value string) string {
	var out strings.Builder
	kept := 0
	for i := 0; i+len(value) <= len(s); {
		if !strings.EqualFold(s[i:i+len(value)], value) {
			i++
			continue
		}
		out.WriteString(s[kept:i])
		out.WriteString(scrubbed)
		i += len(value)
		kept = i
	}
	if kept == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

func typeName(value any) string { return fmt.Sprintf("[%T]", value) }
