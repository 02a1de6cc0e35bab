package inspect

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"cognito-triggers/local/userpool"
	"cognito-triggers/shared/functionlog"
)

// Messages are the e-mails and SMS that the pool has delivered.
var Messages = Source{
	path:   "/local/messages",
	member: "messages",
	line:   message,
	header: row(messageColumns, "TIME", "KIND", "TO", "SUBJECT", "CODE", "FROM"),
}

// Events are the invocations of triggers.
var Events = Source{
	path:   "/local/events",
	member: "events",
	line:   event,
	header: row(eventColumns, "ID", "TIME", "SOURCE", "FUNCTION", "OUTCOME", "MS"),
}

// Logs are the lines that functions printed.
var Logs = Source{
	path:   "/local/logs",
	member: "lines",
	line:   logLine,
	header: row(lineColumns, "TIME", "FUNCTION", "EVENT", "REQUEST", "LINE"),
}

var (
	messageColumns = []int{8, 5, 32, 40, 8, 0}
	eventColumns   = []int{4, 8, 36, 26, 30, 0}
	lineColumns    = []int{12, 22, 5, 8, 0}
)

func message(raw json.RawMessage) (string, error) {
	var m userpool.Message
	if err := json.Unmarshal(raw, &m); err != nil {
		return "", err
	}
	subject := m.Subject
	if subject == "" && m.From != "" {
		subject, _, _ = strings.Cut(m.Body, "\n") // an SMS, which shows its text elsewhere only as a code
	}
	return row(messageColumns, clock(m.At), m.Kind, m.To, subject, m.Code, m.From) + "\n", nil
}

func clock(at time.Time) string { return at.Local().Format(time.TimeOnly) }

// row pads texts into columns; one that is too long shifts the others. Width 0 marks the last column.
func row(columns []int, texts ...string) string {
	var line strings.Builder
	for i, text := range texts {
		text = functionlog.Printable(text)
		line.WriteString(text)
		if i < len(texts)-1 {
			line.WriteString(strings.Repeat(" ", max(0, columns[i]-cells(text))+2))
		}
	}
	return strings.TrimRight(line.String(), " ")
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
