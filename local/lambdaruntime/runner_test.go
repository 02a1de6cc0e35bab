package lambdaruntime_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime"
)

func TestInvokeReturnsTheAnswerByteForByte(t *testing.T) {
	r := start(t, lambdaruntime.Function{})
	raw := []byte("{ \"Do\":\"echo\",\n \"x\": [1.0, null, \"\\u00e9\"]  }\n")
	result, err := r.Invoke(context.Background(), raw)
	if err != nil {
		t.Fatal(err)
	}
	if string(result.Payload) != string(raw) {
		t.Errorf("Payload = %q, want %q", result.Payload, raw)
	}
	if !result.Cold || result.Init <= 0 || result.Duration <= 0 {
		t.Errorf("first result: Cold %v, Init %v, Duration %v; want a cold start with both times", result.Cold, result.Init,
			result.Duration)
	}
}

func TestProcessIsReused(t *testing.T) {
	r := start(t, lambdaruntime.Function{})
	first := do(t, r, "pid")
	for range 20 {
		next := do(t, r, "pid")
		if string(next.Payload) != string(first.Payload) || next.Cold || next.Init != 0 {
			t.Fatalf("pid %s, Cold %v, Init %v; want the warm process %s", next.Payload, next.Cold, next.Init, first.Payload)
		}
		if next.RequestID == first.RequestID {
			t.Fatalf("two events have the request ID %s", next.RequestID)
		}
	}
	if s := r.Stats(); s.Instances != 1 || s.Spawns != 1 || s.Deaths != 0 {
		t.Errorf("Stats = %+v, want one process", s)
	}
}

func TestParallelEventsHaveAProcessEach(t *testing.T) {
	const events = 4
	r, h := start(t, lambdaruntime.Function{}), newHolder(t)
	var wg sync.WaitGroup
	for range events {
		wg.Go(func() {
			if _, err := r.Invoke(context.Background(), h.event()); err != nil {
				t.Error(err)
			}
		})
	}
	pids := map[string]bool{}
	var waiting []held
	for range events {
		w := h.next()
		pids[w.pid] = true
		waiting = append(waiting, w)
	}
	if len(pids) != events {
		t.Errorf("%d processes for %d events at a time", len(pids), events)
	}
	for _, w := range waiting {
		w.letGo()
	}
	wg.Wait()
	do(t, r, "pid")
	if s := r.Stats(); s.Spawns != events || s.Instances != events {
		t.Errorf("Stats = %+v, want %d warm processes and no more", s, events)
	}
}

func TestLastUsedProcessIsUsedFirst(t *testing.T) {
	r, h := start(t, lambdaruntime.Function{}), newHolder(t)
	done := make(chan struct{}, 2)
	for range 2 {
		go func() {
			_, _ = r.Invoke(context.Background(), h.event())
			done <- struct{}{}
		}()
	}
	first, last := h.next(), h.next()
	first.letGo()
	<-done
	last.letGo()
	<-done
	for range 3 {
		if pid := string(do(t, r, "pid").Payload); pid != last.pid {
			t.Errorf("process %s got the event, want %s, which was used last", pid, last.pid)
		}
	}
}

func TestEventsWaitForAFreeProcess(t *testing.T) {
	const events = 6
	r, h := start(t, lambdaruntime.Function{MaxInstances: 2}), newHolder(t)
	var wg sync.WaitGroup
	for range events {
		wg.Go(func() {
			if _, err := r.Invoke(context.Background(), h.event()); err != nil {
				t.Error(err)
			}
		})
	}
	for range events {
		h.next().letGo()
	}
	wg.Wait()
	if s := r.Stats(); s.Spawns > 2 {
		t.Errorf("Stats = %+v, want at most 2 processes", s)
	}
}

func TestWaitingForAFreeProcessCountsAsTime(t *testing.T) {
	r, h := start(t, lambdaruntime.Function{MaxInstances: 1, Timeout: 2 * time.Second}), newHolder(t)
	for busy := false; !busy; { // retry if the machine was too slow to start it in time
		go func() { _, _ = r.Invoke(context.Background(), h.event()) }()
		_, err := h.within(2 * time.Second)
		busy = err == nil
	}
	began := time.Now()
	_, err := r.Invoke(context.Background(), h.event())
	if !errors.Is(err, lambdaruntime.ErrTimeout) {
		t.Errorf("error = %v, want ErrTimeout", err)
	}
	if took := time.Since(began); took > 3800*time.Millisecond { // the other event's time plus its own
		t.Errorf("timed out after %v only", took)
	}
}

func TestManyEventsInParallel(t *testing.T) {
	r := start(t, lambdaruntime.Function{MaxInstances: 3})
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 25 {
				raw := fmt.Appendf(nil, `{"Do":"echo","worker":%d,"i":%d}`, worker, i)
				result, err := r.Invoke(context.Background(), raw)
				if err != nil || string(result.Payload) != string(raw) {
					t.Errorf("%s came back as %s, %v", raw, result.Payload, err)
				}
			}
		})
	}
	wg.Wait()
	if s := r.Stats(); s.Spawns > 3 || s.Deaths != 0 {
		t.Errorf("Stats = %+v, want at most 3 processes and no death", s)
	}
}

