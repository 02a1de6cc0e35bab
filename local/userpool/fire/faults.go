package fire

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"

	"cognito-triggers/local/lambdaruntime"
)

// Fault is what happens to the next calls of a function in place of an answer, or before it.
type Fault struct {
	Kind  FaultKind `json:"kind"`
	Calls int       `json:"calls"` // how many calls are left, at least 1
	// Milliseconds is how long a Delay delays each call.
	Milliseconds int `json:"ms,omitempty"`
}

// FaultKind is a kind of fault.
type FaultKind string

// The kinds of faults.
const (
	Delay     FaultKind = "delay"     // the function gets the event later, within the time that the caller waits
	Fail      FaultKind = "fail"      // the function returns an error, without being called
	Crash     FaultKind = "crash"     // its process ends before the answer
	Malformed FaultKind = "malformed" // it answers with something that is not JSON
)

const (
	maxFaultCalls = 1000
	maxDelay      = 60_000 // milliseconds
	// patience is how long Cognito waits for a function.
	patience = 5 * time.Second
)

func (f Fault) check() error {
	switch f.Kind {
	case Delay:
		if f.Milliseconds < 1 || f.Milliseconds > maxDelay {
			return fmt.Errorf("ms is %d: use 1 to %d", f.Milliseconds, maxDelay)
		}
	case Fail, Crash, Malformed:
	default:
		return fmt.Errorf("kind is %q: use %s, %s, %s or %s", f.Kind, Delay, Fail, Crash, Malformed)
	}
	if f.Calls < 1 || f.Calls > maxFaultCalls {
		return fmt.Errorf("calls is %d: use 1 to %d", f.Calls, maxFaultCalls)
	}
	return nil
}

// Faults is an Invoker with faults that somebody chose, to see what a pool's clients then see. It is safe for
// concurrent use.
type Faults struct {
	next Invoker

	mu     sync.Mutex
	faults map[string]Fault // by the function's ARN
}

// WithFaults returns an invoker that has no faults yet.
func WithFaults(next Invoker) *Faults { return &Faults{next: next, faults: map[string]Fault{}} }

// Set chooses the fault of a function, in place of an earlier one.
func (f *Faults) Set(arn string, fault Fault) error {
	if err := fault.check(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[arn] = fault
	return nil
}

// Clear removes the fault of a function.
func (f *Faults) Clear(arn string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.faults, arn)
}

// All returns the faults that are left, by the function's ARN.
func (f *Faults) All() map[string]Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.faults)
}

// take uses up one call of a function's fault. Its Kind is empty if there is none.
func (f *Faults) take(arn string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	fault, there := f.faults[arn]
	if !there {
		return Fault{}
	}
	left := fault
	if left.Calls--; left.Calls == 0 {
		delete(f.faults, arn)
	} else {
		f.faults[arn] = left
	}
	return fault
}

// Invoke implements Invoker.
func (f *Faults) Invoke(ctx context.Context, arn string, event []byte) ([]byte, error) {
	result, err := f.Attempt(ctx, arn, event)
	return result.Payload, err
}

// Attempt implements Attempter.
func (f *Faults) Attempt(ctx context.Context, arn string, event []byte) (lambdaruntime.Result, error) {
	fault := f.take(arn)
	switch fault.Kind {
	case Fail:
		return lambdaruntime.Result{}, &lambdaruntime.FunctionError{Type: "InjectedFault", Message: "A fault for a test"}
	case Crash:
		return lambdaruntime.Result{}, &lambdaruntime.CrashError{
			Function: arn, RequestID: uuid.NewString(), Status: "exit status 2", Log: []string{"a fault for a test"},
		}
	case Malformed:
		return lambdaruntime.Result{Payload: []byte("not JSON (a fault for a test)")}, nil
	case Delay:
		if err := f.delay(ctx, time.Duration(fault.Milliseconds)*time.Millisecond); err != nil {
			return lambdaruntime.Result{}, err
		}
	}
	if f.next == nil {
		return lambdaruntime.Result{}, errNoInvoker(arn)
	}
	return attempt(ctx, f.next, arn, event)
}

// delay waits, but no longer than Cognito waits for a function.
func (f *Faults) delay(ctx context.Context, wait time.Duration) error {
	late := !Asynchronous(ctx) && wait >= patience
	if late {
		wait = patience
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	if late {
		return fmt.Errorf("a delay for a test: %w", lambdaruntime.ErrTimeout)
	}
	return nil
}
