package api

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"strconv"

	"cognito-triggers/shared/emf"
	"cognito-triggers/shared/internal/lambdafunc"
	"cognito-triggers/shared/scrub"
	"cognito-triggers/shared/settings"
)

// otherRoute stands for one that the manifest does not have: an unbounded dimension would make a metric per value.
const otherRoute = "other"

// invocation is what the runtime knows about the request in hand. Its RequestID is Lambda's, which the platform's log
// lines have.
type invocation struct {
	lambdafunc.Invocation
	payload []byte
	request *Request // nil until the payload was read
	id      string   // API Gateway's, which its access log has; Lambda's where there is none
	route   string
}

// take notes the request.
func (in *invocation) take(r *Request, known bool) {
	in.request, in.id = r, cmp.Or(r.RequestContext.RequestID, in.id)
	if known {
		in.route = r.RouteKey
	}
	in.Known()
}

// LogAttrs are what each log line carries.
func (in *invocation) LogAttrs() []slog.Attr {
	return []slog.Attr{slog.String("requestId", in.id), slog.String("route", in.route)}
}

// Private finds every value of the request, or of a payload that is none.
func (in *invocation) Private(into *[]string) {
	if in.request != nil {
		in.request.collectPrivate(into)
		return
	}
	var event any
	if scrub.Decode(in.payload, &event) == nil {
		scrub.Collect(event, into)
	} else {
		scrub.Collect(string(in.payload), into)
	}
}

// writeMetrics writes the request's line: its duration by function, route and class of status, and its counters.
func (in *invocation) writeMetrics(status int) {
	in.WriteMetrics(
		[]emf.Member{{Name: "Route", Value: in.route}, {Name: "StatusClass", Value: strconv.Itoa(status/100) + "xx"}},
		[]emf.Member{
			{Name: "Status", Value: strconv.Itoa(status)},
			{Name: "RequestId", Value: in.id},
			{Name: "LambdaRequestId", Value: in.RequestID},
		})
}

// Count adds one to a counter that the request's metrics line carries, for example "PostsLost".
func Count(ctx context.Context, name string) { lambdafunc.Count(ctx, name) }

// Note adds a property to the request's metrics line, to search by; it is no dimension. Never note a user's data.
func Note(ctx context.Context, key, value string) { lambdafunc.Note(ctx, key, value) }

// Hide adds values that no log line of this request may hold, beside those of the request itself: what a handler
// learned elsewhere, such as the tokens that Cognito answered.
func Hide(ctx context.Context, values ...string) { lambdafunc.Hide(ctx, values...) }

// UseLog makes slog's default logger write JSON lines to w, from the level that LOG_LEVEL names (debug, info, warn or
// error; info by default). While a request is in hand, each line carries its id and route, and every value of the body,
// the query, the path, the token and its claims is taken out of the line's text.
func UseLog(w io.Writer, env *settings.Env) { lambdafunc.UseLog(w, env) }