func TestInvocationHeaders(t *testing.T) {
	r := start(t, lambdaruntime.Function{Name: "pre-sign-up", Environment: map[string]string{"AWS_REGION": "eu-west-1"}})
	before := time.Now()
	result := do(t, r, "context")
	var got struct {
		RequestID, FunctionARN, TraceID string
		Deadline                        time.Time
	}
	if err := json.Unmarshal(result.Payload, &got); err != nil {
		t.Fatal(err)
	}
	if got.RequestID != result.RequestID ||
		!regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).
			MatchString(got.RequestID) {
		t.Errorf("request id = %q, want the UUID %q", got.RequestID, result.RequestID)
	}
	if want := "arn:aws:lambda:eu-west-1:000000000000:function:pre-sign-up"; got.FunctionARN != want {
		t.Errorf("function ARN = %q, want %q", got.FunctionARN, want)
	}
	if !regexp.MustCompile(`^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`).MatchString(got.TraceID) {
		t.Errorf("trace id = %q", got.TraceID)
	}
	left := got.Deadline.Sub(before)
	if left < 59*time.Second || left > 61*time.Second {
		t.Errorf("deadline is %v after the start, want the function's minute", left)
	}
}

func TestEnvironmentIsTheFunctionsAlone(t *testing.T) {
	t.Setenv("PARENT_SECRET", "not for functions")
	t.Setenv("AWS_PROFILE", "mine")
	r := start(t, lambdaruntime.Function{
		Name:     "custom-message",
		MemoryMB: 256,
		Environment: map[string]string{
			"PROFILE_TABLE":          "profiles",
			"TZ":                     "Asia/Seoul",
			"AWS_LAMBDA_RUNTIME_API": "10.0.0.1:1",
		},
	})
	var got []string
	if err := json.Unmarshal(do(t, r, "environment").Payload, &got); err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	var names []string
	for _, entry := range got {
		name, value, _ := strings.Cut(entry, "=")
		values[name] = value
		names = append(names, name)
	}
	slices.Sort(names)
	wantNames := []string{
		"AWS_DEFAULT_REGION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
		"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API",
		// the last is aws-lambda-go's own
		"AWS_REGION", "LAMBDA_TASK_ROOT", "PROFILE_TABLE", "TZ", "_HANDLER", "_X_AMZN_TRACE_ID",
	}
	if !slices.Equal(names, wantNames) {
		t.Errorf("names = %v\nwant    %v", names, wantNames)
	}
	for name, want := range map[string]string{
		"AWS_LAMBDA_FUNCTION_NAME":        "custom-message",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
		"AWS_REGION":                      "us-east-1",
		"PROFILE_TABLE":                   "profiles",
		"TZ":                              "Asia/Seoul",
		"_HANDLER":                        "bootstrap",
	} {
		if values[name] != want {
			t.Errorf("%s = %q, want %q", name, values[name], want)
		}
	}
	if !strings.HasPrefix(values["AWS_LAMBDA_RUNTIME_API"], "127.0.0.1:") {
		t.Errorf("AWS_LAMBDA_RUNTIME_API = %q, want the runner's own, which cannot be overridden",
			values["AWS_LAMBDA_RUNTIME_API"])
	}
}

func TestLogsComeLineByLine(t *testing.T) {
	var out logs
	r := start(t, lambdaruntime.Function{Logs: &out})
	long := strings.Repeat("y", 200_000)
	if _, err := r.Invoke(context.Background(), event(t,
		map[string]any{"Do": "exit", "Lines": []string{"to stdout", "to stderr", long}})); err == nil {
		t.Fatal("the process that exited returned no error")
	}
	got := out.String()
	if !strings.HasPrefix(got, "to stdout\nto stderr\nyyy") {
		t.Errorf("log starts with %.60q", got)
	}
	if n := strings.Count(got, "y"); n != len(long) {
		t.Errorf("%d of the long line's %d bytes came through", n, len(long))
	}
}

func TestStartRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		fn   lambdaruntime.Function
		want string
	}{
		"no name":      {fn: lambdaruntime.Function{Bootstrap: fixture}, want: "Name"},
		"no bootstrap": {fn: lambdaruntime.Function{Name: "f"}, want: "Bootstrap is empty"},
		"not built": {
			fn: lambdaruntime.Function{Name: "f", Bootstrap: "testdata/none/bootstrap"}, want: "build the function first",
		},
		"a directory": {
			fn: lambdaruntime.Function{Name: "f", Bootstrap: "testdata"}, want: "not an executable file",
		},
		"not executable": {
			fn: lambdaruntime.Function{Name: "f", Bootstrap: "testdata/fixture/main.go"}, want: "not an executable file",
		},
		"negative timeout": {fn: lambdaruntime.Function{Name: "f", Bootstrap: fixture, Timeout: -1}, want: "negative"},
		"negative concurrency": {
			fn: lambdaruntime.Function{Name: "f", Bootstrap: fixture, MaxInstances: -1}, want: "negative",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := lambdaruntime.Start(c.fn)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want one with %q", err, c.want)
			}
		})
	}
}
