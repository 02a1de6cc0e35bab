package fire

import (
	"cognito-triggers/local/userpool/internal/ring"
	"cognito-triggers/shared/functionlog"
)

// Line is a line that a function printed.
type Line struct {
	functionlog.Line
	Number int `json:"number"`          // starting at 1
	Event  int `json:"event,omitempty"` // number of the Record; 0 until the event is over, and without one
}

// Lines holds the most recent lines of all functions, within the bounds of a Log. The zero value is empty. It is safe
// for concurrent use.
type Lines struct{ lines ring.Buffer[Line] }

// NewLines returns an empty list that keeps at most that many bytes; 0 means 64 MiB.
func NewLines(bytes int) *Lines { return &Lines{ring.Buffer[Line]{Max: bytes}} }

// Add numbers a line and appends it.
func (l *Lines) Add(line functionlog.Line) {
	line = line.Parsed()
	l.lines.Add(line.Size(), func(number int) Line { return Line{Line: line, Number: number} })
}

// After lists the lines with a higher number, oldest first, with the numbers of the events in log that they belong to.
func (l *Lines) After(number int, log *Log) []Line { return ofEvents(l.lines.After(number), log) }

// Watch is After with a channel that is closed when there are more. The lines have no Event, since most are read before
// theirs is over.
func (l *Lines) Watch(number int) (lines []Line, more <-chan struct{}) { return l.lines.Watch(number) }

// Last returns the number of the last line, 0 if there was none.
func (l *Lines) Last() int { return l.lines.Last() }

// ofEvents adds the numbers of the events that the lines belong to.
func ofEvents(lines []Line, log *Log) []Line {
	if len(lines) == 0 {
		return nil
	}
	events := map[string]int{}
	for _, record := range log.Records(0) {
		for _, attempt := range record.Attempts {
			events[attempt.RequestID] = record.Number
		}
	}
	for i := range lines {
		if id := lines[i].RequestID; id != "" {
			lines[i].Event = events[id]
		}
	}
	return lines
}
