package lambdafunc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"

	"cognito-triggers/shared/scrub"
)

// panicError is a handler's panic. Its text is logged, scrubbed, and never leaves the function otherwise.
type panicError struct {
	value any
	stack string
}

func (p panicError) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// Recover turns a panic into an error, so that the process survives. Defer it directly, not in another function:
//
//	defer lambdafunc.Recover(&err)
func Recover(err *error) {
	if p := recover(); p != nil {
		*err = panicError{p, string(debug.Stack())}
	}
}

// Panicked reports whether err comes from a panic.
func Panicked(err error) bool {
	var p panicError
	return errors.As(err, &p)
}

// LogFailure logs an error that must not leave the function, a panic with its stack.
func LogFailure(ctx context.Context, err error) {
	attrs := []any{"error", scrub.ErrorText(err)}
	var p panicError
	if errors.As(err, &p) {
		if cause, ok := p.value.(error); ok { // not unwrapped by panicError, whose outcome it would change
			attrs[1] = "panic: " + scrub.ErrorText(cause)
		}
		attrs = append(attrs, "stack", p.stack)
	}
	slog.ErrorContext(ctx, "the handler failed", attrs...)
}

// GenericMessage returns the text that leaves a function in place of an error's own text. The id finds the log lines.
func GenericMessage(requestID string) string {
	return "Something went wrong, please try again later (reference " + requestID + ")"
}

// genericError is the public form of an internal error.
type genericError struct{ text string }

func (g genericError) Error() string { return g.text }

// GenericError logs an error that must not leave the function, and returns the error that may.
func (in *Invocation) GenericError(ctx context.Context, err error) error {
	LogFailure(ctx, err)
	return genericError{GenericMessage(in.RequestID)}
}
