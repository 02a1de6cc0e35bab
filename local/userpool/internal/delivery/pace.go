package delivery

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"cognito-triggers/local/userpool/state"
)

// pace remembers how long it took to deliver the latest codes of sign-ins in each pool.
type pace struct {
	mu     sync.Mutex
	recent map[string][]time.Duration // by pool, the oldest first
}

const remembered = 64

func (p *pace) note(pool string, took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.recent == nil {
		p.recent = map[string][]time.Duration{}
	}
	known := p.recent[pool]
	if len(known) == remembered {
		known = known[1:]
	}
	p.recent[pool] = append(slices.Clone(known), took)
}

// usual returns the time in which nearly all codes of the pool were delivered lately. It leaves out the slowest
// twentieth, and at least one: a function that had to start.
func (p *pace) usual(pool string) time.Duration {
	p.mu.Lock()
	known := p.recent[pool]
	p.mu.Unlock()
	if len(known) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(known))
	return sorted[max(0, len(sorted)-1-max(1, len(sorted)/20))]
}

// coarse is the time below which timers are not exact.
const coarse = 200 * time.Microsecond

// HoldSignInCode returns once a code that was to be sent at that time has usually been delivered, whether it was or
// not. Otherwise the time of the answer would tell who exists, above all where a function writes the message.
func (r *Room) HoldSignInCode(ctx context.Context, pool state.Pool, began time.Time) {
	HoldUntil(ctx, began.Add(r.pace.usual(pool.ID)))
}

// HoldUntil returns at a time, or when the context ends.
func HoldUntil(ctx context.Context, until time.Time) {
	if left := time.Until(until); left > coarse {
		select {
		case <-ctx.Done():
		case <-time.After(left):
		}
		return
	}
	for time.Now().Before(until) {
		runtime.Gosched()
	}
}
