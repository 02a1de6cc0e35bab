// Package soak signs many users up and in at a local pool that runs as a process of its own, through the compiled
// triggers, and looks for wrong outcomes: a refusal that should not be, an acceptance that should not be, tokens
// without what the triggers put into them, a user without a profile or with two. It measures the pool's memory
// meanwhile.
package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// samples of the pool's memory that are taken on the way.
const memorySamples = 10

// Options of a run.
type Options struct {
	Root        string // the repository; its functions and poolctl must be built
	Users       int
	Concurrency int
	Logs        io.Writer             // what the pool prints; may be nil
	Progress    func(done, total int) // may be nil
}

// Report is what came of a run.
type Report struct {
	Users, Concurrency int
	Took               time.Duration
	Latencies          map[string][]time.Duration // by operation, only of those that did what they must
	Wrong              []string                   // the first wrong outcomes
	WrongCount         int
	Profiles           int // that are stored
	Memory             []Memory
	Kept               Kept
}

// Failed tells whether anything was wrong.
func (r Report) Failed() bool { return r.WrongCount > 0 || r.Profiles != r.Users }

// Run starts a pool, has the users sign up and in, and stops it. Its error tells that the run could not be made; wrong
// outcomes are in the report.
func Run(ctx context.Context, o Options) (Report, error) {
	if o.Users < 1 || o.Concurrency < 1 {
		return Report{}, errors.New("soak: Users and Concurrency must be at least 1")
	}
	pool, err := startPool(ctx, o.Root, o.Logs)
	if err != nil {
		return Report{}, fmt.Errorf("soak: %w", err)
	}
	report, err := run(ctx, pool, o)
	if err = errors.Join(err, pool.stop()); err != nil {
		return report, fmt.Errorf("soak: %w", err)
	}
	return report, nil
}

func run(ctx context.Context, pool *pool, o Options) (Report, error) {
	d := newDriver(pool.addresses)
	report := Report{Users: o.Users, Concurrency: o.Concurrency}
	sample := func(users int) {
		report.Memory = append(report.Memory, memoryOf(pool.process.PID(), users))
	}
	sample(0)
	began := time.Now()
	each := max(o.Users/memorySamples, 1)
	for first := 0; first < o.Users; first += each {
		last := min(first+each, o.Users)
		d.users(ctx, first, last, o)
		if err := pool.alive(ctx); err != nil {
			return report, err
		}
		sample(last)
	}
	report.Took = time.Since(began)
	stored, err := profilesOf(ctx, pool.addresses)
	if err != nil {
		return report, err
	}
	report.Profiles = len(stored)
	d.compare(stored)
	if report.Kept, err = keptBy(ctx, pool.addresses.Endpoint); err != nil {
		return report, err
	}
	report.Latencies, report.Wrong, report.WrongCount = d.latencies, d.wrong, d.wrongCount
	return report, nil
}

// users has those from first up to last live their lives, so many at a time.
func (d *driver) users(ctx context.Context, first, last int, o Options) {
	var next atomic.Int64
	next.Store(int64(first))
	var workers sync.WaitGroup
	for range min(o.Concurrency, last-first) {
		workers.Go(func() {
			for ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= last {
					return
				}
				d.user(ctx, n)
				if done := d.done.Add(1); o.Progress != nil {
					o.Progress(int(done), o.Users)
				}
			}
		})
	}
	workers.Wait()
}
