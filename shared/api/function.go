package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"cognito-triggers/shared/internal/lambdafunc"
	"cognito-triggers/shared/route"
)

// function is the lambda.Handler around the handlers.
type function struct {
	rules   map[string]route.Route
	routes  Routes
	cors    cors
	options lambdafunc.Options
}

// Invoke answers one event. It never returns an error, which API Gateway would turn into a 500 without a code.
func (f *function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	in := &invocation{payload: payload, route: otherRoute}
	ctx = in.Begin(ctx, &f.options, in)
	in.id = in.RequestID
	defer in.End()

	response := f.cors.decorate(f.answer(ctx, in, payload), in.request).secured()
	in.writeMetrics(response.StatusCode)
	return json.Marshal(response)
}

// answer returns the handler's response, or its error as a problem.
func (f *function) answer(ctx context.Context, in *invocation, payload []byte) Response {
	response, err := f.handle(ctx, in, payload)
	if err == nil {
		return response
	}
	problem := publicProblem(ctx, err)
	in.Note("Code", problem.Code)
	return problem.response(in.id)
}

func (f *function) handle(ctx context.Context, in *invocation, payload []byte) (response Response, err error) {
	defer lambdafunc.Recover(&err)
	r, err := readRequest(payload, f.rules)
	if err != nil {
		return Response{}, fmt.Errorf("the event is not a request in payload format 2.0 or 1.0: %w", err)
	}
	rule, known := f.rules[r.RouteKey]
	in.take(r, known)
	if !known && r.Version == "1.0" && f.cors.asks(r) {
		return f.cors.preflight(r), nil
	}
	if !known {
		slog.WarnContext(ctx, "request for a route that this function does not have: check what it is attached to")
		return Response{}, Fail(http.StatusNotFound, CodeNotFound, "This route does not exist.")
	}
	if problem := refuse(rule, r); problem != nil {
		return Response{}, problem
	}
	response, err = f.routes[r.RouteKey](ctx, r)
	if err == nil && response.StatusCode == 0 {
		err = errors.New("the handler returned neither a response nor an error")
	}
	return response, err
}

// publicProblem returns what the caller receives for an error, and logs an error that the caller must not see.
func publicProblem(ctx context.Context, err error) *Problem {
	var problem *Problem
	if errors.As(err, &problem) && problem != nil {
		return problem
	}
	lambdafunc.LogFailure(ctx, err)
	return internal()
}
