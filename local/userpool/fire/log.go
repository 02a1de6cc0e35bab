package fire

import (
	"encoding/json"
	"time"

	"cognito-triggers/local/userpool/internal/ring"
)

// Record is one invocation of a trigger.
type Record struct {
	Number       int             `json:"number"` // counts from 1
	At           time.Time       `json:"at"`
	Source       string          `json:"source"`
	Function     string          `json:"function"`
	PoolID       string          `json:"userPoolId"`
	UserName     string          `json:"userName"`
	Request      json.RawMessage `json:"request"`
	Answer       json.RawMessage `json:"answer"` // the response that the function gave
	Milliseconds float64         `json:"ms"`
	Outcome      string          `json:"outcome"` // "ok" or the error
	// Problems are the rules of Cognito's that the answer breaks, or why there is no answer.
	Problems []string `json:"problems,omitempty"`
}

// Log remembers the latest invocations. The zero value is empty and ready. It is safe for parallel use.
type Log struct{ records ring.Buffer[Record] }

// Add appends a record and gives it its number.
func (l *Log) Add(r Record) {
	l.records.Add(func(number int) Record {
		r.Number = number
		return r
	})
}

// Records lists those after a number, the oldest first.
func (l *Log) Records(after int) []Record { return l.records.After(after) }
