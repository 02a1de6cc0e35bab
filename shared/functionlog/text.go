package functionlog

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// String returns the line for a terminal or a log file: time, function, first part of the request ID, level, text and
// fields as name=value. Nested members have names such as user.id. A value of several lines, such as a stack, follows
// indented. Control characters are escaped, so that a function cannot control the terminal.
func (l Line) String() string {
	l = l.Parsed()
	id := l.RequestID
	if len(id) > ShortID {
		id = id[:ShortID]
	}
	if id == "" {
		id = "-"
	}
	return l.At.Local().Format(clock) + "  " + Printable(l.Function) + "  " + Printable(id) + "  " + l.Body()
}

// Layout of the time, and length of the part of a request ID that is shown.
const (
	clock   = time.TimeOnly + ".000"
	ShortID = 8
)

// Body returns level, text and fields of the line.
func (l Line) Body() string {
	l = l.Parsed()
	parts := []string{l.Level, Printable(l.Text)}
	var below []string
	list, _ := members(l.Fields)
	for _, m := range flat("", list) {
		value := m.text()
		if strings.Contains(value, "\n") {
			below = append(below, "    "+Printable(m.name)+":")
			for line := range strings.Lines(strings.TrimRight(value, "\n")) {
				below = append(below, "        "+Printable(strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "  ")))
			}
			continue
		}
		parts = append(parts, Printable(m.name)+"="+quoted(value))
	}
	var first []string
	for _, part := range parts {
		if part != "" {
			first = append(first, part)
		}
	}
	return strings.Join(append([]string{strings.Join(first, "  ")}, below...), "\n")
}

// flat returns the members with those of nested objects in their place.
func flat(prefix string, list []member) []member {
	var all []member
	for _, m := range list {
		name := prefix + m.name
		if inner, isObject := members(m.value); isObject {
			all = append(all, flat(name+".", inner)...)
			continue
		}
		var items []any
		if m.value[0] == '[' && json.Unmarshal(m.value, &items) == nil && scalars(items) {
			all = append(all, member{name, joined(m.value)})
			continue
		}
		all = append(all, member{name, m.value})
	}
	return all
}

func scalars(items []any) bool {
	for _, item := range items {
		switch item.(type) {
		case map[string]any, []any:
			return false
		}
	}
	return true
}

// joined returns a list's items as one text, separated by commas.
func joined(list json.RawMessage) json.RawMessage {
	var items []json.RawMessage
	if json.Unmarshal(list, &items) != nil {
		return list
	}
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = member{"", item}.text()
	}
	text, err := json.Marshal(strings.Join(texts, ","))
	if err != nil {
		return list
	}
	return text
}

// quoted returns a value in quotes if it is empty or has a character that would end it.
func quoted(value string) string {
	if value == "" || strings.ContainsAny(value, " \"=") || Printable(value) != value {
		return strconv.Quote(value)
	}
	return value
}

// Printable replaces control characters by question marks.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}
