package lambdaruntime

import (
	"context"
	"fmt"
)

// Warm starts a process and waits until it asks for its first event, which it then takes without a cold start. It
// returns an *InitError if the process ends instead, and an error that wraps ctx's if that ends first. It does nothing
// for a function that somebody else starts.
func (r *Runner) Warm(ctx context.Context) error {
	if r.function.Debug != nil && r.function.Debug.Attached != nil {
		return nil
	}
	if next, begun := r.begin(); next != nil || !begun {
		return r.closedError()
	}
	defer r.end()
	in, err := r.spawn(&attemptLog{})
	if err != nil {
		return err
	}
	select {
	case <-in.asked:
		r.release(in)
		return nil
	case <-in.gone:
		return in.initError("")
	case <-ctx.Done():
		in.kill()
		return fmt.Errorf("%s: the process did not ask for an event: %w", r.function.Name, ctx.Err())
	}
}

// Retire hands the function over to another runner: events that come from now on go there, even those of callers that
// still hold r. When the running ones have ended, r is closed, and then the channel. The successor must not be r or
// retire to it.
func (r *Runner) Retire(successor *Runner) <-chan struct{} {
	r.mu.Lock()
	if !r.closed {
		r.next = successor
	}
	r.mu.Unlock()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		r.events.Wait()
		_ = r.Close() // always nil
	}()
	return gone
}
