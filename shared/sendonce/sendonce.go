// Package sendonce remembers which messages were sent, so that an event that is delivered several times, even in
// parallel, sends one message; and how many were sent to whom, so that nobody has somebody else flooded.
//
// A message is claimed for as long as the process that sends it may live, then sent, then marked. Its state:
//
//	            claim           sent
//	(nothing) --------> claimed ------> sent
//	                     |  ^  \------> dropped (a limit was reached, or the message can never be sent)
//	     not accepted    v  | claim
//	                     free
//
// A process that ends between claim and mark leaves a claim whose time runs out. Nobody can know whether it sent its
// message: the caller decides whether it may be sent twice; see Claim.Retake.
package sendonce

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Keep is how long a message is remembered: longer than the 14 days that an event may lie in the queue of failures.
const Keep = 15 * 24 * time.Hour

// Claim is the wish to send a message.
type Claim struct {
	Key     string    // of the message: the same in every delivery; see Hash
	Payload string    // hash of what else the message says; a claim of the same key with another payload is refused
	Holder  string    // a new random text for each delivery
	Now     time.Time // the time of the claim
	Until   time.Time // when the holder certainly sends no more
	Retake  bool      // also claim a message that may have been sent
}

// Standing is the outcome of a claim.
type Standing int

// The outcomes. Only with First and Again may the caller send.
const (
	First    Standing = iota + 1 // claimed, for the first time
	Again                        // claimed, as an earlier delivery did not send it
	Busy                         // another delivery holds it
	Sent                         // it was sent
	Dropped                      // it was decided that it is not sent
	Doubtful                     // an earlier delivery may have sent it; see Claim.Retake
	Differs                      // the key belongs to a message with another payload
)

// State is what becomes of a claimed message.
type State string

// The states.
const (
	StateClaimed State = "claimed"
	StateSent    State = "sent"
	StateDropped State = "dropped"
	StateFree    State = "free"
)

// Store keeps claims and counts. It is safe for concurrent use. A call ends with ctx.
type Store interface {
	// Claim claims a message.
	Claim(ctx context.Context, c Claim) (Standing, error)
	// End sets the state of a message that c claimed. It changes nothing if another delivery has claimed it since.
	End(ctx context.Context, c Claim, state State) error
	// Count adds one to the counter of the key in the window that now is in, unless it has reached the limit. It reports
	// whether it added.
	Count(ctx context.Context, key string, limit int, window time.Duration, now time.Time) (bool, error)
}

// Hash returns a short name of several texts, such as a message's parts, for keys. It cannot be read back, though who
// guesses the texts can check the guess.
func Hash(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		sum := sha256.Sum256([]byte(part)) // so that "a", "bc" and "ab", "c" differ
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil)[:20])
}

// Record is what a store keeps of a message.
type Record struct {
	Payload, Holder string
	State           State
	Until           time.Time
	ExpiresAt       time.Time // in whole seconds
}

// New returns the record that a claim makes.
func New(c Claim) Record {
	return Record{
		Payload: c.Payload, Holder: c.Holder, State: StateClaimed, Until: c.Until,
		ExpiresAt: c.Now.Add(Keep).Truncate(time.Second),
	}
}

// Next decides on a claim of a message that has a record. With First and Again, the store must replace the record by
// New(c), if its holder is still the same.
func (r Record) Next(c Claim) Standing {
	switch {
	case r.Holder == c.Holder, !r.ExpiresAt.After(c.Now):
		return First
	case r.Payload != c.Payload:
		return Differs
	case r.State == StateSent:
		return Sent
	case r.State == StateDropped:
		return Dropped
	case r.State == StateFree:
		return Again
	case r.Until.After(c.Now):
		return Busy
	case c.Retake:
		return Again
	}
	return Doubtful
}

// WindowKey returns the key of a counter in the window that now is in, and the time at which nobody needs it any more.
func WindowKey(key string, window time.Duration, now time.Time) (string, time.Time) {
	start := now.Truncate(window)
	return key + "#" + start.UTC().Format("20060102T150405"), start.Add(2 * window)
}
