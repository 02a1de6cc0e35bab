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

// otherRoute replaces routes that the manifest does not have: CloudWatch makes a metric per value of a dimension.
const otherRoute = "other"

// invocation is the request that is being served. Its RequestID is Lambda's, which Lambda's own log lines have.
type invocation struct {
	lambdafunc.Invocation
	payload []byte
	request *Request // nil until the payload is decoded
	id      string   // API Gateway's, which its access log has; Lambda's if there is none
	route   string
}

// take stores the decoded request.
func (in *invocation) take(r *Request, known bool) {
	in.request, in.id = r, cmp.Or(r.RequestContext.RequestID, in.id)
	if known {
		in.route = r.RouteKey
	}
	in.Known()
}

// LogAttrs returns the attributes of each log line.
func (in *invocation) LogAttrs() []slog.Attr {
	return []slog.Attr{slog.String("requestId", in.id), slog.String("route", in.route)}
}

// Private collects every value of the request, or of a payload that is not a request.
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

// writeMetrics writes the request's metrics line: the duration by function, route and class of status, and the
// counters.
func (in *invocation) writeMetrics(status int) {
	in.WriteMetrics(
		[]emf.Member{{Name: "Route", Value: in.route}, {Name: "StatusClass", Value: strconv.Itoa(status/100) + "xx"}},
		[]emf.Member{
			{Name: "Status", Value: strconv.Itoa(status)},
			{Name: "RequestId", Value: in.id},
			{Name: "LambdaRequestId", Value: in.RequestID},
		})
}

// Count adds one to a CloudWatch metric of the function, for example "PostsLost". ctx is the handler's.
func Count(ctx context.Context, name string) { lambdafunc.Count(ctx, name) }

// Note adds a property to the request's metrics line, so that it can be searched for in the log. It is not a dimension
// of a metric. Never note a user's data.
func Note(ctx context.Context, key, value string) { lambdafunc.Note(ctx, key, value) }

// Hide removes values from the log lines of this request that the request itself does not have, such as the tokens in
// Cognito's answer.
func Hide(ctx context.Context, values ...string) { lambdafunc.Hide(ctx, values...) }

// UseLog makes slog's default logger write JSON lines to w. LOG_LEVEL sets the level: debug, info (the default), warn
// or error. During a request, each line has the request's id and route, and every value of its body, query, path, token
// and claims is removed from the line. Start calls UseLog; tests can call it themselves.
func UseLog(w io.Writer, env *settings.Env) { lambdafunc.UseLog(w, env) }
