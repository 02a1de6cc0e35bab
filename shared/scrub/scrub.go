// Package scrub keeps people's values out of logs: it finds every text in an event or a request, and takes it out of
// the lines that are logged meanwhile, in whatever spelling an error's text holds it.
package scrub

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Mark stands for a value in a log line.
const Mark = "[scrubbed]"

// Shortest is the length in bytes from which a value is taken out of logs: shorter ones, such as "1" or "en", say
// nothing about a person and would blot out parts of ordinary words.
const Shortest = 3

func longestFirst(values []string) []string {
	slices.SortFunc(values, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(values)
}

// Decode reads JSON for Collect: numbers stay as they are written.
func Decode(text []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	return dec.Decode(into)
}

// Collect adds every text and number in a JSON value, in all its spellings. JSON inside a text, as in a user's
// identities attribute, counts with its parts.
func Collect(value any, into *[]string) {
	switch v := value.(type) {
	case string:
		if len(v) < Shortest || v == "true" || v == "false" {
			return
		}
		*into = append(*into, spellings(v)...)
		if v[0] == '[' || v[0] == '{' {
			var inner any
			if Decode([]byte(v), &inner) == nil {
				Collect(inner, into)
			}
		}
	case json.Number: // others read it as text
		Collect(v.String(), into)
	case []any:
		for _, item := range v {
			Collect(item, into)
		}
	case map[string]any:
		for _, item := range v {
			Collect(item, into)
		}
	}
}

// spellings are the forms in which an error's text may hold a value: as it is, trimmed, quoted by Go or as JSON, or as
// part of a URL. Case does not count, see Text.
func spellings(v string) []string {
	forms := []string{v, strings.ToLower(v), strings.TrimSpace(v), unquoted(strconv.Quote(v)),
		unquoted(strconv.QuoteToASCII(v)), url.QueryEscape(v), url.PathEscape(v)}
	if quoted, err := json.Marshal(v); err == nil {
		forms = append(forms, unquoted(string(quoted)))
	}
	if at := strings.LastIndexByte(v, '@'); at > 0 {
		forms = append(forms, v[:at]) // the domain may be spelled otherwise
	}
	for i, form := range forms {
		forms[i] = lower(form)
	}
	slices.Sort(forms)
	return slices.DeleteFunc(slices.Compact(forms), func(form string) bool { return len(form) < Shortest })
}

func unquoted(s string) string { return s[1 : len(s)-1] }

// Text returns a function that hides every stretch of a text that is one of the values, in whatever case it stands
// there. It looks at the text as it came: values that are parts of "[scrubbed]" would multiply it otherwise.
func Text(values []string) func(string) string {
	return func(s string) string {
		folded, hidden := lower(s), []bool(nil)
		for _, value := range values {
			for at, end := strings.Index(folded, value), 0; at >= 0; {
				if hidden == nil {
					hidden = make([]bool, len(s))
				}
				for end = at + len(value); at < end; at++ {
					hidden[at] = true
				}
				next := strings.Index(folded[end:], value)
				if next < 0 {
					break
				}
				at = end + next
			}
		}
		if hidden == nil {
			return s
		}
		return blot(s, hidden)
	}
}

func blot(s string, hidden []bool) string {
	var out strings.Builder
	for i := range len(s) {
		switch {
		case !hidden[i]:
			out.WriteByte(s[i])
		case i == 0 || !hidden[i-1]:
			out.WriteString(Mark)
		}
	}
	return out.String()
}

// lower keeps the length of the text, as strings.ToLower does not.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// TypeName names a value's type, for a log that must not hold the value.
func TypeName(value any) string { return fmt.Sprintf("[%T]", value) }
