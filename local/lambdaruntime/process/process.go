// Package process runs the programs that the local stack starts so that none of them is ever left behind: each is the
// head of a process group of its own that is killed as a whole, it is reaped as soon as it ends, and on Linux it dies
// with the program that started it, even where that one is killed.
package process

import (
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// drain is how long a log is still read after the program's end where a descendant that left the process group holds it
// open.
const drain = time.Second

// Process is a started program.
type Process struct {
	cmd  *exec.Cmd
	tail *tail
	done chan struct{}

	mu     sync.Mutex
	reaped bool // the process id may belong to somebody else by now
}

// Start starts cmd with its standard output and error going to log, line by line (see lines). It sets cmd's Stdout,
// Stderr and SysProcAttr. A nil log discards the lines; Tail has the last ones either way.
func Start(cmd *exec.Cmd, log io.Writer) (*Process, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = writer, writer
	cmd.SysProcAttr = attributes()
	p := &Process{cmd: cmd, tail: &tail{}, done: make(chan struct{})}
	started := make(chan error)
	go p.run(started, reader, log)
	err = <-started
	_ = writer.Close()
	if err != nil {
		_ = reader.Close()
		return nil, err
	}
	return p, nil
}

// run keeps one thread for the program's life, because Linux signals the parent's death when the thread that forked
// ends. Waiting holds a thread anyway.
func (p *Process) run(started chan<- error, output *os.File, log io.Writer) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	defer close(p.done)
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer output.Close()
		lines(output, log, p.tail)
	}()
	p.reap()
	_ = output.SetReadDeadline(time.Now().Add(drain))
	<-read
}

// PID is the program's process id, and its process group's.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the program has ended and been reaped, what was left of its process group is killed, and its
// output is read to the end.
func (p *Process) Done() <-chan struct{} { return p.done }

// State tells how the program ended. It is nil until Done is closed.
func (p *Process) State() *os.ProcessState {
	select {
	case <-p.done:
		return p.cmd.ProcessState
	default:
		return nil
	}
}

// Tail is the last lines of the output so far, oldest first.
func (p *Process) Tail() []string { return p.tail.lines() }

// Kill kills the whole process group. It does not wait; see Done.
func (p *Process) Kill() { p.signal(syscall.SIGKILL) }

// Terminate asks the whole process group to end.
func (p *Process) Terminate() { p.signal(syscall.SIGTERM) }

func (p *Process) signal(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		p.signalGroup(s)
	}
}

func (p *Process) signalGroup(s syscall.Signal) {
	_ = syscall.Kill(-p.cmd.Process.Pid, s) // fails only where nobody is left
}
