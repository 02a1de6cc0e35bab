package lambdaruntime_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime"
)

func TestFunctionError(t *testing.T) {
	r := start(t, lambdaruntime.Function{})
	result, err := r.Invoke(context.Background(),
		event(t, map[string]any{"Do": "error", "Message": "this e-mail domain is not allowed"}))
	var fe *lambdaruntime.FunctionError
	if !errors.As(err, &fe) || fe.Message != "this e-mail domain is not allowed" || fe.Type != "errorString" {
		t.Fatalf("error = %#v, want the function's own", err)
	}
	if !strings.Contains(string(result.Payload), `"errorMessage"`) {
		t.Errorf("Payload = %s, want the error report", result.Payload)
	}
	do(t, r, "pid")
	if s := r.Stats(); s.Spawns != 1 || s.Deaths != 0 {
		t.Errorf("Stats = %+v, want the process to stay alive", s)
	}
}

func TestPanicIsAnErrorAndEndsTheProcess(t *testing.T) {
	r := start(t, lambdaruntime.Function{})
	_, err := r.Invoke(context.Background(), event(t, map[string]any{"Do": "panic", "Message": "no such profile"}))
	var fe *lambdaruntime.FunctionError
	if !errors.As(err, &fe) || fe.Message != "no such profile" {
		t.Fatalf("error = %v, want the panic as a FunctionError", err)
	}
	if again := do(t, r, "pid"); !again.Cold {
		t.Error("the next event got the process that panicked, want a new one")
	}
	if s := r.Stats(); s.Spawns != 2 || s.Deaths != 1 || s.Instances != 1 {
		t.Errorf("Stats = %+v, want one death and its replacement", s)
	}
}

func TestCrash(t *testing.T) {
	r := start(t, lambdaruntime.Function{})
	do(t, r, "pid")
	_, err := r.Invoke(context.Background(),
		event(t, map[string]any{"Do": "exit", "Code": 7, "Lines": []string{"out of disk"}}))
	var crash *lambdaruntime.CrashError
	if !errors.As(err, &crash) {
		t.Fatalf("error = %v, want a CrashError", err)
	}
	if crash.Function != "fixture" || crash.RequestID == "" || crash.Status != "exit status 7" ||
		!slices.Contains(crash.Log, "out of disk") {
		t.Errorf("crash = %+v", crash)
	}
	if again := do(t, r, "pid"); !again.Cold {
		t.Error("the next event did not get a new process")
	}
}

func TestTimeoutKillsTheProcess(t *testing.T) {
	r, h := start(t, lambdaruntime.Function{Timeout: time.Second}), newHolder(t)
	began := time.Now()
	_, err := r.Invoke(context.Background(), h.event())
	if !errors.Is(err, lambdaruntime.ErrTimeout) || !strings.Contains(err.Error(), "fixture: timed out after 1s") {
		t.Errorf("error = %v, want ErrTimeout with function and time", err)
	}
	if took := time.Since(began); took < time.Second {
		t.Errorf("timed out after %v already", took)
	}
	if s := r.Stats(); s.Instances != 0 || s.Deaths != 1 || s.Ended[0].Status != "signal: killed" {
		t.Errorf("Stats = %+v, want one process killed", s)
	}
}

func TestTimeoutCountsTheColdStart(t *testing.T) {
	h := newHolder(t)
	r := start(t, lambdaruntime.Function{
		Timeout:     200 * time.Millisecond,
		Environment: map[string]string{"FIXTURE_INIT": "hold", "FIXTURE_ADDRESS": h.address()},
	})
	_, err := r.Invoke(context.Background(), []byte(`{}`))
	if !errors.Is(err, lambdaruntime.ErrTimeout) {
		t.Errorf("error = %v, want ErrTimeout", err)
	}
	if s := r.Stats(); s.Instances != 0 || s.Deaths != 1 {
		t.Errorf("Stats = %+v, want the process killed", s)
	}
}

