package lambdaruntime_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/functionlog"
)

// A line belongs to the event that the process worked for, although lines and answers come by different ways.
func TestLinesBelongToTheirEvent(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var heard []functionlog.Line
	r := start(t, lambdaruntime.Function{Lines: func(l functionlog.Line) {
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, l)
	}})
	var instance int
	for i := range 300 {
		want := []string{fmt.Sprint("first of ", i), fmt.Sprint("second of ", i)}
		result, err := r.Invoke(context.Background(), event(t, map[string]any{"Do": "echo", "Lines": want}))
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Log) != 2 || result.Log[0].Text != want[0] || result.Log[1].Text != want[1] {
			t.Fatalf("event %d has the lines %+v, want %q", i, result.Log, want)
		}
		for _, line := range result.Log {
			if line.RequestID != result.RequestID || line.Function != "fixture" || line.Instance == 0 || line.At.IsZero() {
				t.Fatalf("line %+v of request %s", line, result.RequestID)
			}
			instance = line.Instance
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(heard) != 600 || heard[599].Instance != instance {
		t.Errorf("%d lines were heard, want all 600 of one process", len(heard))
	}
}

// A dead process's lines are complete until its death; those before the first event belong to the one that it was
// started for.
func TestLinesOfDeadProcesses(t *testing.T) {
	t.Parallel()
	lines := make([]string, lambdaruntime.MaxLogLines+7)
	for i := range lines {
		lines[i] = fmt.Sprint("line ", i)
	}
	result, err := start(t, lambdaruntime.Function{}).Invoke(context.Background(),
		event(t, map[string]any{"Do": "kill", "Lines": lines}))
	var crash *lambdaruntime.CrashError
	if !errors.As(err, &crash) || crash.Status != "signal: killed" {
		t.Errorf("error %v", err)
	}
	if n := len(result.Log); n != lambdaruntime.MaxLogLines || result.LeftOut != 7 || result.Log[0].Text != "line 7" {
		t.Errorf("%d lines and %d left out, the first is %+v", n, result.LeftOut, result.Log[0])
	}
	broken := start(t, lambdaruntime.Function{Environment: map[string]string{"FIXTURE_INIT": "exit"}})
	result, err = broken.Invoke(context.Background(), []byte(`{}`))
	if err == nil || len(result.Log) != 1 || result.Log[0].Text != "fixture: PROFILE_TABLE is not set" ||
		result.Log[0].RequestID != result.RequestID {
		t.Errorf("error %v, lines %+v of request %s", err, result.Log, result.RequestID)
	}
}
