// Package trigger runs the handler of a Cognito trigger on Lambda. It reads the settings at cold start, gives each
// event a deadline within Cognito's 5 seconds, turns panics into errors, shows end users only the errors that are meant
// for them, keeps personal data out of the log, and writes one line of metrics per invocation.
//
// The main function of a trigger calls Start with the hook and a function that reads the settings and builds the
// handler:
//
//	func main() { trigger.Start(events.PreSignUp, setup) }
package trigger

import (
	"context"
	"io"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/internal/lambdafunc"
	"cognito-triggers/shared/settings"
)

// Handler handles one event. It sets fields of e.Response and returns nil, or returns an error. The end user reads the
// text of an error made by Reject; for any other error, one generic sentence with the request id.
//
// ctx ends about 4 seconds after the invocation began, so that the answer reaches Cognito in time; pass it to every
// call. Cognito does not wait for custom senders: there, ctx ends a second before the function's timeout.
type Handler[Req, Resp any] func(ctx context.Context, e *events.Event[Req, Resp]) error

// Start serves the handler that setup builds until Lambda ends the process. If setup fails or records a problem with a
// setting, Start logs every problem and exits, so that mistakes show at deployment and not at the first user.
//
// Events of other hooks are returned unchanged, with a warning in the log.
func Start[Req, Resp any](
	hook events.Hook[Req, Resp], setup func(*settings.Env) (Handler[Req, Resp], error), options ...Option,
) {
	refusal := lambdafunc.Refusal{
		Message: "the function cannot start with these settings",
		Attrs:   []any{"hook", string(hook.Name())},
	}
	lambdafunc.Start(chosen(options), refusal, func(env *settings.Env) (lambda.Handler, error) {
		handle, err := lambdafunc.Setup(env, setup)
		if err != nil {
			return nil, err
		}
		return New(hook, handle, os.Stdout, options...), nil
	})
}

// function is the lambda.Handler around a handler.
type function[Req, Resp any] struct {
	hook    cognito.Hook
	handle  Handler[Req, Resp]
	options lambdafunc.Options
}

// New returns the lambda.Handler that Start would serve, for tests and tools. It writes metrics lines to metrics. The
// result is safe for concurrent use if the handler is; then pass ctx to every log call, because lines without it are
// not scrubbed.
func New[Req, Resp any](
	hook events.Hook[Req, Resp], handle Handler[Req, Resp], metrics io.Writer, options ...Option,
) lambda.Handler {
	f := &function[Req, Resp]{hook.Name(), handle, chosen(options)}
	f.options.Name, f.options.Metrics = string(hook.Name()), metrics
	if f.hook.Contract().Asynchronous {
		f.options.Limit = 0 // nobody waits: only the function's own timeout counts
	}
	return f
}

// Invoke handles one event. It works on bytes, because aws-lambda-go's function handlers would rewrite the JSON.
func (f *function[Req, Resp]) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	in := &invocation{hook: f.hook, payload: payload}
	ctx = in.Begin(ctx, &f.options, in)
	defer in.End()

	answer, err := f.answer(ctx, in, payload)
	in.settle(err)
	in.writeMetrics()
	if err != nil {
		return nil, in.publicError(ctx, err)
	}
	return answer, nil
}

func (f *function[Req, Resp]) answer(ctx context.Context, in *invocation, payload []byte) (answer []byte, err error) {
	defer lambdafunc.Recover(&err)
	e, err := events.Decode[Req, Resp](payload)
	if err != nil {
		in.envelope, _ = events.DecodeEnvelope(payload)
		if in.envelope.TriggerSource == "" || f.hook.Accepts(in.envelope.TriggerSource) {
			return nil, err
		}
	} else {
		in.envelope = e.Envelope
	}
	in.Known()
	if !f.hook.Accepts(in.envelope.TriggerSource) {
		in.outcome = PassedThrough
		slog.WarnContext(ctx, "event of another hook passed through unchanged: check what this function is attached to",
			"hook", string(f.hook))
		return payload, nil
	}
	if err := f.handle(ctx, e); err != nil {
		return nil, err
	}
	return e.Encode()
}
