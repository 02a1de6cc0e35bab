// Package soak signs many users up and in at a local pool in a separate process, through the compiled triggers, and
// looks for wrong outcomes: wrong refusals and acceptances, tokens without the triggers' claims, users with no profile
// or two. It also measures the pool's memory.
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

// memorySamples is how often the pool's memory is measured during a run.
const memorySamples = 10

// Options configure a run.
type Options struct {
	Root        string // the repository; its functions and poolctl must be built
	Users       int
	Concurrency int
	Logs        io.Writer             // the pool's output; may be nil
	Progress    func(done, total int) // may be nil
}

// Report is the result of a run.
type Report struct {
	Users, Concurrency int
	Took               time.Duration
	Latencies          map[string][]time.Duration // by operation, successful ones only
	Wrong              []string                   // the first wrong outcomes
	WrongCount         int
	Profiles           int // stored
	Memory             []Memory
	Kept               Kept
}

// Failed reports whether anything was wrong.
func (r Report) Failed() bool { return r.WrongCount > 0 || r.Profiles != r.Users }

// Run starts a pool, signs the users up and in, and stops it. It returns an error if the run could not be carried out;
// wrong outcomes are in the report.
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

// users runs the users from first up to last, Concurrency at a time.
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
