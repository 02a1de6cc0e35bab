package lambdaruntime

import (
	"net"
	"os"
	"os/exec"
	"sync"
	"time"

	"cognito-triggers/local/lambdaruntime/process"
	"cognito-triggers/local/loopback"
)

// untimed is the timeout of a function that is debugged. It is longer than any that Lambda has, which is 15 minutes, so
// that the runtime in the function knows that nobody counts.
const untimed = 30 * 24 * time.Hour

// Debug says how a function is run whose process stands still for minutes: without a time limit, in one process, with
// one attempt per event. Further events wait.
type Debug struct {
	// Command starts the process with a debugger, as in dlv exec; the path of the executable is appended. Empty starts
	// the executable itself.
	Command []string
	// Started is called with the ID of each process that is started; nil calls nothing.
	Started func(pid int)
	// Attached, if it is set, is where a process connects that somebody else starts; nothing is started then.
	Attached *Attached
}

// Attached is the Runtime API for a process that somebody else starts, for example an IDE. It takes events while such a
// process is connected, and they wait otherwise. A process that is started again while an event is unanswered fails
// that event.
type Attached struct {
	Listener net.Listener
	Secret   loopback.Secret
}

// Variables returns the environment of a process that somebody else starts to run fn.
func (a *Attached) Variables(fn Function) map[string]string {
	return fn.withLimits().variables(a.Listener.Addr().String(), a.Secret)
}

// onlyAttempt wraps the error of an event that Cognito's further attempts would only confuse.
type onlyAttempt struct{ error }

func (e *onlyAttempt) Unwrap() error { return e.error }

// command returns the command that starts a process.
func (fn Function) command() *exec.Cmd {
	if fn.Debug == nil || len(fn.Debug.Command) == 0 {
		return exec.Command(fn.Bootstrap)
	}
	words := append(fn.Debug.Command[1:len(fn.Debug.Command):len(fn.Debug.Command)], fn.Bootstrap)
	return exec.Command(fn.Debug.Command[0], words...)
}

func (fn Function) started(pid int) {
	if fn.Debug != nil && fn.Debug.Started != nil {
		fn.Debug.Started(pid)
	}
}

// attach makes the runner's only instance, whose process somebody else starts.
func (r *Runner) attach(a *Attached) {
	in := &instance{
		function: r.function,
		process:  &elsewhere{done: make(chan struct{})},
		asked:    make(chan struct{}),
		events:   make(chan *invocation),
		exited:   make(chan struct{}),
		gone:     make(chan struct{}),
		began:    time.Now(),
	}
	// What the process prints goes elsewhere, too.
	in.output = &attribution{function: r.function, pid: in.process.PID, current: &attemptLog{}}
	in.listen(a.Listener, a.Secret)
	r.live[in] = struct{}{}
	r.idle = []*instance{in}
	r.work.Go(func() { in.await(r.forget) })
}

// abandon fails the event that a process left unanswered when it asked for the next one, if somebody else starts the
// processes: it is another process then. The caller holds the mutex.
func (in *instance) abandon() {
	if !in.attached() || in.current == nil || in.current.answered {
		return
	}
	in.current.answered = true
	in.current.answer <- answer{took: time.Since(in.current.handed), err: &FunctionError{
		Type: "Runtime.ExitError", Message: "the attached process was started again before it answered",
	}}
}

func (in *instance) attached() bool {
	_, other := in.process.(*elsewhere)
	return other
}

// elsewhere is a process that somebody else starts and ends. Nothing is known of it.
type elsewhere struct {
	once sync.Once
	done chan struct{}
}

func (e *elsewhere) PID() int                { return 0 }
func (e *elsewhere) Done() <-chan struct{}   { return e.done }
func (e *elsewhere) State() *os.ProcessState { return nil }
func (e *elsewhere) Tail() []string          { return nil }
func (e *elsewhere) Drain()                  {}
func (e *elsewhere) Usage() process.Usage    { return process.Usage{} }

// Kill ends the wait for such processes.
func (e *elsewhere) Kill() { e.once.Do(func() { close(e.done) }) }