func TestFailedStart(t *testing.T) {
	notAProgram := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(notAProgram, []byte("\x7fELF of another machine"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		fn   lambdaruntime.Function
		want lambdaruntime.InitError
		text string
	}{
		"it exits": {
			fn:   lambdaruntime.Function{Environment: map[string]string{"FIXTURE_INIT": "exit"}},
			want: lambdaruntime.InitError{Status: "exit status 3", Log: []string{"fixture: PROFILE_TABLE is not set"}},
			text: "fixture: the function did not start (exit status 3); it printed:\n\tfixture: PROFILE_TABLE is not set",
		},
		"it reports": {
			fn:   lambdaruntime.Function{Environment: map[string]string{"FIXTURE_INIT": "report"}},
			want: lambdaruntime.InitError{Type: "Config.Invalid", Message: "PROFILE_TABLE is not set"},
			text: "fixture: the function did not start (Config.Invalid: PROFILE_TABLE is not set)",
		},
		"it cannot be executed": {
			fn:   lambdaruntime.Function{Bootstrap: notAProgram},
			want: lambdaruntime.InitError{Message: "fork/exec " + notAProgram + ": exec format error"},
			text: "exec format error",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, c.fn)
			_, err := r.Invoke(context.Background(), []byte(`{}`))
			var got *lambdaruntime.InitError
			if !errors.As(err, &got) {
				t.Fatalf("error = %v, want an InitError", err)
			}
			if got.Function != "fixture" || got.Type != c.want.Type || got.Message != c.want.Message ||
				got.Status != c.want.Status ||
				!slices.Equal(got.Log, c.want.Log) {
				t.Errorf("error = %+v\nwant %+v", got, c.want)
			}
			if !strings.Contains(err.Error(), c.text) {
				t.Errorf("text = %q, want %q", err, c.text)
			}
		})
	}
}

func TestEventOverTheLimit(t *testing.T) {
	r := start(t, lambdaruntime.Function{})
	_, err := r.Invoke(context.Background(), make([]byte, lambdaruntime.MaxPayload+1))
	if err == nil || !strings.Contains(err.Error(), "6291457 bytes") {
		t.Errorf("error = %v, want one about the size", err)
	}
	if s := r.Stats(); s.Spawns != 0 {
		t.Error("a process was spawned for an event that is too large")
	}
}

func TestAnswerSizes(t *testing.T) {
	r := start(t, lambdaruntime.Function{})
	result, err := r.Invoke(context.Background(),
		event(t, map[string]any{"Do": "large", "Size": lambdaruntime.MaxPayload}))
	if err != nil || len(result.Payload) != lambdaruntime.MaxPayload {
		t.Errorf("an answer at the limit: %d bytes, %v", len(result.Payload), err)
	}
	result, err = r.Invoke(context.Background(),
		event(t, map[string]any{"Do": "large", "Size": lambdaruntime.MaxPayload + 101}))
	var fe *lambdaruntime.FunctionError
	if !errors.As(err, &fe) || fe.Type != "Function.ResponseSizeTooLarge" || len(result.Payload) != 0 {
		t.Errorf("an answer over the limit: %d bytes, %v", len(result.Payload), err)
	}
}

func TestInvokeAsCognito(t *testing.T) {
	for name, c := range map[string]struct {
		event    map[string]any
		fn       lambdaruntime.Function
		attempts int
		fails    bool
	}{
		"an answer is final":         {event: map[string]any{"Do": "echo"}, attempts: 1},
		"so is the function's error": {event: map[string]any{"Do": "error", "Message": "no"}, attempts: 1, fails: true},
		"a crash is repeated":        {event: map[string]any{"Do": "exit", "Code": 1}, attempts: 3, fails: true},
		"a failed start is repeated": {
			event: map[string]any{}, attempts: 3, fails: true,
			fn: lambdaruntime.Function{Environment: map[string]string{"FIXTURE_INIT": "exit"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, c.fn)
			got, err := r.InvokeAsCognito(context.Background(), event(t, c.event))
			if (err != nil) != c.fails || len(got.Attempts) != c.attempts {
				t.Fatalf("%d attempts, %v; want %d, an error: %v", len(got.Attempts), err, c.attempts, c.fails)
			}
			last := got.Attempts[len(got.Attempts)-1]
			if last.RequestID != got.RequestID || !errors.Is(err, last.Err) {
				t.Errorf("result %q, %v is not the last attempt's: %q, %v", got.RequestID, err, last.RequestID, last.Err)
			}
		})
	}
}

