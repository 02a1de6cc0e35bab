package lambdaruntime

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
)

// drain is how long requests that a process sent before it died may still take to be read.
const drain = time.Second

// errStale tells that a warm process was found dead before it took the event.
var errStale = errors.New("the process died between two events")

// instance is one process of a function and the Runtime API that serves it: every process has a listener of its own,
// since requests do not say which process they are from.
type instance struct {
	function Function
	process  *process.Process
	server   *http.Server
	began    time.Time
	events   chan *invocation // taken by the process's request for the next event
	exited   chan struct{}    // closed when the process has ended
	gone     chan struct{}    // closed after exited, when all that it sent is read

	mu      sync.Mutex
	current *invocation    // the one taken last, also after its answer
	init    time.Duration  // from the spawn to the first request for an event; 0 until then
	failure *FunctionError // a reported failure of the initialisation
	served  int            // events taken
}

// newInstance starts a process of fn. Its await must be run then.
func newInstance(fn Function) (*instance, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("%s: listening for the Runtime API: %w", fn.Name, err)
	}
	in := &instance{
		function: fn,
		events:   make(chan *invocation),
		exited:   make(chan struct{}),
		gone:     make(chan struct{}),
		began:    time.Now(),
	}
	cmd := exec.Command(fn.Bootstrap)
	cmd.Dir = filepath.Dir(fn.Bootstrap)
	cmd.Env = fn.environment(listener.Addr().String())
	if in.process, err = process.Start(cmd, fn.Logs); err != nil {
		_ = listener.Close()
		return nil, &InitError{Function: fn.Name, Message: err.Error()}
	}
	in.server = &http.Server{Handler: in.api(), ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = in.server.Serve(listener) }()
	return in, nil
}

// await waits for the process's end, ends its Runtime API and calls forget.
func (in *instance) await(forget func(*instance)) {
	<-in.process.Done()
	close(in.exited)
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	_ = in.server.Shutdown(ctx) // lets an answer be read that was sent before the end
	_ = in.server.Close()
	forget(in)
	close(in.gone)
}

// kill ends the process and waits until it has ended.
func (in *instance) kill() {
	in.process.Kill()
	<-in.gone
}

// serve gives the event to the process and waits for its answer. fresh tells that the process was spawned for this
// event. errStale: it was not, and died before it took the event.
func (in *instance) serve(inv *invocation, deadline <-chan time.Time, fresh bool) (answer, error) {
	select {
	case in.events <- inv:
	case <-in.gone:
		if fresh {
			return answer{}, in.initError()
		}
		return answer{}, errStale
	case <-deadline:
		return answer{}, in.timeout()
	}
	select {
	case a := <-inv.answer:
		return a, nil
	case <-deadline:
		return answer{}, in.timeout()
	case <-in.gone:
	}
	select {
	case a := <-inv.answer: // its last act
		return a, nil
	default:
		return answer{}, in.crashError(inv)
	}
}

// timeout kills the process, as Lambda does: it cannot be told to stop.
func (in *instance) timeout() error {
	in.kill()
	return fmt.Errorf("%s: %w after %v", in.function.Name, ErrTimeout, in.function.Timeout)
}

func (in *instance) crashError(inv *invocation) error {
	return &CrashError{
		Function:  in.function.Name,
		RequestID: inv.id,
		Status:    in.process.State().String(),
		Log:       in.process.Tail(),
	}
}

func (in *instance) initError() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	e := &InitError{Function: in.function.Name, Status: in.process.State().String(), Log: in.process.Tail()}
	if in.failure != nil {
		e.Type, e.Message = in.failure.Type, in.failure.Message
		e.Status = "" // killed for its report
	}
	return e
}
