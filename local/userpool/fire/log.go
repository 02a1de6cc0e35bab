package fire

import (
	"encoding/json"
	"sync"
	"time"
)

// keep is how many records a Log holds; older ones make room.
const keep = 10_000

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
	Outcome      string          `json:"outcome"`            // "ok" or the error
	Problems     []string        `json:"problems,omitempty"` // rules of Cognito's that the answer breaks, or why there is none
}

// Log remembers the latest invocations. It is safe for parallel use.
type Log struct {
	mu      sync.Mutex
	count   int
	records []Record
}

// Add appends a record and gives it its number.
func (l *Log) Add(r Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	r.Number = l.count
	if len(l.records) >= 2*keep {
		l.records = append([]Record(nil), l.records[len(l.records)-keep+1:]...)
	}
	l.records = append(l.records, r)
}

// Records lists those after a number.
func (l *Log) Records(after int) []Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := l.count - len(l.records) // the number before the first record
	from := max(0, min(after-first, len(l.records)))
	return append([]Record(nil), l.records[from:]...)
}
