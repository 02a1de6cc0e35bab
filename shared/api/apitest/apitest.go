// Package apitest calls the routes of an API function in a unit test, through the same runtime as on Lambda:
//
//	a := apitest.New(t, setup, map[string]string{"POSTS_TABLE": "posts"})
//	got := a.Call(t, "PUT /post/{id}", apitest.Path("id", id), apitest.User("sub-1", "admins"), apitest.Body(post))
//	got.WantProblem(t, 403, api.CodeForbidden)
package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/settings"
)

// RequestID is the id of requests, unless an option sets another.
const RequestID = "request-1"

// API is an API function under test. It is safe for concurrent use.
type API struct {
	handler      lambda.Handler
	log, metrics lines
}

// New sets up the function whose function.json is in the test's folder, with the manifest's settings, overridden by
// env. It captures the process's default log until the test ends.
func New(t testing.TB, setup api.Setup, env map[string]string) *API {
	t.Helper()
	text, function := readManifest(t)
	return NewWith(t, text, setup, function.EnvironmentWith(env))
}

// readManifest reads the function.json of the test's folder.
func readManifest(t testing.TB) (text []byte, function manifest.Function) {
	t.Helper()
	function, err := manifest.Read(manifest.FileName)
	if err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(manifest.FileName); err != nil {
		t.Fatal(err)
	}
	return text, function
}

// NewWith is like New with the given manifest, and with the settings of env alone.
func NewWith(t testing.TB, manifest []byte, setup api.Setup, env map[string]string) *API {
	t.Helper()
	a := &API{}
	previous := slog.Default()
	t.Cleanup(func() { slog.SetDefault(previous) })
	e := settings.FromMap(env)
	api.UseLog(&a.log, e)
	handler, err := api.New(manifest, setup, e, &a.metrics)
	if err != nil {
		t.Fatal(err)
	}
	a.handler = handler
	return a
}

// Log returns the log lines so far.
func (a *API) Log() string { return a.log.String() }

// Metrics returns the metrics lines so far, one per request.
func (a *API) Metrics() string { return a.metrics.String() }

// Call sends a request to the route, for example "GET /post/{id}", and returns the answer.
func (a *API) Call(t testing.TB, routeKey string, options ...Option) Answer {
	t.Helper()
	return a.Send(t, NewRequest(routeKey, options...))
}

// Send sends the request and returns the answer.
func (a *API) Send(t testing.TB, r *api.Request) Answer {
	t.Helper()
	event, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return a.SendEvent(t, event)
}

// SendEvent sends an event as Lambda would and returns the answer. It fails the test if the function returns an error.
func (a *API) SendEvent(t testing.TB, event []byte) Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: "lambda-" + RequestID})
	text, err := a.handler.Invoke(ctx, event)
	if err != nil {
		t.Fatalf("the function failed, which it never should: %v", err)
	}
	var response api.Response
	if err := json.Unmarshal(text, &response); err != nil {
		t.Fatalf("answer %s: %v", text, err)
	}
	return Answer{response.StatusCode, response.Headers, response.Body}
}

// NewRequest returns a request to the route as API Gateway sends it.
func NewRequest(routeKey string, options ...Option) *api.Request {
	method, path, _ := strings.Cut(routeKey, " ")
	r := &api.Request{
		Version: "2.0", RouteKey: routeKey, RawPath: path,
		Headers: map[string]string{"accept": "*/*"}, PathParameters: map[string]string{},
		QueryStringParameters: map[string]string{},
		RequestContext: api.RequestContext{
			RequestID: RequestID,
			HTTP:      api.HTTP{Method: method, SourceIP: "192.0.2.1", UserAgent: "test"},
		},
	}
	for _, option := range options {
		option(r)
	}
	for name, value := range r.PathParameters {
		r.RawPath = strings.ReplaceAll(r.RawPath, "{"+name+"}", value)
	}
	r.RequestContext.HTTP.Path = r.RawPath
	return r
}

// Answer is the function's answer.
type Answer struct {
	Status  int
	Headers map[string]string
	Body    string
}

// Header returns the value of a header, or "". The case of name is ignored.
func (a Answer) Header(name string) string { return a.Headers[strings.ToLower(name)] }

// Problem is the body of a problem.
type Problem struct {
	Type, Title, Detail, Code, Instance string
	Status                              int
	Fields                              map[string]string
}

// Decode decodes the JSON body into the value that into points to, or fails the test.
func (a Answer) Decode(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.Body), into); err != nil {
		t.Fatalf("body %q: %v", a.Body, err)
	}
}

// Want fails the test if the answer has another status, and returns the answer.
func (a Answer) Want(t testing.TB, status int) Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	return a
}

// WantProblem fails the test if the answer is not a problem with the status and code, and returns the problem.
func (a Answer) WantProblem(t testing.TB, status int, code string) Problem {
	t.Helper()
	var p Problem
	if a.Header("content-type") != "application/problem+json" {
		t.Fatalf("status %d with content type %q, want the problem %d %s: %s", a.Status, a.Header("content-type"), status,
			code, a.Body)
	}
	a.Decode(t, &p)
	if a.Status != status || p.Status != status || p.Code != code {
		t.Fatalf("problem %d %s, want %d %s: %s", a.Status, p.Code, status, code, a.Body)
	}
	return p
}

// lines is a buffer for concurrent writers.
type lines struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.String()
}

// Option changes a request before it is sent.
type Option func(*api.Request)

// Path sets a path parameter.
func Path(name, value string) Option {
	return func(r *api.Request) { r.PathParameters[name] = value }
}

// Query sets a query parameter.
func Query(name, value string) Option {
	return func(r *api.Request) { r.QueryStringParameters[name] = value }
}

// Header sets a header.
func Header(name, value string) Option {
	return func(r *api.Request) { r.Headers[strings.ToLower(name)] = value }
}

// Body sends a value as JSON. It panics if the value cannot be encoded.
func Body(value any) Option {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return RawBody(string(text))
}

// RawBody sends a body as application/json, unless a content type is set.
func RawBody(text string) Option {
	return func(r *api.Request) {
		r.Body = text
		if r.Headers["content-type"] == "" {
			r.Headers["content-type"] = "application/json"
		}
	}
}

// User sends an access token of a user: a placeholder, and its claims as the authorizer passes them.
func User(sub string, groups ...string) Option {
	return func(r *api.Request) {
		claims := map[string]string{
			"sub":       sub,
			"username":  sub,
			"client_id": "client",
			"token_use": api.AccessToken,
			"scope":     "aws.cognito.signin.user.admin",
		}
		if len(groups) > 0 {
			claims["cognito:groups"] = "[" + strings.Join(groups, " ") + "]"
		}
		Claims(claims)(r)
	}
}

// Claims adds claims to the request, and a placeholder token if it has none.
func Claims(claims map[string]string) Option {
	return func(r *api.Request) {
		if r.RequestContext.Authorizer == nil {
			r.RequestContext.Authorizer = &api.Authorizer{JWT: api.JWT{Claims: api.ClaimValues{}}}
		}
		maps.Copy(r.RequestContext.Authorizer.JWT.Claims, claims)
		if r.Headers["authorization"] == "" {
			r.Headers["authorization"] = "Bearer header.payload.signature"
		}
	}
}

// Token sends a token without claims, as to a route without authorizer.
func Token(token string) Option { return Header("authorization", "Bearer "+token) }
