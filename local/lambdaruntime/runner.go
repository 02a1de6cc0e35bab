package lambdaruntime

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Runner runs one function. Its methods are safe for concurrent use.
type Runner struct {
	function Function
	slots    chan struct{} // holds one element for each event that a process may have
	closing  chan struct{} // closed by Close
	work     sync.WaitGroup

	mu     sync.Mutex
	closed bool
	live   map[*instance]struct{}
	idle   []*instance // those without an event, the one used last at the end
	stats  Stats
}

// Result is the outcome of one attempt.
type Result struct {
	// Payload is the function's answer; with a FunctionError, its report.
	Payload []byte
	// Duration is from handing the event to the process until its answer, or until the attempt was given up.
	Duration time.Duration
	// Init is from spawning the process until it asked for its first event; zero unless Cold.
	Init time.Duration
	// Cold tells that a process was spawned for this event.
	Cold bool
	// RequestID is the Lambda-Runtime-Aws-Request-Id that the process was told.
	RequestID string
}

// Start checks the function and makes its runner. Processes are spawned when there are events.
func Start(fn Function) (*Runner, error) {
	fn, err := fn.withDefaults()
	if err != nil {
		return nil, err
	}
	return &Runner{
		function: fn,
		slots:    make(chan struct{}, fn.MaxInstances),
		closing:  make(chan struct{}),
		live:     map[*instance]struct{}{},
	}, nil
}

// Invoke gives the event to a process and returns its answer: one attempt. The errors are a *FunctionError where the
// function answered with one, ErrTimeout, a *CrashError, an *InitError, ErrClosed, or ctx's.
//
// A caller whose ctx ends gets its answer no more, but as on Lambda an event that a process was chosen for runs to its
// end.
func (r *Runner) Invoke(ctx context.Context, event []byte) (Result, error) {
	if len(event) > MaxPayload {
		return Result{}, fmt.Errorf("%s: the event has %d bytes, Lambda takes at most %d", r.function.Name, len(event),
			MaxPayload)
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	if !r.begin() {
		return Result{}, r.closedError()
	}
	inv := newInvocation(event, r.function.Timeout)
	timer := time.NewTimer(r.function.Timeout)
	if err := r.queue(ctx, timer.C); err != nil {
		timer.Stop()
		r.work.Done()
		return Result{RequestID: inv.id}, err
	}
	type outcome struct {
		result Result
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		defer r.work.Done()
		defer func() { <-r.slots }()
		defer timer.Stop()
		result, err := r.attempt(inv, timer.C)
		done <- outcome{result, err}
	}()
	select {
	case o := <-done:
		return o.result, o.err
	case <-ctx.Done():
		return Result{RequestID: inv.id}, ctx.Err()
	}
}

// begin counts an event in, which holds Close up. It is false after Close.
func (r *Runner) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.work.Add(1)
	return true
}

// queue waits until the event may have a process.
func (r *Runner) queue(ctx context.Context, deadline <-chan time.Time) error {
	select {
	case r.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-r.closing:
		return r.closedError()
	case <-deadline:
		return fmt.Errorf("%s: %w after %v waiting for one of %d busy processes",
			r.function.Name, ErrTimeout, r.function.Timeout, r.function.MaxInstances)
	}
}

// attempt finds the event a process, twice or more where an idle one turns out to be dead.
func (r *Runner) attempt(inv *invocation, deadline <-chan time.Time) (Result, error) {
	for {
		in, fresh, err := r.take()
		if err != nil {
			return Result{RequestID: inv.id}, err
		}
		a, err := in.serve(inv, deadline, fresh)
		if errors.Is(err, errStale) {
			continue
		}
		result := Result{Payload: a.payload, Duration: a.took, Cold: fresh, RequestID: inv.id}
		if fresh {
			result.Init = in.initDuration()
		}
		switch {
		case err == nil && a.err == nil:
			r.release(in)
			return result, nil
		case err == nil:
			r.release(in)
			return result, a.err
		}
		if result.Duration = in.since(inv); r.isClosed() {
			err = r.closedError()
		}
		return result, err
	}
}

// take is the process that was used last, or a new one.
func (r *Runner) take() (in *instance, fresh bool, err error) {
	r.mu.Lock()
	if last := len(r.idle) - 1; last >= 0 {
		in = r.idle[last]
		r.idle = r.idle[:last]
		r.mu.Unlock()
		return in, false, nil
	}
	r.mu.Unlock()
	in, err = newInstance(r.function)
	if err != nil {
		return nil, false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.live[in] = struct{}{}
	r.stats.Spawns++
	r.work.Go(func() { in.await(r.forget) })
	if r.closed {
		in.process.Kill() // Close did not see it
	}
	return in, true, nil
}

// release keeps the process for the next event.
func (r *Runner) release(in *instance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, alive := r.live[in]; alive {
		r.idle = append(r.idle, in)
	}
}

// Kill kills all processes, with or without an event, waits until they have ended and returns how many they were. The
// next events get new ones.
func (r *Runner) Kill() int {
	running := r.running()
	for _, in := range running {
		in.process.Kill()
	}
	for _, in := range running {
		<-in.gone
	}
	return len(running)
}

// Close kills all processes and waits until they have ended and every Invoke is answered, with ErrClosed where it was
// in flight. Closing again does nothing.
func (r *Runner) Close() error {
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		close(r.closing)
	}
	r.mu.Unlock()
	r.Kill()
	r.work.Wait()
	return nil
}

func (r *Runner) isClosed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}

func (r *Runner) closedError() error {
	return fmt.Errorf("%s: %w", r.function.Name, ErrClosed)
}
