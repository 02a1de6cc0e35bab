package inspect

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/fire"
)

// Messages are the e-mails and SMS that the pool has delivered.
var Messages = Source{
	path:   "/local/messages",
	member: "messages",
	line:   message,
	header: row(messageColumns, "TIME", "KIND", "TO", "SUBJECT", "CODE"),
}

// Events are the invocations of triggers.
var Events = Source{
	path:   "/local/events",
	member: "events",
	line:   event,
	header: row(eventColumns, "TIME", "SOURCE", "FUNCTION", "OUTCOME", "MS"),
}

var (
	messageColumns = []int{8, 5, 32, 40, 0}
	eventColumns   = []int{8, 36, 26, 30, 0}
)

func message(raw json.RawMessage) (string, error) {
	var m userpool.Message
	if err := json.Unmarshal(raw, &m); err != nil {
		return "", err
	}
	return row(messageColumns, clock(m.At), m.Kind, m.To, m.Subject, m.Code) + "\n", nil
}

// event formats an event: an error's kind in its column, its message below.
func event(raw json.RawMessage) (string, error) {
	var r fire.Record
	if err := json.Unmarshal(raw, &r); err != nil {
		return "", err
	}
	name, err := fire.FunctionName(r.Function)
	if err != nil {
		name = r.Function
	}
	outcome, text, _ := strings.Cut(r.Outcome, ": ")
	lines := row(eventColumns, clock(r.At), r.Source, name, outcome, fmt.Sprintf("%.1f", r.Milliseconds)) + "\n"
	for _, more := range append([]string{text}, r.Problems...) {
		if more != "" {
			lines += strings.Repeat(" ", eventColumns[0]+2) + printable(more) + "\n"
		}
	}
	return lines, nil
}

func clock(at time.Time) string { return at.Local().Format(time.TimeOnly) }

// row pads texts into columns; one that is too long shifts the others. Width 0 marks the last column.
func row(columns []int, texts ...string) string {
	var line strings.Builder
	for i, text := range texts {
		text = printable(text)
		line.WriteString(text)
		if i < len(texts)-1 {
			line.WriteString(strings.Repeat(" ", max(0, columns[i]-cells(text))+2))
		}
	}
	return strings.TrimRight(line.String(), " ")
}

// printable escapes control characters, so that user input cannot control the terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}

// cells returns a text's width on a terminal, where Korean letters take two cells.
func cells(text string) int {
	n := 0
	for _, r := range text {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.Is(unicode.Mn, r):
		case kind == width.EastAsianWide || kind == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
