// Package api is the runtime around a function behind an HTTP API: its routes from the manifest, who may call each,
// settings at cold start, a deadline, errors as problem details, security headers, logs without personal data and one
// metrics line per request.
//
// An API function's main calls Start with its manifest and a function that reads the settings and builds the handlers:
//
//	//go:embed function.json
//	var manifest []byte
//
//	func main() { api.Start(manifest, setup) }
//
// CORS is not the functions' matter: API Gateway answers preflight requests and adds the headers.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/internal/lambdafunc"
	"cognito-triggers/shared/route"
	"cognito-triggers/shared/settings"
)

// Handler answers one request. A Problem reaches the caller as it is; any other error is logged and becomes a 500 that
// tells the caller no more than the request's id.
//
// ctx ends a while before API Gateway or Lambda would give up; pass it to every call.
type Handler func(ctx context.Context, r *Request) (Response, error)

// Routes are a function's handlers by route key, for example "GET /post/{id}": exactly those of its manifest.
type Routes map[string]Handler

// Setup reads the settings and builds the handlers.
type Setup = func(*settings.Env) (Routes, error)

// Start serves the routes until Lambda ends the process. Where setup fails, a setting is wrong, or handlers and
// manifest do not agree, it logs every problem and exits, so that a mistake is seen at the first deployment and not at
// the first request.
func Start(manifest []byte, setup Setup, options ...Option) {
	refusal := lambdafunc.Refusal{Message: "the function cannot start"}
	lambdafunc.Start(chosen(options), refusal, func(env *settings.Env) (lambda.Handler, error) {
		return New(manifest, setup, env, os.Stdout, options...)
	})
}

// New does what Start does before it serves, for tests and tools: metrics lines go to the writer. The result is safe
// for parallel use where the handlers are.
func New(
	manifest []byte, setup Setup, env *settings.Env, metrics io.Writer, options ...Option,
) (lambda.Handler, error) {
	rules, err := readRules(manifest)
	if err != nil {
		return nil, err
	}
	routes, err := lambdafunc.Setup(env, setup)
	if err != nil {
		return nil, err
	}
	if err := agree(rules, routes); err != nil {
		return nil, err
	}
	f := &function{rules, routes, chosen(options)}
	f.options.Name, f.options.Metrics = "api", metrics
	return f, nil
}

// readRules reads the routes out of a manifest. The build, Terraform and the tests check the rest of it.
func readRules(manifest []byte) (map[string]route.Route, error) {
	var read struct {
		Routes []route.Route `json:"routes"`
	}
	if err := json.Unmarshal(manifest, &read); err != nil {
		return nil, fmt.Errorf("function.json: %w", err)
	}
	rules := make(map[string]route.Route, len(read.Routes))
	for _, r := range read.Routes {
		rules[r.Route] = r
	}
	return rules, nil
}

// agree wants a handler for each route and a route for each handler.
func agree(rules map[string]route.Route, routes Routes) error {
	var problems []error
	for _, key := range slices.Sorted(maps.Keys(rules)) {
		if routes[key] == nil {
			problems = append(problems, fmt.Errorf("function.json has the route %q, and no handler is for it", key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(routes)) {
		if _, known := rules[key]; !known {
			problems = append(problems, fmt.Errorf("a handler is for %q, and function.json has no such route; it has %s",
				key, strings.Join(slices.Sorted(maps.Keys(rules)), ", ")))
		}
	}
	return errors.Join(problems...)
}
