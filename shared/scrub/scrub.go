// Package scrub keeps personal data out of logs. Of an error of an AWS service, it logs the code and the request id and
// not the text, which may repeat a value in any spelling. As a second line, it finds every value in an event or a
// request, and removes it from the lines that are logged meanwhile, in the usual spellings: quoted, escaped in a URL,
// in another case.
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

// Mark replaces a value in a log line.
const Mark = "[scrubbed]"

// Shortest is the minimum length in bytes of a value that is removed from logs. Shorter ones, such as "1" or "en", say
// nothing about a person and occur in ordinary words.
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

// Decode reads JSON for Collect. Numbers keep their spelling.
func Decode(text []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	return dec.Decode(into)
}

// Collect adds every text and number in a JSON value, in all its spellings, including the parts of JSON inside a text,
// as in a user's identities attribute.
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
	case json.Number: // other code reads it as text
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

// spellings returns the forms in which an error's text may contain a value: unchanged, trimmed, quoted as Go or JSON,
// or escaped in a URL. Text ignores case.
func spellings(v string) []string {
	forms := []string{
		v, strings.ToLower(v), strings.TrimSpace(v), unquoted(strconv.Quote(v)), unquoted(strconv.QuoteToASCII(v)),
		url.QueryEscape(v), url.PathEscape(v),
	}
	if quoted, err := json.Marshal(v); err == nil {
		forms = append(forms, unquoted(string(quoted)))
	}
	if at := strings.LastIndexByte(v, '@'); at > 0 {
		forms = append(forms, v[:at]) // the domain may be spelled differently
	}
	for i, form := range forms {
		forms[i] = lower(form)
	}
	slices.Sort(forms)
	return slices.DeleteFunc(slices.Compact(forms), func(form string) bool { return len(form) < Shortest })
}

func unquoted(s string) string { return s[1 : len(s)-1] }

// Text returns a function that replaces every occurrence of a value in a text, in upper or lower case. It searches the
// original text only, since values that are parts of "[scrubbed]" would otherwise multiply it.
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

// lower is like strings.ToLower but keeps the text's length.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// TypeName returns the name of a value's type, for a log that must not hold the value.
func TypeName(value any) string { return fmt.Sprintf("[%T]", value) }
