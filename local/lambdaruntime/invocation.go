package lambdaruntime

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// invocation is one attempt at an event. The Runtime API sets its times before it sends the answer.
type invocation struct {
	id       string
	event    []byte
	deadline time.Time
	handed   time.Time // when the process took the event
	answered bool      // guarded by the instance's mutex
	answer   chan answer
	log      *attemptLog
}

// answer is the function's response or error.
type answer struct {
	payload []byte
	err     *FunctionError // nil on success
	took    time.Duration
}

func newInvocation(event []byte, timeout time.Duration) *invocation {
	id := uuid.NewString()
	return &invocation{
		id:       id,
		log:      &attemptLog{id: id},
		event:    event,
		deadline: time.Now().Add(timeout),
		answer:   make(chan answer, 1), // buffered: the sender must not block if nobody waits any more
	}
}

// newTraceID returns the X-Ray tracing header of an unsampled event.
func newTraceID(now time.Time) string {
	var b [20]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", now.Unix(), hex.EncodeToString(b[:12]),
		hex.EncodeToString(b[12:]))
}
