// Package lambdafunc is what surrounds a handler on Lambda, whatever calls the function: settings and log at the cold
// start, a deadline, panics turned into errors, counters and notes, logs without personal data, and one metrics line
// per invocation. shared/trigger and shared/api add what Cognito and API Gateway want of an answer.
//
// A kind of function has a type that embeds Invocation and is its Subject:
//
//	func (f *function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
//		in := &invocation{payload: payload}
//		ctx = in.Begin(ctx, &f.options, in)
//		defer in.End()
//		answer, err := f.answer(ctx, in) // it defers Recover(&err), and calls in.Known() once the event is read
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

// Options are what differs between kinds of functions, and what a function's main may choose.
type Options struct {
	Name      string        // of the function in metrics where the process runs outside of Lambda
	Limit     time.Duration // how long the caller waits for an answer; 0 for as long as Lambda lets the function run
	Margin    time.Duration // kept back for the answer's way, at most half of the time; 0 for a fifth, at most a second
	Namespace string        // of the metrics in CloudWatch; "" for emf.Namespace
	Metrics   io.Writer     // where the metrics lines go
	Logger    *slog.Logger  // whose handler gets the scrubbed log lines; nil for JSON on standard error by LOG_LEVEL
}

// usualMargin is kept back where no margin was chosen and the time allows it: for the answer's way and the cold start.
const usualMargin = time.Second

// deadline is the earlier of Lambda's own and the limit, less the margin. It reports whether there is one.
func (o *Options) deadline(ctx context.Context, began time.Time) (time.Time, bool) {
	end, ends := ctx.Deadline()
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
