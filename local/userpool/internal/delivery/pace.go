package delivery

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"cognito-triggers/local/userpool/state"
)

// pace remembers how long it took to deliver the latest codes of sign-ins in each pool, so that a code that is not sent
// takes as long. Otherwise the time of an answer would tell who exists, above all where custom message has a function.
type pace struct {
	mu     sync.Mutex
	recent map[string][]time.Duration // by pool; the newest at any place
}

const remembered = 64

func (p *pace) note(pool string, took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.recent == nil {
		p.recent = map[string][]time.Duration{}
	}
	if known := p.recent[pool]; len(known) == remembered {
		known[rand.IntN(remembered)] = took
		return
	}
	p.recent[pool] = append(p.recent[pool], took)
}

func (p *pace) guess(pool string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.recent[pool]
	if len(known) == 0 {
		return 0
	}
	return known[rand.IntN(len(known))]
}

// coarse is the time below which timers are not exact.
const coarse = 2 * time.Millisecond

// wait returns once so much time has passed since began, or the context ends.
func wait(ctx context.Context, began time.Time, long time.Duration) {
	if timer := long - time.Since(began) - coarse; timer > 0 {
		select {
		case <-ctx.Done():
			return
		case <-time.After(timer):
		}
	}
	for time.Since(began) < long {
		runtime.Gosched()
	}
}

// PretendSignInCode returns the delivery details of a code that is not sent, after the time that it would have taken.
func (r *Room) PretendSignInCode(ctx context.Context, pool state.Pool, name, attribute string) Details {
	began := time.Now()
	details := r.PretendedAt(pool, name, attribute)
	wait(ctx, began, r.pace.guess(pool.ID))
	return details
}
