package api

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/emf"
	"cognito-triggers/shared/scrub"
	"cognito-triggers/shared/settings"
)

// invocation is what the runtime knows about the request in hand.
type invocation struct {
	began     time.Time
	requestID string // API Gateway's, which its access log has
	lambdaID  string // Lambda's, which the platform's log lines have
	route     string
	secrets   *scrub.Secrets // the values that no log may hold
	line      emf.Line
}

// current is the invocation in hand, for log lines written without a context. On Lambda a process serves one request at
// a time.
var current atomic.Pointer[invocation]

type invocationKey struct{}

// otherRoute stands for one that the manifest does not have: an unbounded dimension would make a metric per value.
const otherRoute = "other"

func newInvocation(ctx context.Context, payload []byte) *invocation {
	in := &invocation{began: time.Now(), lambdaID: "unknown", route: otherRoute}
	if lc, ok := lambdacontext.FromContext(ctx); ok && lc.AwsRequestID != "" {
		in.lambdaID = lc.AwsRequestID
	}
	in.requestID = in.lambdaID
	in.secrets = scrub.NewSecrets(func(into *[]string) { // of a payload that is no request
		var event any
		if scrub.Decode(payload, &event) == nil {
			scrub.Collect(event, into)
		} else {
			scrub.Collect(string(payload), into)
		}
	})
	return in
}

// take notes the request. From here on log lines only read what the invocation holds.
func (in *invocation) take(r *Request, known bool) {
	if r.RequestContext.RequestID != "" {
		in.requestID = r.RequestContext.RequestID
	}
	if known {
		in.route = r.RouteKey
	}
	in.secrets = scrub.NewSecrets(r.collectPrivate)
	current.Store(in)
}

func (in *invocation) end() { current.CompareAndSwap(in, nil) }

func withInvocation(ctx context.Context, in *invocation) context.Context {
	return context.WithValue(ctx, invocationKey{}, in)
}

func fromContext(ctx context.Context) *invocation {
	in, _ := ctx.Value(invocationKey{}).(*invocation)
	return in
}

// write appends the request's metrics line: its duration by function, route and class of status, and its counters.
func (in *invocation) write(w io.Writer, status int) {
	in.line.Write(w, in.began, emf.FunctionName("api"),
		[]emf.Member{{Name: "Route", Value: in.route}, {Name: "StatusClass", Value: strconv.Itoa(status/100) + "xx"}},
		[]emf.Member{{Name: "Status", Value: strconv.Itoa(status)}, {Name: "RequestId", Value: in.requestID}, {Name: "LambdaRequestId", Value: in.lambdaID}})
}

// Count adds one to a counter that the request's metrics line carries, for example "PostsLost".
func Count(ctx context.Context, name string) {
	if in := fromContext(ctx); in != nil {
		in.line.Count(name)
	}
}

// Note adds a property to the request's metrics line, to search by; it is no dimension. Never note a user's data.
func Note(ctx context.Context, key, value string) {
	if in := fromContext(ctx); in != nil {
		in.line.Note(key, value)
	}
}

// Hide adds values that no log line of this request may hold, beside those of the request itself: what a handler
// learned elsewhere, such as the tokens that Cognito answered.
func Hide(ctx context.Context, values ...string) {
	if in := fromContext(ctx); in != nil {
		in.secrets.Hide(values...)
	}
}

// UseLog makes slog's default logger write JSON lines to w, from the level that LOG_LEVEL names (debug, info, warn or
// error; info by default). While a request is in hand, each line carries its id and route, and every value of the body,
// the query, the path, the token and its claims is taken out of the line's text.
func UseLog(w io.Writer, env *settings.Env) {
	scrub.UseLog(w, env, func(ctx context.Context) ([]slog.Attr, *scrub.Secrets) {
		in := fromContext(ctx)
		if in == nil {
			in = current.Load()
		}
		if in == nil {
			return nil, nil
		}
		return []slog.Attr{slog.String("requestId", in.requestID), slog.String("route", in.route)}, in.secrets
	})
}
