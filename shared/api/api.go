// Package api runs the handlers of a Lambda function behind an API Gateway HTTP API. It takes the routes and who may
// call them from the manifest, reads the settings at cold start, gives each request a deadline, turns errors into
// problem details (RFC 9457), adds security headers, keeps personal data out of the log, and writes one line of metrics
// per request.
//
// The main function of an API function calls Start with the manifest and a function that reads the settings and builds
// the handlers:
//
//	//go:embed function.json
//	var manifest []byte
//
//	func main() { api.Start(manifest, setup) }
//
// An HTTP API handles CORS: it answers preflight requests and adds the headers. A REST API leaves that to the function,
// which does it for the origins in the setting CORS_ORIGINS.
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

// Handler answers one request. If it returns a *Problem, the caller receives it; any other error is logged, and the
// caller receives a 500 with nothing but the request's id.
//
// ctx ends shortly before the time limit, see WithMargin; pass it to every call.
type Handler func(ctx context.Context, r *Request) (Response, error)

// Routes maps route keys, for example "GET /post/{id}", to handlers. It must have exactly the routes of the manifest.
type Routes map[string]Handler

// Setup reads the settings and builds the handlers.
type Setup = func(*settings.Env) (Routes, error)

// Start serves the routes until Lambda ends the process. manifest is the content of function.json. If setup fails, a
// setting is wrong, or the handlers do not match the manifest, Start logs every problem and exits, so that mistakes
// show at deployment and not at the first request.
func Start(manifest []byte, setup Setup, options ...Option) {
	refusal := lambdafunc.Refusal{Message: "the function cannot start"}
	lambdafunc.Start(chosen(options), refusal, func(env *settings.Env) (lambda.Handler, error) {
		return New(manifest, setup, env, os.Stdout, options...)
	})
}

// New returns the handler that Start would serve, for tests and tools. It writes metrics lines to metrics and returns
// an error that joins every problem. The result is safe for concurrent use if the handlers are.
func New(
	manifest []byte, setup Setup, env *settings.Env, metrics io.Writer, options ...Option,
) (lambda.Handler, error) {
	rules, err := readRules(manifest)
	if err != nil {
		return nil, err
	}
	var pages cors
	routes, err := lambdafunc.Setup(env, func(env *settings.Env) (Routes, error) {
		routes, err := setup(env)
		pages = readCORS(env, routes)
		return routes, err
	})
	if err != nil {
		return nil, err
	}
	if err := agree(rules, routes); err != nil {
		return nil, err
	}
	f := &function{rules, routes, pages, chosen(options)}
	f.options.Name, f.options.Metrics = "api", metrics
	return f, nil
}

// readRules reads the routes of a manifest. The build, Terraform and the tests check the rest of it.
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

// agree checks that each route has a handler and each handler a route.
func agree(rules map[string]route.Route, routes Routes) error {
	var problems []error
	for _, key := range slices.Sorted(maps.Keys(rules)) {
		if routes[key] == nil {
			problems = append(problems, fmt.Errorf("function.json has the route %q, which has no handler", key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(routes)) {
		if _, known := rules[key]; !known {
			problems = append(problems, fmt.Errorf("the handler for %q has no route in function.json; its routes are %s",
				key, strings.Join(slices.Sorted(maps.Keys(rules)), ", ")))
		}
	}
	return errors.Join(problems...)
}
