package lambdaruntime_test

import (
	"errors"
	"fmt"
	"testing"

	"cognito-triggers/local/lambdaruntime"
)

func TestDeliverAsCognito(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err      error
		attempts int
	}{
		"answers":          {err: nil, attempts: 1},
		"refuses":          {err: &lambdaruntime.FunctionError{Type: "errorString", Message: "no"}, attempts: 1},
		"is not invoked":   {err: errors.New("AccessDeniedException"), attempts: 1},
		"is late":          {err: fmt.Errorf("f: %w after 5s", lambdaruntime.ErrTimeout), attempts: 3},
		"dies":             {err: fmt.Errorf("f: %w", &lambdaruntime.CrashError{Function: "f"}), attempts: 3},
		"does not start":   {err: &lambdaruntime.InitError{Function: "f"}, attempts: 3},
		"Lambda: is late":  {err: &lambdaruntime.FunctionError{Type: "Sandbox.Timedout"}, attempts: 3},
		"Lambda: dies":     {err: &lambdaruntime.FunctionError{Type: "Runtime.ExitError"}, attempts: 3},
		"Lambda: no entry": {err: &lambdaruntime.FunctionError{Type: "Runtime.InvalidEntrypoint"}, attempts: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			attempts := 0
			err := lambdaruntime.DeliverAsCognito(3, func() error { attempts++; return c.err })
			if attempts != c.attempts || !errors.Is(err, c.err) {
				t.Errorf("%d attempts, error %v; want %d, %v", attempts, err, c.attempts, c.err)
			}
		})
	}
	attempts := 0
	err := lambdaruntime.DeliverAsCognito(3, func() error {
		if attempts++; attempts == 2 {
			return nil
		}
		return lambdaruntime.ErrTimeout
	})
	if attempts != 2 || err != nil {
		t.Errorf("%d attempts, error %v; want the second one to be the last", attempts, err)
	}
}

func TestParseFunctionError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		report, kind string
		want         lambdaruntime.FunctionError
	}{
		"Lambda's form": {
			report: `{"errorType":"errorString","errorMessage":"no","stackTrace":[]}`, kind: "Unhandled",
			want: lambdaruntime.FunctionError{Type: "errorString", Message: "no"},
		},
		"without a type": {
			report: `{"errorMessage":"no"}`, kind: "Unhandled",
			want: lambdaruntime.FunctionError{Type: "Unhandled", Message: "no"},
		},
		"a text": {
			report: "no",
			kind:   "Unhandled",
			want:   lambdaruntime.FunctionError{Type: "Unhandled", Message: "no"},
		},
		"no kind":       {report: "no", want: lambdaruntime.FunctionError{Type: "Runtime.Unknown", Message: "no"}},
		"nothing said":  {report: "{}", want: lambdaruntime.FunctionError{Type: "Runtime.Unknown"}},
		"an empty body": {report: "", kind: "Unhandled", want: lambdaruntime.FunctionError{Type: "Unhandled"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := lambdaruntime.ParseFunctionError([]byte(c.report), c.kind); *got != c.want {
				t.Errorf("got %+v, want %+v", *got, c.want)
			}
		})
	}
}
