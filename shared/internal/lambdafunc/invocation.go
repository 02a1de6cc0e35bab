package lambdafunc

import (
	"cmp"
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/emf"
	"cognito-triggers/shared/scrub"
)

// Subject is what a kind of function knows about the event that it is handling.
type Subject interface {
	LogAttrs() []slog.Attr  // attributes of each log line
	Private(into *[]string) // adds every value that must not be logged; see scrub.Collect
}

// Invocation is the handling of one event.
type Invocation struct {
	RequestID string // Lambda's, or "unknown" outside Lambda

	options *Options
	subject Subject
	began   time.Time
	cancel  context.CancelFunc
	secrets scrub.Secrets
	line    emf.Line
}

// current is the invocation for log lines written without a context. On Lambda, a process handles one event at a time.
var current atomic.Pointer[Invocation]

type invocationKey struct{}

// Begin starts the clock and returns the handler's context, with its deadline. Call End when the event is handled.
func (in *Invocation) Begin(ctx context.Context, options *Options, subject Subject) context.Context {
	in.options, in.subject, in.began, in.RequestID = options, subject, time.Now(), "unknown"
	if lc, ok := lambdacontext.FromContext(ctx); ok && lc.AwsRequestID != "" {
		in.RequestID = lc.AwsRequestID
	}
	in.secrets.From(subject.Private)
	deadline, ends := options.deadline(ctx, in.began)
	ctx = context.WithValue(ctx, invocationKey{}, in)
	if ends {
		ctx, in.cancel = context.WithDeadline(ctx, deadline)
	} else {
		ctx, in.cancel = context.WithCancel(ctx)
	}
	return ctx
}

// Known tells the log that the event has been decoded: until End, log lines written without a context have its
// attributes, too. The data behind the Subject's methods must not change any more.
func (in *Invocation) Known() { current.Store(in) }

// End releases the resources of Begin.
func (in *Invocation) End() {
	current.CompareAndSwap(in, nil)
	in.cancel()
}

// Note adds a property to the invocation's metrics line.
func (in *Invocation) Note(key, value string) { in.line.Note(key, value) }

// WriteMetrics writes the metrics line: the duration by function and dimensions, and the counters by function.
func (in *Invocation) WriteMetrics(dimensions, properties []emf.Member) {
	head := emf.Head{
		Namespace: cmp.Or(in.options.Namespace, emf.Namespace),
		Function:  emf.FunctionName(in.options.Name),
		Began:     in.began,
	}
	in.line.Write(in.options.Metrics, head, dimensions, properties)
}

// fromContext returns the context's invocation, or nil.
func fromContext(ctx context.Context) *Invocation {
	in, _ := ctx.Value(invocationKey{}).(*Invocation)
	return in
}

// Count adds one to a counter in the metrics line of the context's invocation.
func Count(ctx context.Context, name string) {
	if in := fromContext(ctx); in != nil {
		in.line.Count(name)
	}
}

// Note adds a property to the metrics line of the context's invocation. It is not a dimension of a metric.
func Note(ctx context.Context, key, value string) {
	if in := fromContext(ctx); in != nil {
		in.line.Note(key, value)
	}
}

// Hide adds values that the log lines of the context's invocation must not hold, besides the subject's.
func Hide(ctx context.Context, values ...string) {
	if in := fromContext(ctx); in != nil {
		in.secrets.Hide(values...)
	}
}
