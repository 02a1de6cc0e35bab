// Package calls keeps what clients asked of a pool, and how it ended, so that the triggers that a call fired can be
// shown beneath it.
package calls

import (
	"context"
	"sync/atomic"
	"time"

	"cognito-triggers/local/userpool/internal/ring"
)

// Call is what is known of a call when it begins.
type Call struct {
	Operation string // SignUp, or the method and path of a request to a domain, such as POST /login
	PoolID    string // empty if the request does not say it
	ClientID  string // likewise
	UserName  string // as the client wrote it
}

// Entry says that a call began, or that it ended. Both entries of a call have its ID.
type Entry struct {
	Number    int       `json:"number"` // of the entry, starting at 1
	ID        int       `json:"id"`     // of the call
	At        time.Time `json:"at"`
	Operation string    `json:"operation"`
	PoolID    string    `json:"userPoolId,omitempty"`
	ClientID  string    `json:"clientId,omitempty"`
	UserName  string    `json:"userName,omitempty"`
	Outcome   string    `json:"outcome,omitempty"` // "ok" or the error that the client read; empty: the call runs
	// Milliseconds is how long the call took.
	Milliseconds float64 `json:"ms,omitempty"`
}

func (e Entry) size() int {
	return len(e.Operation) + len(e.PoolID) + len(e.ClientID) + len(e.UserName) + len(e.Outcome)
}

// Log holds the most recent calls. The zero value is an empty log of the pool's clock. It is safe for concurrent use.
type Log struct {
	Now func() time.Time // of the pool; nil: time.Now

	last    atomic.Int64
	entries ring.Buffer[Entry]
}

// Begin adds the beginning of a call. The triggers that are fired with the returned context belong to it. The returned
// function ends it with what the client reads: nil, or an error.
func (l *Log) Begin(ctx context.Context, c Call) (context.Context, func(outcome error)) {
	now := l.Now
	if now == nil {
		now = time.Now
	}
	began := time.Now()
	e := Entry{
		ID: int(l.last.Add(1)), At: now().UTC(), Operation: c.Operation, PoolID: c.PoolID, ClientID: c.ClientID,
		UserName: c.UserName,
	}
	l.add(e)
	return context.WithValue(ctx, key{}, e.ID), func(outcome error) {
		e.Milliseconds = float64(time.Since(began).Microseconds()) / 1000
		if e.Outcome = "ok"; outcome != nil {
			e.Outcome = outcome.Error()
		}
		l.add(e)
	}
}

func (l *Log) add(e Entry) {
	l.entries.Add(e.size(), func(number int) Entry {
		e.Number = number
		return e
	})
}

// Entries lists the entries with a higher number than after, oldest first.
func (l *Log) Entries(after int) []Entry { return l.entries.After(after) }

// After is Entries with a channel that is closed when there are more.
func (l *Log) After(number int) (entries []Entry, more <-chan struct{}) {
	return l.entries.Watch(number)
}

// Operations lists the operations of the calls that began, oldest first.
func (l *Log) Operations() []string {
	var all []string
	for _, e := range l.Entries(0) {
		if e.Outcome == "" {
			all = append(all, e.Operation)
		}
	}
	return all
}

type key struct{}

// Of returns the ID of the call that a context belongs to; 0 if it belongs to none.
func Of(ctx context.Context) int {
	id, _ := ctx.Value(key{}).(int)
	return id
}
