// Package apitest calls the routes of an API function inside a unit test, through the same runtime as on Lambda:
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

// RequestID is the id that requests carry where no option sets another.
const RequestID = "request-1"

// API is a function in a test. Its calls may run in parallel.
type API struct {
	handler      lambda.Handler
	log, metrics lines
}

// New sets the function up whose function.json is in the test's folder, with the manifest's settings and env over them.
// It takes the process's log until the test's end.
func New(t testing.TB, setup api.Setup, env map[string]string) *API {
	t.Helper()
	function, err := manifest.Read(manifest.FileName)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(manifest.FileName)
	if err != nil {
		t.Fatal(err)
	}
	return NewWith(t, text, setup, function.EnvironmentWith(env))
}

// NewWith is New with a manifest's text, and env as it is.
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

// Log returns what was logged so far.
func (a *API) Log() string { return a.log.String() }

// Metrics returns the metrics lines so far, one per request.
func (a *API) Metrics() string { return a.metrics.String() }

// Call sends a request to a route, for example "GET /post/{id}".
func (a *API) Call(t testing.TB, routeKey string, options ...Option) Answer {
	t.Helper()
	return a.Send(t, NewRequest(routeKey, options...))
}

// Send sends a request as it is.
func (a *API) Send(t testing.TB, r *api.Request) Answer {
	t.Helper()
	event, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return a.SendEvent(t, event)
}

// SendEvent sends an event's text, as Lambda would.
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

// NewRequest makes a request as API Gateway sends it.
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

// Answer is what came back.
type Answer struct {
	Status  int
	Headers map[string]string
	Body    string
}

// Header returns a header's value by its name in any case.
func (a Answer) Header(name string) string { return a.Headers[strings.ToLower(name)] }

// Problem is a problem's body.
type Problem struct {
	Type, Title, Detail, Code, Instance string
	Status                              int
	Fields                              map[string]string
}

// Decode reads the body into a value.
func (a Answer) Decode(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.Body), into); err != nil {
		t.Fatalf("body %q: %v", a.Body, err)
	}
}

// Want checks the status.
func (a Answer) Want(t testing.TB, status int) Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	return a
}

// WantProblem checks that the answer is a problem with the status and the code, and returns it.
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

// lines is a buffer for parallel writers.
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

// Query sets a parameter of the query.
func Query(name, value string) Option {
	return func(r *api.Request) { r.QueryStringParameters[name] = value }
}

// Header sets a header.
func Header(name, value string) Option {
	return func(r *api.Request) { r.Headers[strings.ToLower(name)] = value }
}

// Body sends a value as JSON.
func Body(value any) Option {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return RawBody(string(text))
}

// RawBody sends a text as application/json.
func RawBody(text string) Option {
	return func(r *api.Request) {
		r.Body = text
		if r.Headers["content-type"] == "" {
			r.Headers["content-type"] = "application/json"
		}
	}
}

// User sends the claims of an access token, as the authorizer passes them, and a token that says nothing.
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

// Claims adds claims to those that the request has, and a token where there is none.
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

// Token sends a raw token.
func Token(token string) Option { return Header("authorization", "Bearer "+token) }
