// Package stream sends what happens in a pool to readers, as it happens: calls, events of triggers, messages and lines.
package stream

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cognito-triggers/local/userpool/calls"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/delivery"
)

// Path is where a pool serves its stream.
const Path = "/local/stream"

const (
	heartbeat  = 15 * time.Second // lets proxies and readers know that the stream is alive
	writeLimit = 10 * time.Second // for one batch of entries to a reader
	batch      = 500              // entries of a list at once
)

// Position is how far a reader of the stream has read: the numbers of the last entries of the lists.
type Position struct{ Call, Event, Message, Line int }

// String implements fmt.Stringer. GET /local/stream takes it as after.
func (p Position) String() string {
	return fmt.Sprintf("%d.%d.%d.%d", p.Call, p.Event, p.Message, p.Line)
}

// positionOf reads a position. What it cannot read counts as the beginning.
func positionOf(text string) (p Position) {
	numbers := strings.Split(text, ".")
	for i, into := range []*int{&p.Call, &p.Event, &p.Message, &p.Line} {
		if i < len(numbers) {
			*into, _ = strconv.Atoi(numbers[i])
		}
	}
	return p
}

// Summary is an event without what it was called with and what it answered: GET /local/events has these.
type Summary struct {
	Number       int       `json:"number"`
	Call         int       `json:"call,omitempty"`
	At           time.Time `json:"at"`
	Source       string    `json:"source"`
	Function     string    `json:"function"`
	PoolID       string    `json:"userPoolId"`
	UserName     string    `json:"userName"`
	Milliseconds float64   `json:"ms"`
	Outcome      string    `json:"outcome"`
	Asynchronous bool      `json:"asynchronous,omitempty"`
	Attempts     int       `json:"attempts"`
	Problems     int       `json:"problems,omitempty"`
	Cold         bool      `json:"cold,omitempty"` // a process was started for it
}

// SummaryOf returns the summary of an event.
func SummaryOf(r fire.Record) Summary {
	s := Summary{
		Number: r.Number, Call: r.Call, At: r.At, Source: r.Source, Function: r.Function, PoolID: r.PoolID,
		UserName: r.UserName, Milliseconds: r.Milliseconds, Outcome: r.Outcome, Asynchronous: r.Asynchronous,
		Attempts: len(r.Attempts), Problems: len(r.Problems),
	}
	for _, a := range r.Attempts {
		s.Cold = s.Cold || a.Cold
	}
	return s
}

// Lists are the lists of a pool.
type Lists struct {
	Calls  *calls.Log
	Events *fire.Log
	Inbox  *delivery.Inbox
	Lines  *fire.Lines
}

// ServeHTTP writes the entries of the lists as they come, as server-sent events: call, event, message and line. A
// reader that connects again with Last-Event-ID, or with ?after= in the same form, gets what it missed, as far as it is
// still kept.
func (l Lists) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	after := r.Header.Get("Last-Event-ID")
	if after == "" {
		after = r.URL.Query().Get("after")
	}
	out := writer{w: w, control: http.NewResponseController(w), at: positionOf(after)}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		called, moreCalls := l.Calls.After(out.at.Call)
		fired, moreEvents := l.Events.After(out.at.Event)
		sent, moreMessages := l.Inbox.After(out.at.Message)
		printed, moreLines := l.Lines.Watch(out.at.Line)
		if err := out.write(called, fired, sent, printed); err != nil {
			return // the reader is gone
		}
		select {
		case <-moreCalls:
		case <-moreEvents:
		case <-moreMessages:
		case <-moreLines:
		case <-beat.C:
			if out.comment() != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

// writer writes server-sent events.
type writer struct {
	w       http.ResponseWriter
	control *http.ResponseController
	at      Position
	err     error
}

func (out *writer) write(
	called []calls.Entry, fired []fire.Record, sent []delivery.Message, printed []fire.Line,
) error {
	out.deadline()
	for i, e := range called {
		out.at.Call = e.Number
		out.entry(i, "call", e)
	}
	for i, e := range fired {
		out.at.Event = e.Number
		out.entry(i, "event", SummaryOf(e))
	}
	for i, e := range sent {
		out.at.Message = e.Number
		out.entry(i, "message", e)
	}
	for i, e := range printed {
		out.at.Line = e.Number
		out.entry(i, "line", e)
	}
	return out.flush()
}

// entry writes one entry. Every batch of them are sent before more are made.
func (out *writer) entry(index int, kind string, data any) {
	if out.err != nil {
		return
	}
	text, err := json.Marshal(data)
	if err != nil {
		out.err = err
		return
	}
	_, out.err = fmt.Fprintf(out.w, "id: %s\nevent: %s\ndata: %s\n\n", out.at, kind, text)
	if index%batch == batch-1 && out.flush() == nil {
		out.deadline()
	}
}

// comment writes what readers ignore.
func (out *writer) comment() error {
	out.deadline()
	if out.err == nil {
		_, out.err = fmt.Fprint(out.w, ": \n\n")
	}
	return out.flush()
}

// deadline gives the reader its time for what is written next. Tests without a connection have no deadlines.
func (out *writer) deadline() { _ = out.control.SetWriteDeadline(time.Now().Add(writeLimit)) }

func (out *writer) flush() error {
	if out.err == nil {
		out.err = out.control.Flush()
	}
	return out.err
}
