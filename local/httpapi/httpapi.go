// Package httpapi serves the functions of api/ like an HTTP API of Amazon API Gateway: routes from their manifests,
// events in payload format 2.0, a JWT authorizer, CORS, limits and timeouts. It runs the compiled binaries, which
// cannot tell it from the deployed API. Where AWS's guide is silent, it follows API Gateway's observed behaviour: the
// path is decoded before routing, and only bodies of type text/*, JSON, XML or JavaScript count as text. There is no
// throttling, no stages, no TLS, and nothing else that manifests cannot ask for.
//
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/manifest"
)

// API Gateway's quotas, which cannot be raised.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const (
	maxHead            = 10_240   // bytes of the request line and the header values
	maxBody            = 10 << 20 // bytes
	integrationTimeout = 30 * time.Second
)

// Invoker runs a function; *lambdaruntime.Runner is one.
type Invoker interface {
	Invoke(ctx context.Context, event []byte) (lambdaruntime.Result, error)
}

// Function is a function of api/ and its runner.
type Function struct {
	manifest.Function
	Invoker Invoker
}

// Options configure an API.
type Options struct {
	Functions  []Function
	Authorizer *Authorizer // for routes with the authorizer "jwt", which are an error without one
	CORS       CORS        // the zero value: no CORS
	AccessLog  io.Writer   // gets one JSON line per request; nil discards them
	Now        func() time.Time
	Timeout    time.Duration // for a function's response; 0 means API Gateway's 30 s
}

// API is an http.Handler, safe for concurrent use.
type API struct {
	routes     routes
	authorizer *Authorizer
	cors       CORS
	log        *slog.Logger
	now        func() time.Time
	timeout    time.Duration
}

// New returns an API for the functions. It returns an error for conflicting routes and for guarded ones without an
// authorizer.
func New(o Options) (*API, error) {
	table, err := newRoutes(o.Functions, o.Authorizer != nil)
	if err != nil {
		return nil, err
	}
	if o.AccessLog == nil {
		o.AccessLog = io.Discard
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Timeout == 0 {
		o.Timeout = integrationTimeout
	}
	return &API{
		routes:     table,
		authorizer: o.Authorizer,
		cors:       o.CORS,
		log:        slog.New(slog.NewJSONHandler(o.AccessLog, nil)),
		now:        o.Now,
		timeout:    o.Timeout,
	}, nil
}

// exchange is one request and its outcome.
type exchange struct {
	id      string
	began   time.Time
	route   string // route key; empty if none matched
	refused string // the authorizer's reason, as the client reads it
	failure string // what was wrong with the function's response
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{id: requestID(), began: a.now()}
	out := a.answer(w, r, x)
	a.cors.decorate(r, out.header)
	out.header.Set("Apigw-Requestid", x.id)
	out.write(w)
	a.record(r, x, out.status)
}

// answer returns the response before CORS headers are added.
func (a *API) answer(w http.ResponseWriter, r *http.Request, x *exchange) response {
	if headSize(r) > maxHead {
		return message(http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large")
	}
	if a.cors.enabled() && r.Method == http.MethodOptions {
		return a.cors.preflight(r)
	}
	matched, parameters := a.routes.find(r.Method, r.URL.Path)
	if matched == nil {
		return message(http.StatusNotFound, "Not Found")
	}
	x.route = matched.Route.Route
	var granted *grant
	if matched.Guarded() {
		var refused *refusal
		if granted, refused = a.authorizer.authorize(r, matched.Scopes, x.began); refused != nil {
			x.refused = refused.description
			return refused.response()
		}
	}
	body, err := a.readBody(w, r)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return message(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return message(http.StatusRequestTimeout, "Request Timeout")
	case err != nil:
		return message(http.StatusBadRequest, "Bad Request") // the client disconnected, or the body's framing is broken
	}
	return a.integrate(r, x, matched, parameters, granted, body)
}

// readBody waits for a body no longer than for a function's response; AWS's guide does not say how long API Gateway
// waits. It clears the deadline afterwards, which would otherwise cancel the request while the function runs.
func (a *API) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	connection := http.NewResponseController(w)
	// fails only without a connection, as in tests
	_ = connection.SetReadDeadline(time.Now().Add(a.timeout))
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err == nil { // otherwise the server still waits for the rest before it closes the connection
		_ = connection.SetReadDeadline(time.Time{})
	}
	return body, err
}

// integrate invokes the function. As on Lambda, the function runs to its end even if the client disconnects or the time
// is up.
func (a *API) integrate(r *http.Request, x *exchange, m *served, parameters map[string]string, g *grant,
	body []byte) response {
	event, err := json.Marshal(newEvent(r, x, parameters, g, body))
	if err != nil {
		x.failure = "the event cannot be encoded"
		return internalServerError()
	}
	ctx, cancel := context.WithTimeout(r.Context(), a.timeout)
	defer cancel()
	result, err := m.invoker.Invoke(ctx, event)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		x.failure = "the function did not answer in time"
		return message(http.StatusServiceUnavailable, "Service Unavailable")
	case err != nil:
		x.failure = failureKind(err)
		return internalServerError()
	}
	out, err := parseAnswer(result.Payload)
	if err != nil {
		x.failure = err.Error()
		return internalServerError()
	}
	return out
}

// failureKind describes an error without quoting the function, whose texts may contain anything.
func failureKind(err error) string {
	var failed *lambdaruntime.FunctionError
	var crashed *lambdaruntime.CrashError
	var unstarted *lambdaruntime.InitError
	switch {
	case errors.As(err, &failed):
		return "the function returned the error " + failed.Type
	case errors.As(err, &crashed):
		return "the function's process died: " + crashed.Status
	case errors.As(err, &unstarted):
		return "the function did not start: " + unstarted.Type + " " + unstarted.Status
	case errors.Is(err, lambdaruntime.ErrTimeout):
		return "the function timed out"
	case errors.Is(err, context.Canceled):
		return "the client disconnected"
	}
	return "the function cannot be invoked"
}

// record writes the access log. It logs the route key, never the path or the query, which are the caller's data.
func (a *API) record(r *http.Request, x *exchange, status int) {
	level := slog.LevelInfo
	fields := []any{"requestId", x.id, "httpMethod", r.Method, "routeKey", x.route, "status", status,
		"responseLatency", a.now().Sub(x.began).Milliseconds()}
	if x.refused != "" {
		fields = append(fields, "authorizerError", x.refused)
	}
	if x.failure != "" {
		level, fields = slog.LevelError, append(fields, "integrationError", x.failure)
	}
	a.log.Log(context.Background(), level, "request", fields...)
}

// headSize returns the bytes that count towards maxHead.
func headSize(r *http.Request) int {
	size := len(r.Method) + len(r.RequestURI) + len(r.Proto) + len("  ") + len(r.Host)
	for _, values := range r.Header {
		for _, value := range values {
			size += len(value)
		}
	}
	return size
}

// requestID returns an ID in API Gateway's form.
func requestID() string {
	var random [11]byte
	_, _ = rand.Read(random[:]) // never fails
	return base64.StdEncoding.EncodeToString(random[:])
}
