// Package pool compares the local user pool with ministack's, which stores passwords in clear and fires no triggers.
// Both run as separate processes with user pools of the same settings, and one client takes users through the same
// operations in each. Our pool is measured twice: without triggers, for a like-for-like comparison, and with the
// compiled triggers firing. Absolute times depend on the machine; ratios are meaningful, since all contestants take
// turns within one run.
package pool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"cognito-triggers/local/emulator"
	"cognito-triggers/local/poolspec"
)

// Options say what to measure and how much.
type Options struct {
	Root        string // the repository; its functions must be built, see `make bench-pool`
	Poolctl     string // path of poolctl, whose `run` command is our server
	Starts      int    // of each server; the last ones are measured
	Rounds      int    // in each, Flows users go through each pool
	Flows       int
	Concurrency int                   // users at a time
	Log         io.Writer             // the servers' output
	Progress    func(done, total int) // called after each round; may be nil
}

// bench is one run.
type bench struct {
	Options
	scratch     string // the servers' working folder
	interpreter string // Python with ministack installed
	rest        *emulator.Emulator
	spec        poolspec.Spec
	signatures  *signatures
}

// Run measures all three. A failed flow is an error, except from ministack: figures of a wrong pool mean nothing.
func Run(ctx context.Context, o Options) (Report, error) {
	base := filepath.Join(o.Root, "build", "bench")
	if err := os.MkdirAll(base, 0o755); err != nil {
		return Report{}, err
	}
	scratch, err := os.MkdirTemp(base, ".pool-")
	if err != nil {
		return Report{}, err
	}
	// The client shares the servers' cores, and its garbage collections must not be measured.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	b := &bench{Options: o, scratch: scratch}
	report, err := b.run(ctx)
	return report, errors.Join(err, os.RemoveAll(scratch))
}

func (b *bench) run(ctx context.Context) (report Report, err error) {
	report.Options = b.Options
	if b.spec, err = poolspec.Read(b.Root); err != nil {
		return report, err
	}
	b.spec.Domain = nil // several pools have these settings, and a domain is of one
	if b.signatures, err = newSignatures(); err != nil {
		return report, err
	}
	installed := emulator.Options{BuildDir: filepath.Join(b.Root, "build"), Logs: b.Log}
	if b.interpreter, err = emulator.Ministack(ctx, installed); err != nil {
		return report, err
	}
	began := time.Now()
	if b.rest, err = emulator.Start(ctx, installed); err != nil {
		return report, err
	}
	if !b.rest.External {
		report.Rest = time.Since(began)
	}
	defer func() { err = errors.Join(err, b.rest.Stop()) }()
	ours, peer, err := b.start(ctx, &report)
	defer ours.stop()
	defer peer.stop()
	if err != nil {
		return report, err
	}
	contestants, err := b.contestants(ctx, ours, peer)
	if err != nil {
		return report, err
	}
	report.Ours.Idle, report.Peer.Idle = ours.usage(), peer.usage()
	err = b.measure(ctx, contestants)
	report.Ours.Loaded, report.Peer.Loaded = ours.usage(), peer.usage()
	if err == nil {
		report.signIns, err = b.measureSignIns(ctx, contestants[0])
	}
	if err == nil {
		report.hosted, err = b.measureHosted(ctx, contestants[0], contestants[2])
	}
	report.signatures = b.signatures.cost
	report.Local, report.Triggered, report.Ministack = contestants[0], contestants[1], contestants[2]
	return report, err
}

// start starts both servers Starts times, taking turns, and keeps the last ones running.
func (b *bench) start(ctx context.Context, report *Report) (ours, peer *server, err error) {
	for range b.Starts {
		ours.stop()
		peer.stop()
		if ours, err = b.startOurs(ctx); err != nil {
			return ours, nil, fmt.Errorf("poolctl run: %w", err)
		}
		if peer, err = b.startPeer(ctx); err != nil {
			return ours, peer, fmt.Errorf("ministack: %w", err)
		}
		report.Ours.starts = append(report.Ours.starts, ours.started)
		report.Peer.starts = append(report.Peer.starts, peer.started)
	}
	return ours, peer, nil
}

// contestants returns our pool without and with triggers and ministack's, each checked with one user.
func (b *bench) contestants(ctx context.Context, ours, peer *server) ([]*contestant, error) {
	plain, err := b.spec.Create(ctx, ours.cognito, nil, nil)
	if err != nil {
		return nil, err
	}
	all := []*contestant{
		{server: ours, pool: plain.ID, client: plain.Clients[appClient]},
		{server: ours, pool: ours.pool, client: ours.client, fires: true},
		{server: peer, pool: peer.pool, client: peer.client},
	}
	for _, c := range all {
		if err := c.check(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", c, err)
		}
	}
	return all, nil
}

// measure runs the rounds, every other one in reverse order, so that a temporary slowdown affects all contestants. Each
// round measures the signatures too.
func (b *bench) measure(ctx context.Context, contestants []*contestant) error {
	order := slices.Clone(contestants)
	for n := range b.Rounds {
		for _, c := range order {
			if err := c.round(ctx, b.Flows, b.Concurrency); err != nil {
				return fmt.Errorf("%s: %w", c, err)
			}
		}
		if err := b.signatures.round(); err != nil {
			return fmt.Errorf("signing: %w", err)
		}
		slices.Reverse(order)
		if b.Progress != nil {
			b.Progress(n+1, b.Rounds)
		}
	}
	return nil
}
