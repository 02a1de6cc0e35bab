package fire

import (
	"encoding/json"
	"time"

	"cognito-triggers/local/userpool/internal/ring"
)

// Record is one event that a trigger got, with everything that came of it.
type Record struct {
	Number int       `json:"number"`         // starting at 1
	Call   int       `json:"call,omitempty"` // ID of the client's call that fired it, see package calls; 0 for none
	At     time.Time `json:"at"`

	Source   string          `json:"source"`
	Function string          `json:"function"` // the ARN
	PoolID   string          `json:"userPoolId"`
	UserName string          `json:"userName"`
	Request  json.RawMessage `json:"request"` // of Event
	Answer   json.RawMessage `json:"answer"`  // the response in the function's answer, see Returned; not with a secret
	// Asynchronous reports whether the pool's client did not wait, so that it knows nothing of Outcome.
	Asynchronous bool `json:"asynchronous,omitempty"`
	// Milliseconds is the time of all attempts together.
	Milliseconds float64 `json:"ms"`
	Outcome      string  `json:"outcome"` // "ok" or the error that the client read
	// Problems lists the rules of Cognito that the answer breaks, or says why there is no answer.
	Problems []string `json:"problems,omitempty"`
	// Attempts are the calls of the function, in order. Only the last one can have answered.
	Attempts []Attempt `json:"attempts"`
	// Event is the whole event as the function got it, but for the password of user migration and the provider's tokens
	// of inbound federation, which are "...".
	Event json.RawMessage `json:"event"`
	// Returned is the whole answer, absent if there was none or if it is not JSON. It has no such secret either.
	Returned json.RawMessage `json:"returned,omitempty"`
	// Hidden lists the members of Event whose values are not kept.
	Hidden []string `json:"hidden,omitempty"`
	// Settings are the function's settings that differ from its manifest's, where the pool knows them.
	Settings map[string]string `json:"settings,omitempty"`
}

// size returns about how much memory the record takes, in bytes.
func (r Record) size() int {
	size := len(r.Request) + len(r.Answer) + len(r.Source) + len(r.Function) + len(r.PoolID) + len(r.UserName) +
		len(r.Outcome) + len(r.Event) + len(r.Returned)
	for _, problem := range r.Problems {
		size += len(problem)
	}
	for _, attempt := range r.Attempts {
		size += attempt.size()
	}
	return size // the settings are shared by all records of a function
}

// Log holds the most recent invocations, of at most 64 MiB (ring.MaxBytes) unless NewLog set another bound. The zero
// value is an empty log. It is safe for concurrent use.
type Log struct{ records ring.Buffer[Record] }

// NewLog returns a log that keeps at most that many bytes; 0 means 64 MiB.
func NewLog(bytes int) *Log { return &Log{ring.Buffer[Record]{Max: bytes}} }

// Add numbers a record and appends it.
func (l *Log) Add(r Record) {
	l.records.Add(r.size(), func(number int) Record {
		r.Number = number
		return r
	})
}

// Records lists the records with a higher number than after, oldest first.
func (l *Log) Records(after int) []Record { return l.records.After(after) }

// After is Records with a channel that is closed when there are more. A reader that is slow misses nothing that the log
// still keeps.
func (l *Log) After(number int) (records []Record, more <-chan struct{}) {
	return l.records.Watch(number)
}
