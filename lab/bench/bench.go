// Package bench measures what the compiled functions cost: the cold start up to the first answer, warm events, CPU,
// memory and size. It compares them with a bare aws-lambda-go function built with the same flags, and with equivalent
// handlers in Python. Absolute times say more about the machine than about the functions, and two runs on one machine
// differ. Ratios are meaningful: all programs are measured in one run, in a new random order each round.
package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
)

// Options say what to measure and how much.
type Options struct {
	Root       string                // the repository; its functions and the bare one must be built, see `make bench`
	ColdRounds int                   // cold starts of each program with a warm page cache, and as many evicted from it
	WarmRounds int                   // processes of each program that are given warm events
	Events     int                   // warm events for each of those
	Log        *os.File              // the programs' output
	Progress   func(done, total int) // called after each process; may be nil
}

// warmUp is how many events a process gets before those that are measured.
const warmUp = 200

// bench is one run.
type bench struct {
	Options
	scratch  string // folder of the copies
	programs []program
	samples  map[string]*samples // by program
	done     int                 // processes
}

// Run measures every function. The report's notes say what could not be measured.
func Run(ctx context.Context, o Options) (Report, error) {
	base := filepath.Join(o.Root, "build", "bench")
	if err := os.MkdirAll(base, 0o755); err != nil {
		return Report{}, err
	}
	scratch, err := os.MkdirTemp(base, ".run-")
	if err != nil {
		return Report{}, err
	}
	defer os.RemoveAll(scratch)
	// A garbage collection would compete with the measured process for the cores. Each process leaves little garbage,
	// which is collected before the next one starts.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))

	b := &bench{Options: o, scratch: scratch, samples: map[string]*samples{}}
	report, err := b.prepare(ctx)
	if err != nil {
		return Report{}, err
	}
	if err := b.measure(ctx); err != nil {
		return Report{}, err
	}
	report.fill(b)
	return report, nil
}

// measure runs all rounds. Cold starts with a warm page cache come first, since evicting leaves programs partly cached.
func (b *bench) measure(ctx context.Context) error {
	if err := b.rounds(ctx, b.ColdRounds, b.cached); err != nil {
		return err
	}
	if err := b.rounds(ctx, b.WarmRounds, b.warm); err != nil {
		return err
	}
	if !canEvict {
		return nil
	}
	return b.rounds(ctx, b.ColdRounds, b.evicted)
}

// rounds runs every program once per round, in a new random order each time.
func (b *bench) rounds(ctx context.Context, rounds int, one func(context.Context, program, *samples) error) error {
	for range rounds {
		for _, i := range rand.Perm(len(b.programs)) {
			p := b.programs[i]
			if err := one(ctx, p, b.samples[p.name]); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			b.done++
			if b.Progress != nil {
				b.Progress(b.done, len(b.programs)*b.perProgram())
			}
		}
	}
	return nil
}

// perProgram is the number of processes that run per program.
func (b *bench) perProgram() int {
	if canEvict {
		return 2*b.ColdRounds + b.WarmRounds
	}
	return b.ColdRounds + b.WarmRounds
}

func (b *bench) cached(ctx context.Context, p program, into *samples) error {
	s, err := serve(ctx, p, 1, b.Log)
	if err != nil {
		return err
	}
	into.cached = append(into.cached, s.firstAnswer())
	into.coldCPU = append(into.coldCPU, s.cpu)
	return nil
}

func (b *bench) evicted(ctx context.Context, p program, into *samples) error {
	if err := p.evict(); err != nil {
		return err
	}
	s, err := serve(ctx, p, 1, b.Log)
	if err != nil {
		return err
	}
	into.evicted = append(into.evicted, s.firstAnswer())
	return nil
}

func (b *bench) warm(ctx context.Context, p program, into *samples) error {
	s, err := serve(ctx, p, warmUp+b.Events, b.Log)
	if err != nil {
		return err
	}
	took := slices.Clone(s.took[warmUp:])
	into.p50 = append(into.p50, percentile(took, 50))
	into.p99 = append(into.p99, percentile(took, 99))
	into.warmCPU = append(into.warmCPU, s.cpu)
	into.peakRSS = append(into.peakRSS, s.peakRSS)
	return nil
}
