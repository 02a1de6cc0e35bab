package lambdaruntime

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"cognito-triggers/shared/functionlog"
)

// Runner runs one function. Its methods are safe for concurrent use.
type Runner struct {
	function Function
	slots    chan struct{} // semaphore of MaxInstances
	closing  chan struct{} // closed by Close
	work     sync.WaitGroup

	events sync.WaitGroup // those that Retire waits for

	mu     sync.Mutex
	closed bool
	next   *Runner // set by Retire: it takes the events from then on
	live   map[*instance]struct{}
	idle   []*instance // without an event, the last used at the end
	stats  Stats
}

// Result is the outcome of one attempt.
type Result struct {
	// Payload is the function's response, or its report for a FunctionError.
	Payload []byte
	// Duration is the time from handing the event to the process until its answer, or until the attempt was given up.
	Duration time.Duration
	// Init is the time from spawning the process until it asked for its first event; zero unless Cold.
	Init time.Duration
	// Cold reports whether a process was spawned for this event.
	Cold bool
	// RequestID is the Lambda-Runtime-Aws-Request-Id that the process got.
	RequestID string
	// Log has the lines that the process printed for the event until its answer, or until its death if it was killed:
	// the last ones, if there are more than MaxLogLines or MaxLogBytes. LeftOut counts the others.
	Log     []functionlog.Line
	LeftOut int
	// Settings are the function's.
	Settings map[string]string
}

// Start validates the function and returns its runner. Processes are spawned on demand.
func Start(fn Function) (*Runner, error) {
	fn, err := fn.withDefaults()
	if err != nil {
		return nil, err
	}
	r := &Runner{
		function: fn,
		slots:    make(chan struct{}, fn.MaxInstances),
		closing:  make(chan struct{}),
		live:     map[*instance]struct{}{},
	}
	if fn.Debug != nil && fn.Debug.Attached != nil {
		r.attach(fn.Debug.Attached)
	}
	return r, nil
}

// Invoke passes the event to a process and returns its answer, in a single attempt. The error is a *FunctionError if
// the function returned one, a *CrashError, an *InitError, or wraps ErrTimeout, ErrClosed or ctx's error. When ctx
// ends, Invoke returns, but as on Lambda an event that already has a process runs to its end.
func (r *Runner) Invoke(ctx context.Context, event []byte) (Result, error) {
	if len(event) > MaxPayload {
		return Result{}, fmt.Errorf("%s: the event has %d bytes; Lambda accepts at most %d", r.function.Name, len(event),
			MaxPayload)
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	next, begun := r.begin()
	switch {
	case next != nil:
		return next.Invoke(ctx, event)
	case !begun:
		return Result{}, r.closedError()
	}
	result, err := r.invoke(ctx, event)
	if err != nil && r.function.Debug != nil {
		err = &onlyAttempt{err}
	}
	return result, err
}

// invoke handles an event that has begun.
func (r *Runner) invoke(ctx context.Context, event []byte) (Result, error) {
	inv := newInvocation(event, r.function.Timeout)
	timer := time.NewTimer(r.function.Timeout)
	if err := r.queue(ctx, timer.C); err != nil {
		timer.Stop()
		r.end()
		return Result{RequestID: inv.id}, err
	}
	type outcome struct {
		result Result
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		defer r.end()
		defer func() { <-r.slots }()
		defer timer.Stop()
		result, err := r.attempt(inv, timer.C)
		result.Log, result.LeftOut = inv.log.lines()
		result.Settings = r.function.Settings
		done <- outcome{result, err}
	}()
	select {
	case o := <-done:
		return o.result, o.err
	case <-ctx.Done():
		return Result{RequestID: inv.id}, ctx.Err()
	}
}

// begin registers an event, for which Close and Retire wait, and returns true. After Retire it returns the successor,
// after Close false.
func (r *Runner) begin() (next *Runner, begun bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.next != nil:
		return r.next, false
	case r.closed:
		return nil, false
	}
	r.work.Add(1)
	r.events.Add(1)
	return nil, true
}

func (r *Runner) end() {
	r.events.Done()
	r.work.Done()
}

// queue waits for a slot.
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

// attempt runs the event in a process, and in another one if an idle process turns out to be dead.
func (r *Runner) attempt(inv *invocation, deadline <-chan time.Time) (Result, error) {
	for {
		in, fresh, err := r.take(inv)
		var start *InitError
		if errors.As(err, &start) {
			start.RequestID = inv.id
		}
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

// take returns the idle process that was used last, or a new one.
func (r *Runner) take(inv *invocation) (in *instance, fresh bool, err error) {
	r.mu.Lock()
	if last := len(r.idle) - 1; last >= 0 {
		in = r.idle[last]
		r.idle = r.idle[:last]
		r.mu.Unlock()
		return in, false, nil
	}
	r.mu.Unlock()
	in, err = r.spawn(inv.log)
	return in, err == nil, err
}

// spawn starts a process, whose first lines belong to an attempt.
func (r *Runner) spawn(first *attemptLog) (*instance, error) {
	if r.function.Debug != nil && r.function.Debug.Attached != nil {
		return nil, r.closedError() // its only instance ends with Close
	}
	in, err := newInstance(r.function, first)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.live[in] = struct{}{}
	r.stats.Spawns++
	r.work.Go(func() { in.await(r.forget) })
	if r.closed {
		in.process.Kill() // Close missed it
	}
	return in, nil
}

// release returns the process to the idle ones.
func (r *Runner) release(in *instance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, alive := r.live[in]; alive {
		r.idle = append(r.idle, in)
	}
}

// Kill kills all processes, busy or idle, waits until they have exited and returns their number. The next events get
// new ones.
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

// Close kills all processes and waits until they have exited and every Invoke has returned, with ErrClosed if it was
// interrupted. A second Close does nothing.
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
