package lambdaruntime

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// invocation is one attempt at an event. Its unexported times are written by
// the process's Runtime API before answer is sent.
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
		id:       newRequestID(),
		event:    event,
		deadline: time.Now().Add(timeout),
		answer:   make(chan answer, 1), // an answer that nobody awaits any more must not hold its sender
	}
}

// newRequestID is a random UUID, version 4.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// newTraceID is an X-Ray tracing header of an event that is not sampled.
func newTraceID(now time.Time) string {
	var b [20]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", now.Unix(), hex.EncodeToString(b[:12]), hex.EncodeToString(b[12:]))
}

// parseFunctionError reads the body of an error report. A body that is not in
// Lambda's form is the message as it is, and kind the type.
func parseFunctionError(body []byte, kind string) *FunctionError {
	var report struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}
	if kind == "" {
		kind = "Runtime.Unknown"
	}
	if json.Unmarshal(body, &report) != nil {
		return &FunctionError{Type: kind, Message: string(body)}
	}
	if report.Type == "" {
		report.Type = kind
	}
	return &FunctionError{Type: report.Type, Message: report.Message}
}
