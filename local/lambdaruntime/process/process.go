// Package process runs the local stack's programs so that none is ever left behind. Each leads its own process group,
// which is killed as a whole; it is reaped as soon as it exits; and on Linux it dies with the program that started it,
// even if that is killed.
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

// drain bounds reading the output after the program's exit, in case a descendant outside the process group keeps it
// open.
const drain = time.Second

// Process is a started program.
type Process struct {
	cmd    *exec.Cmd
	output *output
	done   chan struct{}

	mu     sync.Mutex
	reaped bool // from then on the process ID may be reused
}

// Start starts cmd and copies its standard output and error to log, line by line (see output). It sets cmd's Stdout,
// Stderr and SysProcAttr. A nil log discards the lines; Tail returns the last ones either way.
func Start(cmd *exec.Cmd, log io.Writer) (*Process, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = writer, writer
	cmd.SysProcAttr = attributes()
	p := &Process{cmd: cmd, output: &output{file: reader, log: log, tail: &tail{}}, done: make(chan struct{})}
	started := make(chan error)
	go p.run(started)
	err = <-started
	_ = writer.Close()
	if err != nil {
		_ = reader.Close()
		return nil, err
	}
	return p, nil
}

// run keeps one thread for the program's lifetime, because Linux sends the death signal when the thread that forked
// exits. Waiting blocks a thread anyway.
func (p *Process) run(started chan<- error) {
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
		defer p.output.file.Close()
		p.output.run()
	}()
	p.reap()
	_ = p.output.file.SetReadDeadline(time.Now().Add(drain))
	<-read
}

// PID returns the program's process ID, which is also its process group's.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done returns a channel that is closed when the program has exited and been reaped, the rest of its process group is
// killed, and all output has been read.
func (p *Process) Done() <-chan struct{} { return p.done }

// State returns how the program exited. It is nil until Done is closed.
func (p *Process) State() *os.ProcessState {
	select {
	case <-p.done:
		return p.cmd.ProcessState
	default:
		return nil
	}
}

// Tail returns the last lines of the output so far, oldest first.
func (p *Process) Tail() []string { return p.output.tail.lines() }

// Drain writes to the log what the program has printed so far. A log that was not drained may lack lines that the
// program printed before it did something else, such as answering a request.
func (p *Process) Drain() { p.output.drain() }

// Kill kills the whole process group. It does not wait for the exit; see Done.
func (p *Process) Kill() { p.signal(syscall.SIGKILL) }

// Terminate sends SIGTERM to the whole process group.
func (p *Process) Terminate() { p.signal(syscall.SIGTERM) }

func (p *Process) signal(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		p.signalGroup(s)
	}
}

func (p *Process) signalGroup(s syscall.Signal) {
	_ = syscall.Kill(-p.cmd.Process.Pid, s) // fails only if no process is left
}
