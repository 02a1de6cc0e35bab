package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"time"

	"cognito-triggers/local/loopback"
)

// patience bounds one process's life, far above what any needs, so that a program that hangs is reported.
const patience = 2 * time.Minute

// session is one process's life, from its spawn to its last answer.
type session struct {
	*api
	spawned time.Time
	cpu     time.Duration // of the whole life
	peakRSS int64         // bytes
}

// firstAnswer is the time from the spawn to the first answer.
func (s *session) firstAnswer() time.Duration { return s.first.Sub(s.spawned) }

// serve spawns the program, gives it its event the given number of times, one after the other, and stops it. Every
// process has its own listener, so that a late request of the previous process is not taken for its own.
func serve(ctx context.Context, p program, events int, log *os.File) (*session, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &session{api: newAPI(p.event, events)}
	server := loopback.Server(s.api)
	defer server.Close()
	go func() { _ = server.Serve(listener) }() // ends with Close

	cmd := exec.Command(p.command[0], p.command[1:]...)
	cmd.Dir, cmd.Env = p.dir, p.environment(listener.Addr().String())
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = attributes()
	runtime.GC() // now, not while the process is measured; see Run
	exited, err := s.spawn(cmd)
	if err != nil {
		return nil, err
	}
	problem := s.await(ctx, exited)
	s.peakRSS = peakRSS(cmd.Process.Pid)
	_ = cmd.Process.Kill() // fails if it has already exited
	<-exited
	s.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if s.peakRSS == 0 {
		s.peakRSS = peakOfEnded(cmd.ProcessState)
	}
	return s, problem
}

// spawn starts the process and closes exited when it ends. One thread waits for it throughout, because on Linux the
// process dies with the thread that forked it.
func (s *session) spawn(cmd *exec.Cmd) (exited chan struct{}, err error) {
	started, exited := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		s.spawned = time.Now()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // it was killed, so its state says nothing
			close(exited)
		}
	}()
	return exited, <-started
}

// await waits for the last answer.
func (s *session) await(ctx context.Context, exited <-chan struct{}) error {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case <-s.done:
		return s.failure
	case <-exited:
		select {
		case <-s.done: // it answered before it exited
			return s.failure
		default:
			return errors.New("the process ended before it answered")
		}
	case <-timeout.C:
		return fmt.Errorf("the process has not answered within %v", patience)
	case <-ctx.Done():
		return ctx.Err()
	}
}
