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
	Attrs   []any // keys and values, as for slog
}

// Start serves the handler that setup builds until Lambda ends the process. If setup returns an error, Start logs it
// with the refusal and exits, so that mistakes show at deployment and not at the first event. See Setup for problems of
// the settings.
func Start(options Options, refusal Refusal, setup func(*settings.Env) (lambda.Handler, error)) {
	handler := prepare(options, os.Stderr, refusal, settings.FromEnvironment(), setup)
	if handler == nil {
		os.Exit(1)
	}
	runtime.GOMAXPROCS(1) // a function of 128 MB has a fraction of one CPU
	lambda.Start(handler)
}

// prepare does what Start does before it serves. It returns nil if the function cannot start.
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

// Setup calls the setup function and returns all problems at once: those of the settings, and its own.
func Setup[T any](env *settings.Env, setup func(*settings.Env) (T, error)) (T, error) {
	made, err := setup(env)
	return made, errors.Join(env.Err(), err)
}

// useLog makes the default log write scrubbed lines to the chosen logger's handler, or as UseLog does if it is nil.
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

// UseLog makes slog's default logger write JSON lines to w. LOG_LEVEL sets the level: debug, info (the default), warn
// or error. During an invocation, each line has the subject's attributes, and private and hidden values are removed.
func UseLog(w io.Writer, env *settings.Env) { scrub.UseLog(w, env, inHand) }

// inHand returns the attributes and secrets of the invocation that a line belongs to.
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
