// Package trigger is the runtime around a Cognito trigger's handler: settings at cold start, a deadline inside Cognito's
// 5 seconds, panics turned into errors, error texts that are safe to show to an end user, logs without personal data and
// one metrics line per invocation.
//
// A trigger's main calls Start with its hook and a function that reads the settings and builds the handler:
//
//	func main() { trigger.Start(events.PreSignUp, newHandler) }
package trigger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	goruntime "runtime"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
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
func Start[Req, Resp any](hook events.Hook[Req, Resp], setup func(*settings.Env) (Handler[Req, Resp], error)) {
	env := settings.FromEnvironment()
	UseLog(os.Stderr, env)
	handle, err := setup(env)
	if err = errors.Join(env.Err(), err); err != nil {
		slog.Error("the function cannot start with these settings", "hook", string(hook.Name()), "problems", err.Error())
		os.Exit(1)
	}
	goruntime.GOMAXPROCS(1)
	lambda.Start(New(hook, handle, os.Stdout))
}

// runtime is one handler with what surrounds it.
type runtime[Req, Resp any] struct {
	hook    cognito.Hook
	handle  Handler[Req, Resp]
	metrics io.Writer
}

// New wraps a handler as Start does, for tests and tools: metrics lines go to the writer. The result is safe for
// parallel use where the handler is; log lines of parallel events need their ctx, or they are not scrubbed.
func New[Req, Resp any](hook events.Hook[Req, Resp], handle Handler[Req, Resp], metrics io.Writer) lambda.Handler {
	return &runtime[Req, Resp]{hook.Name(), handle, metrics}
}

// Invoke answers one event. It works on bytes: aws-lambda-go's function handlers would rewrite the JSON.
func (r *runtime[Req, Resp]) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	in := newInvocation(ctx, r.hook, payload)
	ctx, cancel := context.WithDeadline(withInvocation(ctx, in), in.deadline(ctx))
	defer cancel()
	defer in.end()

	answer, err := r.answer(ctx, in, payload)
	in.write(r.metrics)
	if err != nil {
		return nil, in.publicError(ctx, err)
	}
	return answer, nil
}

func (r *runtime[Req, Resp]) answer(ctx context.Context, in *invocation, payload []byte) (answer []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			answer, err = nil, newPanicError(p)
		}
		in.settle(err)
	}()
	e, err := events.Decode[Req, Resp](payload)
	if err != nil {
		if in.envelope, _ = events.DecodeEnvelope(payload); in.envelope.TriggerSource == "" || r.hook.Accepts(in.envelope.TriggerSource) {
			return nil, err
		}
	} else {
		in.envelope = e.Envelope
	}
	current.Store(in) // from here on log lines only read it
	if !r.hook.Accepts(in.envelope.TriggerSource) {
		in.outcome = PassedThrough
		slog.WarnContext(ctx, "event of another hook passed through unchanged: check what this function is attached to", "hook", string(r.hook))
		return payload, nil
	}
	if err := r.handle(ctx, e); err != nil {
		return nil, err
	}
	return e.Encode()
}

// limit is how long Cognito waits for a trigger; margin is kept back of it for the answer's way and the cold start.
const (
	limit  = 5 * time.Second
	margin = time.Second
)

// deadline is the earlier of Lambda's own and Cognito's, less the margin.
func (in *invocation) deadline(ctx context.Context) time.Time {
	end := in.began.Add(limit)
	if own, ok := ctx.Deadline(); ok && own.Before(end) {
		end = own
	}
	return end.Add(-min(margin, end.Sub(in.began)/5))
}

// panicError is a handler's panic. Its text is scrubbed when it is logged, and never leaves the function otherwise.
type panicError struct {
	value any
	stack string
}

func (p panicError) Error() string { return fmt.Sprintf("panic: %v", p.value) }
