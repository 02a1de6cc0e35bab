package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"cognito-triggers/shared/route"
	"cognito-triggers/shared/scrub"
)

// function is the handlers with what surrounds them.
type function struct {
	rules   map[string]route.Route
	routes  Routes
	metrics io.Writer
}

// Invoke answers one event. It returns no error: API Gateway would make a 500 of its own of it, without a code.
func (f *function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	in := newInvocation(ctx, payload)
	ctx, cancel := context.WithDeadline(withInvocation(ctx, in), in.deadline(ctx))
	defer cancel()
	defer in.end()

	response := f.answer(ctx, in, payload).secured()
	in.write(f.metrics, response.StatusCode)
	return json.Marshal(response)
}

// answer turns everything that can go wrong into a response.
func (f *function) answer(ctx context.Context, in *invocation, payload []byte) Response {
	response, err := f.handle(ctx, in, payload)
	if err == nil {
		return response
	}
	problem := publicProblem(ctx, err)
	in.line.Note("Code", problem.Code)
	return problem.response(in.requestID)
}

func (f *function) handle(ctx context.Context, in *invocation, payload []byte) (response Response, err error) {
	defer func() {
		if p := recover(); p != nil {
			response, err = Response{}, panicError{p, string(debug.Stack())}
		}
	}()
	var r Request
	if err := json.Unmarshal(payload, &r); err != nil {
		return Response{}, fmt.Errorf("the event is no request of an HTTP API in payload format 2.0: %w", err)
	}
	rule, known := f.rules[r.RouteKey]
	in.take(&r, known)
	if !known {
		slog.WarnContext(ctx, "request for a route that this function does not have: check what it is attached to")
		return Response{}, Fail(http.StatusNotFound, CodeNotFound, "There is nothing here.")
	}
	if problem := refuse(rule, &r); problem != nil {
		return Response{}, problem
	}
	response, err = f.routes[r.RouteKey](ctx, &r)
	if err == nil && response.StatusCode == 0 {
		err = errors.New("the handler gave neither an answer nor an error")
	}
	return response, err
}

// publicProblem gives what leaves the function, and logs what stays inside.
func publicProblem(ctx context.Context, err error) *Problem {
	var problem *Problem
	if errors.As(err, &problem) && problem != nil {
		return problem
	}
	attrs := []any{"error", scrub.ErrorText(err)}
	var p panicError
	if errors.As(err, &p) {
		attrs = append(attrs, "stack", p.stack)
	}
	slog.ErrorContext(ctx, "the handler failed", attrs...)
	return internal()
}

// limit is how long a caller should wait at most; margin is kept back of it for the answer's way. API Gateway itself
// waits for 30 seconds.
const (
	limit  = 10 * time.Second
	margin = time.Second
)

// deadline is the earlier of Lambda's own and the limit, less the margin.
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
