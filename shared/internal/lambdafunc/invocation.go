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

// Subject is the event in hand, as its kind of function knows it.
type Subject interface {
	LogAttrs() []slog.Attr  // what each log line carries
	Private(into *[]string) // adds every value that no log line may hold; see scrub.Collect
}

// Invocation is one event on its way through a function.
type Invocation struct {
	RequestID string // Lambda's, "unknown" outside of it

	options *Options
	subject Subject
	began   time.Time
	cancel  context.CancelFunc
	secrets scrub.Secrets
	line    emf.Line
}

// current is the invocation in hand, for log lines written without a context. On Lambda a process serves one event at a
// time.
var current atomic.Pointer[Invocation]

type invocationKey struct{}

// Begin starts the clock and returns the context that the handler gets, with its deadline. Call End when all is done.
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

// Known says that the event was read: log lines written without a context carry it, too, until End. What the Subject's
// methods read must not change from here on.
func (in *Invocation) Known() { current.Store(in) }

// End frees what Begin took.
func (in *Invocation) End() {
	current.CompareAndSwap(in, nil)
	in.cancel()
}

// Note adds a property to the invocation's metrics line.
func (in *Invocation) Note(key, value string) { in.line.Note(key, value) }

// WriteMetrics writes the invocation's line: its duration by function and dimensions, and its counters by function.
func (in *Invocation) WriteMetrics(dimensions, properties []emf.Member) {
	head := emf.Head{
		Namespace: cmp.Or(in.options.Namespace, emf.Namespace),
		Function:  emf.FunctionName(in.options.Name),
		Began:     in.began,
	}
	in.line.Write(in.options.Metrics, head, dimensions, properties)
}

// fromContext returns the invocation that the context belongs to, nil for none.
func fromContext(ctx context.Context) *Invocation {
	in, _ := ctx.Value(invocationKey{}).(*Invocation)
	return in
}

// Count adds one to a counter that the metrics line of the context's invocation carries.
func Count(ctx context.Context, name string) {
	if in := fromContext(ctx); in != nil {
		in.line.Count(name)
	}
}

// Note adds a property to the metrics line of the context's invocation, to search by; it is no dimension.
func Note(ctx context.Context, key, value string) {
	if in := fromContext(ctx); in != nil {
		in.line.Note(key, value)
	}
}

// Hide adds values that no log line of the context's invocation may hold, beside its subject's.
func Hide(ctx context.Context, values ...string) {
	if in := fromContext(ctx); in != nil {
		in.secrets.Hide(values...)
	}
}
