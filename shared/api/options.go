package api

import (
	"log/slog"
	"time"

	"cognito-triggers/shared/internal/lambdafunc"
)

// limit is the longest time for an answer. API Gateway would wait for 30 seconds.
const limit = 10 * time.Second

// Option changes a default of Start and New.
type Option func(*lambdafunc.Options)

// WithNamespace sets the CloudWatch namespace of the metrics, "CognitoTriggers" by default. Change the alarms with it.
func WithNamespace(namespace string) Option {
	return func(o *lambdafunc.Options) { o.Namespace = namespace }
}

// WithMargin sets how long before the time limit the handlers' ctx ends. The limit is 10 seconds, or the function's
// timeout if that is shorter. A margin of more than half of the limit counts as half of it. The default, also for 0 or
// less, is a fifth of the limit, but at most a second.
func WithMargin(margin time.Duration) Option {
	return func(o *lambdafunc.Options) { o.Margin = margin }
}

// WithLogger makes Start log through the logger's handler instead of writing JSON lines to standard error. Lines are
// scrubbed and have the same attributes. The handler's level applies, and LOG_LEVEL is ignored. New ignores this
// option, since it does not set up the log.
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
