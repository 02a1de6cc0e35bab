// Package trigger is the runtime around a Cognito trigger's handler: settings at cold start, a deadline inside
// Cognito's 5 seconds, panics turned into errors, error texts that are safe to show to an end user, logs without
// personal data and one metrics line per invocation.
//
// A trigger's main calls Start with its hook and a function that reads the settings and builds the handler:
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

// Handler decides about one event. It sets what it means in e.Response and returns nil, or an error: a Reject reaches
// the end user word for word, any other error as one generic sentence with the request id.
//
// ctx ends about 4 seconds after the invocation began, so that an answer still reaches Cognito; pass it to every call.
type Handler[Req, Resp any] func(ctx context.Context, e *events.Event[Req, Resp]) error

// Start runs the handler that setup builds until Lambda ends the process. Where setup fails, or recorded a problem with
// a setting, it logs every problem and exits, so that a wrong configuration is seen at the first deployment and not at
// the first user.
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

// function is one handler with what surrounds it.
type function[Req, Resp any] struct {
	hook    cognito.Hook
	handle  Handler[Req, Resp]
	options lambdafunc.Options
}

// New wraps a handler as Start does, for tests and tools: metrics lines go to the writer. The result is safe for
// parallel use where the handler is; log lines of parallel events need their ctx, or they are not scrubbed.
func New[Req, Resp any](
	hook events.Hook[Req, Resp], handle Handler[Req, Resp], metrics io.Writer, options ...Option,
) lambda.Handler {
	f := &function[Req, Resp]{hook.Name(), handle, chosen(options)}
	f.options.Name, f.options.Metrics = string(hook.Name()), metrics
	return f
}

// Invoke answers one event. It works on bytes: aws-lambda-go's function handlers would rewrite the JSON.
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
