package lambdafunc

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"runtime"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/scrub"
	"cognito-triggers/shared/settings"
)

// Refusal is the log line of a function that cannot start.
type Refusal struct {
	Message string
	Attrs   []any // as slog takes them
}

// Start serves the handler that setup builds until Lambda ends the process. Where setup gives an error, Start logs it
// as the problems of the refusal and exits, so that a mistake is seen at the first deployment and not at the first
// event. See Setup for the problems of the settings.
func Start(options Options, refusal Refusal, setup func(*settings.Env) (lambda.Handler, error)) {
	handler := prepare(options, os.Stderr, refusal, settings.FromEnvironment(), setup)
	if handler == nil {
		os.Exit(1)
	}
	runtime.GOMAXPROCS(1) // a function of 128 MB has a fraction of one processor
	lambda.Start(handler)
}

// prepare is Start until the first event; nil where the function cannot start.
func prepare(
	options Options, stderr io.Writer, refusal Refusal, env *settings.Env,
	setup func(*settings.Env) (lambda.Handler, error),
) lambda.Handler {
	err := useLog(options.Logger, stderr, env)
	handler, setupErr := setup(env)
	if err = errors.Join(err, setupErr); err != nil {
		slog.Error(refusal.Message, append(refusal.Attrs, "problems", err.Error())...)
		return nil
	}
	return handler
}

// Setup calls a main's set-up and returns every problem at once: those of the settings, and its own.
func Setup[T any](env *settings.Env, setup func(*settings.Env) (T, error)) (T, error) {
	made, err := setup(env)
	return made, errors.Join(env.Err(), err)
}

// useLog sets the process's log up: the chosen logger's handler with every line scrubbed, or UseLog's.
func useLog(chosen *slog.Logger, w io.Writer, env *settings.Env) error {
	if chosen == nil {
		UseLog(w, env)
		return nil
	}
	if err := scrub.UseHandler(chosen.Handler(), inHand); err != nil {
		UseLog(w, env)
		return err
	}
	return nil
}

// UseLog makes slog's default logger write JSON lines to w, from the level that LOG_LEVEL names (debug, info, warn or
// error; info by default). While an event is in hand, each line carries what its subject says, and the subject's
// private values and the hidden ones are taken out of the line's text.
func UseLog(w io.Writer, env *settings.Env) { scrub.UseLog(w, env, inHand) }

// inHand finds the invocation that a line is logged in.
func inHand(ctx context.Context) ([]slog.Attr, *scrub.Secrets) {
	in := fromContext(ctx)
	if in == nil {
		in = current.Load()
	}
	if in == nil {
		return nil, nil
	}
	return in.subject.LogAttrs(), &in.secrets
}
