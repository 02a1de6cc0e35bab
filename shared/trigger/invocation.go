package trigger

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/emf"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/scrub"
)

// The outcomes of an invocation, as its metrics line names them.
const (
	Answered      = "answered"       // the handler returned an answer, changed or not
	Rejected      = "rejected"       // the handler refused with Reject
	Failed        = "failed"         // any other error
	Panicked      = "panicked"       // the handler panicked
	PassedThrough = "passed_through" // the event was another hook's
)

// invocation is what the runtime knows about the event in hand.
type invocation struct {
	began     time.Time
	hook      cognito.Hook
	requestID string
	envelope  events.Envelope
	outcome   string
	secrets   *scrub.Secrets // the values that no log may hold
	line      emf.Line
}

// current is the invocation in hand, for log lines written without a context. On Lambda a process serves one event at a
// time.
var current atomic.Pointer[invocation]

type invocationKey struct{}

func newInvocation(ctx context.Context, hook cognito.Hook, payload []byte) *invocation {
	in := &invocation{began: time.Now(), hook: hook, requestID: "unknown"}
	if lc, ok := lambdacontext.FromContext(ctx); ok && lc.AwsRequestID != "" {
		in.requestID = lc.AwsRequestID
	}
	in.secrets = scrub.NewSecrets(func(into *[]string) { collectPrivate(payload, into) })
	return in
}

func withInvocation(ctx context.Context, in *invocation) context.Context {
	return context.WithValue(ctx, invocationKey{}, in)
}

func fromContext(ctx context.Context) *invocation {
	in, _ := ctx.Value(invocationKey{}).(*invocation)
	return in
}

func (in *invocation) end() { current.CompareAndSwap(in, nil) }

// settle derives the outcome from what the handler returned.
func (in *invocation) settle(err error) {
	var reject *RejectError
	var p panicError
	switch {
	case in.outcome != "":
	case err == nil:
		in.outcome = Answered
	case errors.As(err, &reject):
		in.outcome = Rejected
	case errors.As(err, &p):
		in.outcome = Panicked
	default:
		in.outcome = Failed
	}
}

// Count adds one to a counter that the invocation's metrics line carries, for example "ProfilesLost".
func Count(ctx context.Context, name string) {
	if in := fromContext(ctx); in != nil {
		in.line.Count(name)
	}
}

// Note adds a property to the invocation's metrics line, to search by; it is no dimension. Never note a user's data.
func Note(ctx context.Context, key, value string) {
	if in := fromContext(ctx); in != nil {
		in.line.Note(key, value)
	}
}

// Hide adds values that no log line of this invocation may hold, beside those of the event's request: what a handler
// learned about a user elsewhere, or made of the event's values, such as an address in another spelling.
func Hide(ctx context.Context, values ...string) {
	if in := fromContext(ctx); in != nil {
		in.secrets.Hide(values...)
	}
}
