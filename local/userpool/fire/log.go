package fire

import (
	"encoding/json"
	"time"

	"cognito-triggers/local/userpool/internal/ring"
)

// Record is one invocation of a trigger.
type Record struct {
	Number       int             `json:"number"` // starting at 1
	At           time.Time       `json:"at"`
	Source       string          `json:"source"`
	Function     string          `json:"function"`
	PoolID       string          `json:"userPoolId"`
	UserName     string          `json:"userName"`
	Request      json.RawMessage `json:"request"`
	Answer       json.RawMessage `json:"answer"` // the response in the function's answer
	Milliseconds float64         `json:"ms"`
	Outcome      string          `json:"outcome"` // "ok" or the error
	// Problems lists the rules of Cognito that the answer breaks, or says why there is no answer.
	Problems []string `json:"problems,omitempty"`
}

// size returns about how much memory the record takes, in bytes.
func (r Record) size() int {
	size := len(r.Request) + len(r.Answer) + len(r.Source) + len(r.Function) + len(r.PoolID) + len(r.UserName) +
		len(r.Outcome)
	for _, problem := range r.Problems {
		size += len(problem)
	}
	return size
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
