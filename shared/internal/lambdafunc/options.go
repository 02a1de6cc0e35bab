// Package lambdafunc is the runtime around a handler that shared/trigger and shared/api have in common: settings and
// log at cold start, a deadline, panics as errors, counters and notes, logs without personal data, and one line of
// metrics per invocation. The two packages add the answers that Cognito and API Gateway expect.
//
// Each kind of function has a type that embeds Invocation and implements Subject:
//
//	func (f *function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
//		in := &invocation{payload: payload}
//		ctx = in.Begin(ctx, &f.options, in)
//		defer in.End()
//		answer, err := f.answer(ctx, in) // defers Recover(&err), and calls in.Known() when the event is decoded
//		in.WriteMetrics(dimensions, properties)
//		if err != nil {
//			return nil, in.GenericError(ctx, err)
//		}
//		return answer, nil
//	}
package lambdafunc

import (
	"context"
	"io"
	"log/slog"
	"time"
)

// Options holds what differs between the kinds of functions, and what a main function can choose.
type Options struct {
	Name      string        // name of the function in metrics outside Lambda
	Limit     time.Duration // how long the caller waits; 0 means until the function's timeout
	Margin    time.Duration // time reserved for the answer, at most half of the limit; 0 means a fifth, at most 1 s
	Namespace string        // CloudWatch namespace; "" means emf.Namespace
	Metrics   io.Writer     // receives the metrics lines
	Logger    *slog.Logger  // receives the scrubbed log; nil means JSON on standard error, from LOG_LEVEL
}

// usualMargin is the longest default margin. It leaves time for the cold start and for sending the answer.
const usualMargin = time.Second

// longest is the longest timeout of a function on Lambda. A later deadline comes from a local run that is debugged:
// nobody waits for the answer, however long the process stands at a breakpoint.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
const longest = 15 * time.Minute

// deadline returns the earlier of Lambda's deadline and the limit, less the margin, and reports whether there is one.
func (o *Options) deadline(ctx context.Context, began time.Time) (time.Time, bool) {
	end, ends := ctx.Deadline()
	if ends && end.Sub(began) > longest {
		return end, true
	}
	if limit := began.Add(o.Limit); o.Limit > 0 && !(ends && end.Before(limit)) {
		end, ends = limit, true
	}
	left := end.Sub(began)
	margin := min(usualMargin, left/5)
	if o.Margin > 0 {
		margin = min(o.Margin, left/2)
	}
	return end.Add(-margin), ends
}
