package lambdaruntime_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime"
)

func TestKillIsReplaced(t *testing.T) {
	r, h := start(t, lambdaruntime.Function{}), newHolder(t)
	do(t, r, "pid")
	failed := make(chan error)
	go func() {
		_, err := r.Invoke(context.Background(), h.event())
		failed <- err
	}()
	busy := h.next()
	if n := r.Kill(); n != 1 {
		t.Errorf("Kill = %d, want 1", n)
	}
	busy.awaitDeath()
	var crash *lambdaruntime.CrashError
	if err := <-failed; !errors.As(err, &crash) || crash.Status != "signal: killed" {
		t.Errorf("error = %v, want a CrashError of a killed process", err)
	}
	if n := r.Kill(); n != 0 {
		t.Errorf("second Kill = %d, want 0", n)
	}
	if again := do(t, r, "pid"); !again.Cold {
		t.Error("the next event did not get a new process")
	}
	if r.Kill() != 1 || !do(t, r, "pid").Cold {
		t.Error("an idle process that was killed got an event")
	}
}

func TestDescendantsEndWithTheProcess(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, r *lambdaruntime.Runner){
		"that is killed": func(_ *testing.T, r *lambdaruntime.Runner) { r.Kill() },
		"that ends by itself": func(t *testing.T, r *lambdaruntime.Runner) {
			_, _ = r.Invoke(context.Background(), event(t, map[string]any{"Do": "exit"}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, h := start(t, lambdaruntime.Function{}), newHolder(t)
			if _, err := r.Invoke(context.Background(), event(t, map[string]any{"Do": "child", "Address": h.address()})); err !=
				nil {
				t.Fatal(err)
			}
			child := h.next()
			end(t, r)
			child.awaitDeath()
		})
	}
}

func TestCloseWhileProcessesStart(t *testing.T) {
	for i := range 40 {
		r := start(t, lambdaruntime.Function{})
		var wg sync.WaitGroup
		begun := make(chan struct{})
		for range 4 {
			wg.Go(func() {
				<-begun
				if _, err := r.Invoke(context.Background(), []byte(`{"Do":"pid"}`)); err != nil &&
					!errors.Is(err, lambdaruntime.ErrClosed) {
					t.Errorf("error = %v, want none or ErrClosed", err)
				}
			})
		}
		close(begun)
		for until := time.Now().Add(time.Duration(i) * 50 * time.Microsecond); time.Now().Before(until); {
			runtime.Gosched() // a start takes about 1 ms: close at different points of it
		}
		_ = r.Close()
		if s := r.Stats(); s.Instances != 0 || s.Spawns != s.Deaths {
			t.Fatalf("Stats = %+v after Close, want no process", s)
		}
		wg.Wait()
	}
}

func TestCallerThatLeavesDoesNotStopTheEvent(t *testing.T) {
	r, h := start(t, lambdaruntime.Function{}), newHolder(t)
	ctx, cancel := context.WithCancel(context.Background())
	left := make(chan error)
	go func() {
		_, err := r.Invoke(ctx, h.event())
		left <- err
	}()
	busy := h.next()
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want the context's", err)
	}
	if s := r.Stats(); s.Deaths != 0 {
		t.Errorf("Stats = %+v, want the process to keep running", s)
	}
	busy.letGo()
	if _, err := r.Invoke(ctx, h.event()); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want the context's at once", err)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	before := runtime.NumGoroutine()
	r, h := start(t, lambdaruntime.Function{MaxInstances: 2}), newHolder(t)
	var environment []string
	if err := json.Unmarshal(do(t, r, "environment").Payload, &environment); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 3 { // the third waits for a process
		wg.Go(func() {
			if _, err := r.Invoke(context.Background(), h.event()); !errors.Is(err, lambdaruntime.ErrClosed) {
				t.Errorf("error = %v, want ErrClosed", err)
			}
		})
	}
	first, second := h.next(), h.next()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if s := r.Stats(); s.Instances != 0 || s.Spawns != s.Deaths {
		t.Errorf("Stats = %+v after Close, want no process", s)
	}
	first.awaitDeath()
	second.awaitDeath()
	wg.Wait()
	if _, err := r.Invoke(context.Background(), h.event()); !errors.Is(err, lambdaruntime.ErrClosed) {
		t.Errorf("error = %v, want ErrClosed", err)
	}
	if err := r.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	for _, entry := range environment {
		if api, ok := strings.CutPrefix(entry, "AWS_LAMBDA_RUNTIME_API="); ok {
			address, _, _ := strings.Cut(api, "/")
			if conn, err := net.Dial("tcp", address); err == nil {
				_ = conn.Close()
				t.Error("a Runtime API still listens after Close")
			}
		}
	}
	if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); !errors.Is(err, syscall.ECHILD) {
		t.Errorf("Wait4 = %d, %v: a process was not reaped", pid, err)
	}
	eventually(t, "the goroutines to end", func() bool { return runtime.NumGoroutine() <= before })
}

func TestStatsOfEndedProcesses(t *testing.T) {
	r := start(t, lambdaruntime.Function{})
	for range 3 {
		do(t, r, "pid")
	}
	_ = r.Close()
	s := r.Stats()
	if len(s.Ended) != 1 {
		t.Fatalf("Ended = %+v, want one process", s.Ended)
	}
	e := s.Ended[0]
	if e.Events != 3 || e.PID == 0 || e.Init <= 0 || e.PeakRSS < 1<<20 || e.UserCPU+e.SystemCPU <= 0 {
		t.Errorf("Ended = %+v, want three events and their usage", e)
	}
}

// parent is this test binary as a program that starts a function and is then killed.
func parent(bootstrap, address string) {
	r, err := lambdaruntime.Start(lambdaruntime.Function{Name: "orphan", Bootstrap: bootstrap, Timeout: time.Hour})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_, err = r.Invoke(context.Background(), fmt.Appendf(nil, `{"Do":"hold","Address":%q}`, address))
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func TestFunctionsDieWithTheProgram(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("only Linux has a death signal: here a function exits when it next calls its Runtime API")
		return
	}
	h := newHolder(t)
	program := exec.Command(os.Args[0], "parent", fixture, h.address())
	stderr, err := program.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	function := h.next()
	if err := program.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(stderr); s.Scan(); {
		t.Error(s.Text())
	}
	_ = program.Wait()
	function.awaitDeath()
}

// eventually polls for a condition.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("timed out waiting for %s", what)
		}
	}
}
