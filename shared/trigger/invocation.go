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

// Namespace is the default CloudWatch namespace of the metrics.
const Namespace = emf.Namespace

// The outcomes of an invocation, which are a dimension of its metrics.
const (
	Answered      = "answered"       // the handler returned an answer, changed or not
	Rejected      = "rejected"       // the handler returned a Reject
	Failed        = "failed"         // the handler returned another error, or the event could not be decoded
	Panicked      = "panicked"       // the handler panicked
	PassedThrough = "passed_through" // the event belongs to another hook
)

// invocation is the event that is being handled.
type invocation struct {
	lambdafunc.Invocation
	hook     cognito.Hook
	payload  []byte
	envelope events.Envelope
	outcome  string
}

// LogAttrs returns the attributes of each log line.
func (in *invocation) LogAttrs() []slog.Attr {
	return []slog.Attr{
		slog.String("requestId", in.RequestID),
		slog.String("triggerSource", in.envelope.TriggerSource),
		slog.String("userPoolId", in.envelope.UserPoolID),
	}
}

// Private collects every value of the event's request, and the user's name.
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

// settle derives the outcome from the handler's error.
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

// writeMetrics writes the metrics line: the duration by function, trigger source and outcome, and the counters.
func (in *invocation) writeMetrics() {
	in.WriteMetrics(
		[]emf.Member{{Name: "TriggerSource", Value: in.triggerSource()}, {Name: "Outcome", Value: in.outcome}},
		[]emf.Member{{Name: "RequestId", Value: in.RequestID}, {Name: "UserPoolId", Value: in.envelope.UserPoolID}})
}

// triggerSource returns the event's trigger source, or "other" if it is unknown: CloudWatch makes a metric per value of
// a dimension.
func (in *invocation) triggerSource() string {
	if slices.Contains(in.hook.Sources(), in.envelope.TriggerSource) {
		return in.envelope.TriggerSource
	}
	return "other"
}

// Count adds one to a CloudWatch metric of the function, for example "ProfilesLost". ctx is the handler's.
func Count(ctx context.Context, name string) { lambdafunc.Count(ctx, name) }

// Note adds a property to the invocation's metrics line, so that it can be searched for in the log. It is not a
// dimension of a metric. Never note a user's data.
func Note(ctx context.Context, key, value string) { lambdafunc.Note(ctx, key, value) }

// Hide removes values from the log lines of this invocation. Use it for values that the event itself does not have:
// data about the user from another source, or derived values, such as an address in another spelling.
func Hide(ctx context.Context, values ...string) { lambdafunc.Hide(ctx, values...) }

// UseLog makes slog's default logger write JSON lines to w. LOG_LEVEL sets the level: debug, info (the default), warn
// or error. During an invocation, each line has the request id, trigger source and user pool, and every value of the
// event's request is removed from the line. So no attribute, password, code or token is logged, not even as part of a
// service's error. Start calls UseLog; tests can call it themselves.
func UseLog(w io.Writer, env *settings.Env) { lambdafunc.UseLog(w, env) }
