package pooltest

import (
	"sync"
	"time"
)

// Clock is the pool's time. It stands still until a test moves it, so that codes, sessions and tokens expire when the
// test says so. The limits of handlers are in real time.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the pool's time. It begins at the time of Start, in whole seconds.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
