package trigger

import (
	"log/slog"
	"time"

	"cognito-triggers/shared/internal/lambdafunc"
)

// limit is how long Cognito waits for a trigger.
const limit = 5 * time.Second

// Option changes what Start and New do by default.
type Option func(*lambdafunc.Options)

// WithNamespace sets the CloudWatch namespace of the metrics, Namespace by default. Alarms have to look there, too.
func WithNamespace(namespace string) Option {
	return func(o *lambdafunc.Options) { o.Namespace = namespace }
}

// WithMargin sets how long before Cognito or Lambda gives up the handler's ctx ends, at most half of the time that
// there is. By default it is a fifth of the time, at most a second; 0 or less means the default.
func WithMargin(margin time.Duration) Option {
	return func(o *lambdafunc.Options) { o.Margin = margin }
}

// WithLogger makes Start pass log lines on to the logger's handler, in place of JSON lines on standard error. They are
// scrubbed, and carry the same attributes; the handler's own level counts, and LOG_LEVEL is not read. New, which sets
// no log up, ignores it.
func WithLogger(logger *slog.Logger) Option {
	return func(o *lambdafunc.Options) { o.Logger = logger }
}

func chosen(options []Option) lambdafunc.Options {
	o := lambdafunc.Options{Limit: limit}
	for _, set := range options {
		set(&o)
	}
	return o
}
