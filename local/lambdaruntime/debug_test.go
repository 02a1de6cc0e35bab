package lambdaruntime_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/loopback"
)

// Nobody counts while a function is debugged, and nothing repeats the event.
func TestDebug(t *testing.T) {
	t.Parallel()
	var pids []int
	r := start(t, lambdaruntime.Function{
		Timeout: time.Millisecond, Debug: &lambdaruntime.Debug{Started: func(pid int) { pids = append(pids, pid) }},
	})
	var at struct{ Deadline time.Time }
	if err := json.Unmarshal(do(t, r, "context").Payload, &at); err != nil || time.Until(at.Deadline) < time.Hour {
		t.Errorf("deadline %v, error %v; want none that anybody reaches", at.Deadline, err)
	}
	if len(pids) != 1 || pids[0] == 0 {
		t.Errorf("told of the processes %v, want one", pids)
	}
	attempts := 0
	err := lambdaruntime.DeliverAsCognito(3, func() error {
		attempts++
		_, err := r.Invoke(t.Context(), event(t, map[string]any{"Do": "kill"}))
		return err
	})
	var crash *lambdaruntime.CrashError
	if !errors.As(err, &crash) || attempts != 1 {
		t.Errorf("error %v after %d attempts, want a crash after one", err, attempts)
	}
}

func TestDebugUnderACommand(t *testing.T) {
	t.Parallel()
	r := start(t, lambdaruntime.Function{Debug: &lambdaruntime.Debug{Command: []string{"/bin/sh", "-c", `exec "$0"`}}})
	do(t, r, "pid")
}

// attachedWorld is a runner whose process the test starts.
type attachedWorld struct {
	*lambdaruntime.Runner
	environment []string
}

func attached(t *testing.T) attachedWorld {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := &lambdaruntime.Attached{Listener: listener, Secret: loopback.NewSecret()}
	fn := lambdaruntime.Function{
		Name: "audit", Bootstrap: "/nowhere", Environment: map[string]string{"PLAN": "gold"},
		Debug: &lambdaruntime.Debug{Attached: a},
	}
	w := attachedWorld{Runner: start(t, fn)}
	for name, value := range a.Variables(fn) {
		w.environment = append(w.environment, name+"="+value)
	}
	return w
}

// process starts a process as an IDE does.
func (w attachedWorld) process(t *testing.T) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(fixture)
	cmd.Env, cmd.Stderr = w.environment, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd
}

// Events wait for a process that somebody else starts, and for the next one after it has ended.
func TestAttached(t *testing.T) {
	t.Parallel()
	w := attached(t)
	got := make(chan error, 1)
	ask := func(e []byte) {
		go func() {
			_, err := w.Invoke(context.Background(), e)
			got <- err
		}()
	}
	ask(event(t, map[string]any{"Do": "environment"}))
	select {
	case err := <-got:
		t.Fatalf("answered with error %v before any process was started", err)
	case <-time.After(20 * time.Millisecond): // it may not answer at any time
	}
	first := w.process(t)
	if err := <-got; err != nil {
		t.Fatal(err)
	}
	h := newHolder(t)
	ask(h.event())
	h.next()
	_ = first.Process.Kill()
	_ = first.Wait()
	w.process(t)
	var failed *lambdaruntime.FunctionError
	if err := <-got; !errors.As(err, &failed) || failed.Type != "Runtime.ExitError" {
		t.Errorf("error %v, want word of the process's end", err)
	}
	do(t, w.Runner, "echo")
}

func TestAttachedEndsWithItsRunner(t *testing.T) {
	t.Parallel()
	w := attached(t)
	got := make(chan error, 1)
	go func() {
		_, err := w.Invoke(context.Background(), []byte("{}"))
		got <- err
	}()
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if err := <-got; !errors.Is(err, lambdaruntime.ErrClosed) {
		t.Errorf("error %v, want ErrClosed", err)
	}
}
