package lambdaruntime

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// invocation is one attempt at an event. Its unexported times are written by the process's Runtime API before answer is
// sent.
type invocation struct {
	id       string
	event    []byte
	deadline time.Time
	handed   time.Time // when the process took the event
	answered bool      // guarded by the instance's mutex
	answer   chan answer
}

// answer is what the function said.
type answer struct {
	payload []byte
	err     *FunctionError // nil where it succeeded
	took    time.Duration
}

func newInvocation(event []byte, timeout time.Duration) *invocation {
	return &invocation{
		id:       uuid.NewString(),
		event:    event,
		deadline: time.Now().Add(timeout),
		answer:   make(chan answer, 1), // an answer that nobody awaits any more must not hold its sender
	}
}

// newTraceID is an X-Ray tracing header of an event that is not sampled.
func newTraceID(now time.Time) string {
	var b [20]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", now.Unix(), hex.EncodeToString(b[:12]),
		hex.EncodeToString(b[12:]))
}
