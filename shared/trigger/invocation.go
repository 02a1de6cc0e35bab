package trigger

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/emf"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/internal/lambdafunc"
	"cognito-triggers/shared/scrub"
	"cognito-triggers/shared/settings"
)

// Namespace is the CloudWatch namespace of the toolkit's metrics.
const Namespace = emf.Namespace

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
	lambdafunc.Invocation
	hook     cognito.Hook
	payload  []byte
	envelope events.Envelope
	outcome  string
}

// LogAttrs are what each log line carries.
func (in *invocation) LogAttrs() []slog.Attr {
	return []slog.Attr{
		slog.String("requestId", in.RequestID),
		slog.String("triggerSource", in.envelope.TriggerSource),
		slog.String("userPoolId", in.envelope.UserPoolID),
	}
}

// Private finds every text in the event's request, and the user's name.
func (in *invocation) Private(into *[]string) {
	var event struct {
		UserName any `json:"userName"`
		Request  any `json:"request"`
	}
	if scrub.Decode(in.payload, &event) != nil {
		return
	}
	scrub.Collect(event.UserName, into)
	if name, ok := event.UserName.(string); ok {
		_, subject, _ := strings.Cut(name, "_") // <Provider>_<subject>
		scrub.Collect(subject, into)
	}
	scrub.Collect(event.Request, into)
}

// settle derives the outcome from what the handler returned.
func (in *invocation) settle(err error) {
	var reject *RejectError
	switch {
	case in.outcome != "":
	case err == nil:
		in.outcome = Answered
	case errors.As(err, &reject):
		in.outcome = Rejected
	case lambdafunc.Panicked(err):
		in.outcome = Panicked
	default:
		in.outcome = Failed
	}
}

// writeMetrics writes the invocation's line: its duration by function, trigger source and outcome, and its counters.
func (in *invocation) writeMetrics() {
	in.WriteMetrics(
		[]emf.Member{{Name: "TriggerSource", Value: in.triggerSource()}, {Name: "Outcome", Value: in.outcome}},
		[]emf.Member{{Name: "RequestId", Value: in.RequestID}, {Name: "UserPoolId", Value: in.envelope.UserPoolID}})
}

// triggerSource is the event's own, or "other" for one that Cognito does not have: an unbounded dimension would make a
// metric per value.
func (in *invocation) triggerSource() string {
	if slices.Contains(in.hook.Sources(), in.envelope.TriggerSource) {
		return in.envelope.TriggerSource
	}
	return "other"
}

// Count adds one to a counter that the invocation's metrics line carries, for example "ProfilesLost".
func Count(ctx context.Context, name string) { lambdafunc.Count(ctx, name) }

// Note adds a property to the invocation's metrics line, to search by; it is no dimension. Never note a user's data.
func Note(ctx context.Context, key, value string) { lambdafunc.Note(ctx, key, value) }

// Hide adds values that no log line of this invocation may hold, beside those of the event's request: what a handler
// learned about a user elsewhere, or made of the event's values, such as an address in another spelling.
func Hide(ctx context.Context, values ...string) { lambdafunc.Hide(ctx, values...) }

// UseLog makes slog's default logger write JSON lines to w, from the level that LOG_LEVEL names (debug, info, warn or
// error; info by default). While an event is in hand, each line carries its request id, trigger source and user pool,
// and every value of the event's request is taken out of the line's text, so that no attribute, password, code or token
// reaches a log, not even inside the error text of a service.
func UseLog(w io.Writer, env *settings.Env) { lambdafunc.UseLog(w, env) }
