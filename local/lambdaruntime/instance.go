package lambdaruntime

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
	"cognito-triggers/local/loopback"
)

// drain bounds reading the requests that a process sent before it died.
const drain = time.Second

// apiHint is for requests without the secret. Events have passwords in clear, so only the function may take them.
const apiHint = "this is the Runtime API of one process of a function, which alone has its whole address"

// host is the process behind an instance, see process.Process.
type host interface {
	PID() int
	Done() <-chan struct{}
	State() *os.ProcessState
	Tail() []string
	Drain()
	Usage() process.Usage
	Kill()
}

// errStale means that a warm process turned out to be dead before it took the event.
var errStale = errors.New("the process died between two events")

// instance is one process of a function and its Runtime API. Every process has its own listener, since requests do not
// identify their process.
type instance struct {
	function Function
	process  host
	server   *http.Server
	began    time.Time
	asked    chan struct{}    // closed at the first request for an event
	events   chan *invocation // received by the process's request for the next event
	exited   chan struct{}    // closed when the process has exited
	gone     chan struct{}    // closed after exited, when everything that it sent has been read
	output   *attribution

	mu      sync.Mutex
	current *invocation    // the last event taken, even after its answer
	init    time.Duration  // from the spawn to the first request for an event; 0 until then
	failure *FunctionError // reported initialisation error
	served  int            // events taken
}

// newInstance starts a process of fn, whose lines belong to first until it takes an event. The caller must then run
// await.
func newInstance(fn Function, first *attemptLog) (*instance, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("%s: listening for the Runtime API: %w", fn.Name, err)
	}
	in := &instance{
		function: fn,
		asked:    make(chan struct{}),
		events:   make(chan *invocation),
		exited:   make(chan struct{}),
		gone:     make(chan struct{}),
		began:    time.Now(),
	}
	cmd := fn.command()
	in.output = &attribution{function: fn, pid: func() int { return cmd.Process.Pid }, current: first}
	cmd.Dir = filepath.Dir(fn.Bootstrap)
	secret := loopback.NewSecret()
	cmd.Env = fn.environment(listener.Addr().String(), secret)
	started, err := process.Start(cmd, in.output)
	if err != nil {
		_ = listener.Close()
		return nil, &InitError{Function: fn.Name, Message: err.Error(), notRun: err}
	}
	in.process = started
	in.listen(listener, secret)
	fn.started(started.PID())
	return in, nil
}

// listen serves the Runtime API.
func (in *instance) listen(listener net.Listener, secret loopback.Secret) {
	in.server = loopback.Server(secret.Handler(in.api(), apiHint))
	in.server.ErrorLog = log.New(io.Discard, "", 0)
	in.server.IdleTimeout = -1 // none: the end of an idle connection could meet the process's next answer
	go func() { _ = in.server.Serve(listener) }()
}

// await waits for the process to exit, shuts down its Runtime API and calls forget.
func (in *instance) await(forget func(*instance)) {
	<-in.process.Done()
	close(in.exited)
	ctx, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	_ = in.server.Shutdown(ctx) // an answer sent before the exit is still read
	_ = in.server.Close()
	forget(in)
	close(in.gone)
}

// kill kills the process and waits until it has exited.
func (in *instance) kill() {
	in.process.Kill()
	<-in.gone
}

// serve passes the event to the process and waits for its answer. fresh says that the process was spawned for this
// event. If it was not, and died before it took the event, serve returns errStale.
func (in *instance) serve(inv *invocation, deadline <-chan time.Time, fresh bool) (answer, error) {
	select {
	case in.events <- inv:
	case <-in.gone:
		if fresh {
			return answer{}, in.initError(inv.id)
		}
		return answer{}, errStale
	case <-deadline:
		return answer{}, in.timeout(inv)
	}
	select {
	case a := <-inv.answer:
		return a, nil
	case <-deadline:
		return answer{}, in.timeout(inv)
	case <-in.gone:
	}
	select {
	case a := <-inv.answer: // it answered before it exited
		return a, nil
	default:
		return answer{}, in.crashError(inv)
	}
}

// timeout kills the process, as Lambda does, since a running event cannot be cancelled.
func (in *instance) timeout(inv *invocation) error {
	in.kill()
	return &TimeoutError{Function: in.function.Name, RequestID: inv.id, After: in.function.Timeout}
}

func (in *instance) crashError(inv *invocation) error {
	return &CrashError{
		Function:  in.function.Name,
		RequestID: inv.id,
		Status:    in.process.State().String(),
		Log:       in.process.Tail(),
	}
}

// initError says how the process ended before it asked for an event; id is the event's that it was started for.
func (in *instance) initError(id string) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	e := &InitError{
		Function: in.function.Name, RequestID: id, Status: in.process.State().String(), Log: in.process.Tail(),
	}
	if in.failure != nil {
		e.Type, e.Message = in.failure.Type, in.failure.Message
		e.Status = "" // killed because of its report
	}
	return e
}