func TestInvokeAsCognitoRecovers(t *testing.T) {
	r, h := start(t, lambdaruntime.Function{}), newHolder(t)
	type outcome struct {
		result lambdaruntime.CognitoResult
		err    error
	}
	done := make(chan outcome)
	go func() {
		result, err := r.InvokeAsCognito(context.Background(), h.event())
		done <- outcome{result: result, err: err}
	}()
	h.next()
	r.Kill()
	h.next().letGo()
	o := <-done
	if o.err != nil || len(o.result.Attempts) != 2 {
		t.Fatalf("%d attempts, %v; want the second to succeed", len(o.result.Attempts), o.err)
	}
	var crash *lambdaruntime.CrashError
	if !errors.As(o.result.Attempts[0].Err, &crash) || crash.Status != "signal: killed" {
		t.Errorf("first attempt: %v, want the kill", o.result.Attempts[0].Err)
	}
	if o.result.Attempts[0].RequestID == o.result.RequestID {
		t.Error("both attempts have the same request ID")
	}
}

func TestInvokeAsCognitoTimesOutThreeTimes(t *testing.T) {
	r, h := start(t, lambdaruntime.Function{Timeout: 300 * time.Millisecond}), newHolder(t)
	got, err := r.InvokeAsCognito(context.Background(), h.event())
	if !errors.Is(err, lambdaruntime.ErrTimeout) || len(got.Attempts) != 3 {
		t.Errorf("%d attempts, %v; want 3 timeouts", len(got.Attempts), err)
	}
}

// The reports are Lambda's for a binary that dies: they have the request ID that the process got.
func TestReports(t *testing.T) {
	t.Parallel()
	notAProgram := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(notAProgram, []byte("\x7fELF of another machine"), 0o755); err != nil {
		t.Fatal(err)
	}
	failing := func(init string) lambdaruntime.Function {
		return lambdaruntime.Function{Environment: map[string]string{"FIXTURE_INIT": init}}
	}
	for name, c := range map[string]struct {
		fn         lambdaruntime.Function
		event      map[string]any
		kind, text string // ID stands for the request ID
	}{
		"exits": {
			event: map[string]any{"Do": "exit", "Code": 129}, kind: "Runtime.ExitError",
			text: "RequestId: ID Error: Runtime exited with error: exit status 129",
		},
		"exits without an error": {
			event: map[string]any{"Do": "exit", "Code": 0}, kind: "Runtime.ExitError",
			text: "RequestId: ID Error: Runtime exited without providing a reason",
		},
		"is killed": {
			event: map[string]any{"Do": "kill"}, kind: "Runtime.ExitError",
			text: "RequestId: ID Error: Runtime exited with error: signal: killed",
		},
		"panics":  {event: map[string]any{"Do": "panic", "Message": "no table"}, kind: "string", text: "no table"},
		"refuses": {event: map[string]any{"Do": "error", "Message": "no"}, kind: "errorString", text: "no"},
		"exits while it starts": {
			fn: failing("exit"), kind: "Runtime.ExitError",
			text: "RequestId: ID Error: Runtime exited with error: exit status 3",
		},
		"reports that it cannot start": {fn: failing("report"), kind: "Config.Invalid", text: "PROFILE_TABLE is not set"},
		"is for another machine": {
			fn: lambdaruntime.Function{Bootstrap: notAProgram}, kind: "Runtime.InvalidEntrypoint",
			text: "RequestId: ID Error: fork/exec /var/task/bootstrap: exec format error",
		},
		"is late": {
			fn:   lambdaruntime.Function{Timeout: 250 * time.Millisecond, Environment: failing("hang").Environment},
			kind: "Sandbox.Timedout", text: "RequestId: ID Error: Task timed out after 0.25 seconds",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, err := start(t, c.fn).Invoke(t.Context(), event(t, c.event))
			want := lambdaruntime.FunctionError{
				Type:    c.kind,
				Message: strings.Replace(c.text, "RequestId: ID", "RequestId: "+result.RequestID, 1),
			}
			if got := lambdaruntime.Reported(err); got == nil || *got != want || result.RequestID == "" {
				t.Errorf("report %+v of error %v, want %+v", got, err, want)
			}
		})
	}
	if got := lambdaruntime.Reported(lambdaruntime.ErrTimeout); got != nil {
		t.Errorf("report %+v of a caller that stopped waiting", got)
	}
}
