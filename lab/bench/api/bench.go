// Package api measures the local HTTP API under load. It sends a guarded POST through routing, authorizer, event and
// compiled function, and compares that with a plain reverse proxy in front of the same function on the same runner, and
// with ministack's API Gateway with the same function, authorizer and table. Absolute times depend on the machine;
// ratios are meaningful, since all contestants take turns within one run.
package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"

	"cognito-triggers/local/stack"
)

// Options say what to measure and how much.
type Options struct {
	Root        string // the repository; its functions must be built, see `make bench-api`
	Rounds      int    // in each, every contestant gets Requests of each kind
	Requests    int
	Concurrency int                   // requests at a time
	Log         io.Writer             // output of functions, emulator and access log
	Progress    func(done, total int) // called after each round; may be nil
}

// services are the emulator's services, including its API Gateway.
var services = []string{"dynamodb", "ses", "kms", "sns", "sqs", "lambda", "iam", "sts", "logs", "apigateway"}

// Run measures all contestants. A response with a wrong status is an error, except from ministack.
func Run(ctx context.Context, o Options) (report Report, err error) {
	// The client shares the servers' cores, and its garbage collections must not be measured.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	s, err := stack.Start(ctx, stack.Options{Root: o.Root, Logs: o.Log, Services: services})
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	w, err := open(ctx, s)
	if err != nil {
		return report, err
	}
	plain, err := startPlain(s, w)
	if err != nil {
		return report, err
	}
	defer plain.close()
	report = Report{
		Options: o,
		Plain:   plain.contestant(w),
		Ours:    &contestant{name: "local HTTP API", url: s.APIEndpoint + "/post", token: w.token},
	}
	contestants := []*contestant{report.Plain, report.Ours}
	if report.Peer, report.PeerMissing = startPeer(ctx, s, w); report.Peer != nil {
		contestants = append(contestants, report.Peer)
	}
	for _, c := range contestants {
		c.client, c.rates = newClient(o.Concurrency), map[string][]float64{}
	}
	return report, measure(ctx, o, contestants)
}

// measure runs the rounds, every other one in reverse order, so that a temporary slowdown affects all contestants.
func measure(ctx context.Context, o Options, contestants []*contestant) error {
	order := slices.Clone(contestants)
	for _, c := range order { // spawn processes and open connections before measuring
		for _, k := range kinds() {
			if _, err := c.round(ctx, k, o.Concurrency, o.Concurrency); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	for n := range o.Rounds {
		for _, k := range kinds() {
			for _, c := range order {
				rate, err := c.round(ctx, k, o.Requests, o.Concurrency)
				if err != nil {
					return fmt.Errorf("%s, %s: %w", c.name, k.name, err)
				}
				c.rates[k.name] = append(c.rates[k.name], rate)
			}
		}
		slices.Reverse(order)
		if o.Progress != nil {
			o.Progress(n+1, o.Rounds)
		}
	}
	return nil
}
