// Package functionlog holds what is known of a line that a local function printed, and shows lines as text. Functions
// built on shared/trigger and shared/api print JSON: their log lines have a level, a message and further members, and
// their metrics lines have CloudWatch's embedded metric format. Parsed takes both apart, so that nobody reads JSON
// inside JSON.
package functionlog

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"time"
)

// Line is a line of a function's output.
type Line struct {
	At        time.Time `json:"at"`
	Function  string    `json:"function"`
	Instance  int       `json:"instance"`            // process ID
	RequestID string    `json:"requestId,omitempty"` // of the attempt that the process was working for; see lambdaruntime
	Level     string    `json:"level,omitempty"`     // of a structured line, for example ERROR; METRICS for metrics
	Text      string    `json:"text"`                // the message of a structured line, otherwise the whole line
	// Fields is an object with a structured line's other members, in the line's order.
	Fields json.RawMessage `json:"fields,omitempty"`
}

// Metrics is the level of a metrics line, whose fields are the dimensions, metrics and properties.
const Metrics = "METRICS"

// Parsed returns the line with Level, Text and Fields taken from a text that is a JSON object. A line that is no such
// object, or has been parsed, is returned as it is.
func (l Line) Parsed() Line {
	if len(l.Text) == 0 || l.Text[0] != '{' || l.Level != "" || l.Fields != nil {
		return l
	}
	list, ok := members([]byte(l.Text))
	if !ok {
		return l
	}
	parsed := l
	parsed.Text = ""
	rest := list[:0]
	for _, m := range list {
		switch m.name {
		case "level":
			parsed.Level = m.text()
		case "msg", "message":
			parsed.Text = m.text()
		case "_aws":
			parsed.Level = Metrics
		case "time", "requestId", "RequestId":
			if m.name == "time" || m.text() == l.RequestID {
				continue // the line has it
			}
			rest = append(rest, m)
		default:
			rest = append(rest, m)
		}
	}
	if parsed.Text == "" && parsed.Level != Metrics {
		return l // somebody's own JSON: one member is no more the message than another
	}
	parsed.Text, rest = reported(parsed.Text, rest)
	parsed.Fields = object(rest)
	return parsed
}

// reported takes apart the message that aws-lambda-go logs for an error that a handler returned: an object with
// errorMessage, errorType and, after a panic, stackTrace. Any other message is returned as it is.
func reported(message string, rest []member) (string, []member) {
	if message == "" || message[0] != '{' {
		return message, rest
	}
	list, ok := members([]byte(message))
	at := slices.IndexFunc(list, func(m member) bool { return m.name == "errorMessage" })
	if !ok || at < 0 || list[at].text() == "" {
		return message, rest
	}
	return list[at].text(), append(rest, slices.Delete(slices.Clone(list), at, at+1)...)
}

// Size returns about how much memory the line takes, in bytes.
func (l Line) Size() int {
	return len(l.Function) + len(l.RequestID) + len(l.Level) + len(l.Text) + len(l.Fields)
}

type member struct {
	name  string
	value json.RawMessage
}

// text returns a string's value, and any other value's JSON.
func (m member) text() string {
	var text string
	if m.value[0] == '"' && json.Unmarshal(m.value, &text) == nil {
		return text
	}
	return string(m.value)
}

// members returns the members of an object in their order.
func members(text []byte) ([]member, bool) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return nil, false
	}
	var list []member
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, false
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, false
		}
		key, isText := name.(string)
		if !isText {
			return nil, false
		}
		list = append(list, member{key, value})
	}
	if _, err := dec.Token(); err != nil {
		return nil, false
	}
	_, err := dec.Token()
	return list, err == io.EOF
}

// object returns an object with these members, or nil for none.
func object(list []member) json.RawMessage {
	if len(list) == 0 {
		return nil
	}
	out := []byte{'{'}
	for i, m := range list {
		if i > 0 {
			out = append(out, ',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil
		}
		out = append(append(append(out, name...), ':'), m.value...)
	}
	return append(out, '}')
}
