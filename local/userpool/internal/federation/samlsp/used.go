package samlsp

import (
	"errors"
	"maps"
	"sync"
	"time"

	crewjam "github.com/crewjam/saml"
)

// maxUsed bounds how many assertions are remembered. Beyond it, sign-ins fail until some have expired: to forget one
// would let it be used again.
const maxUsed = 10_000

// used remembers the assertions that were accepted, until they expire.
type used struct {
	now func() time.Time

	mu    sync.Mutex
	until map[string]time.Time
}

// usedOf is what was used of one provider: two providers may choose the same ID.
type usedOf struct {
	all      *used
	provider string
}

func (u *used) of(provider string) usedOf { return usedOf{u, provider} }

// Consume implements crewjam.AssertionReplayCache.
func (u usedOf) Consume(id string, until time.Time) error {
	u.all.mu.Lock()
	defer u.all.mu.Unlock()
	key, now := u.provider+" "+id, u.all.now()
	if _, known := u.all.until[key]; known {
		return crewjam.ErrAssertionReplayed
	}
	if len(u.all.until) >= maxUsed {
		maps.DeleteFunc(u.all.until, func(_ string, until time.Time) bool { return until.Before(now) })
	}
	if len(u.all.until) >= maxUsed {
		return errors.New("too many assertions are in use")
	}
	u.all.until[key] = until
	return nil
}
