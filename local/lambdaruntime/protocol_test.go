package lambdaruntime_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"cognito-triggers/local/lambdaruntime"
)

func TestRuntimeAPIRefuses(t *testing.T) {
	const foreign = "/invocation/11111111-2222-4333-8444-555555555555"
	for name, c := range map[string]struct {
		event map[string]any
		want  string
		kind  string
	}{
		"an answer to an unknown event": {
			event: map[string]any{"Do": "post", "Path": foreign + "/response"}, want: "400", kind: "InvalidRequestID",
		},
		"an error for an unknown event": {
			event: map[string]any{"Do": "post", "Path": foreign + "/error"}, want: "400", kind: "InvalidRequestID",
		},
		"a second event before the answer": {
			event: map[string]any{"Do": "next"}, want: "403", kind: "InvalidStateTransition",
		},
		"an init error after the first event": {
			event: map[string]any{"Do": "post", "Path": "/init/error"}, want: "403", kind: "InvalidStateTransition",
		},
		"an unknown path": {
			event: map[string]any{"Do": "post", "Path": "/invocation/{id}/abandon"}, want: "404",
		},
		"a wrong method": {
			event: map[string]any{"Do": "post", "Path": "/invocation/next"}, want: "405",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out logs
			r := start(t, lambdaruntime.Function{Logs: &out})
			result, err := r.Invoke(context.Background(), event(t, c.event))
			if err != nil || string(result.Payload) != c.want {
				t.Fatalf("status %s, %v; want %s", result.Payload, err, c.want)
			}
			_ = r.Close()
			if !strings.Contains(out.String(), c.kind) {
				t.Errorf("the answer was %s, want %s", out.String(), c.kind)
			}
		})
	}
}

func TestFirstAnswerCounts(t *testing.T) {
	for name, c := range map[string]struct {
		path  string
		size  int
		want  string // payload
		fails string // error type
	}{
		"response, then response": {path: "/invocation/{id}/response", size: 3, want: "xxx"},
		"error, then response":    {path: "/invocation/{id}/error", size: 3, want: "xxx", fails: "Runtime.Unknown"},
		"too large, then small": {
			path: "/invocation/{id}/response", size: lambdaruntime.MaxPayload + 101, fails: "Function.ResponseSizeTooLarge",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out logs
			r := start(t, lambdaruntime.Function{Logs: &out})
			result, err := r.Invoke(context.Background(), event(t, map[string]any{"Do": "post", "Path": c.path, "Size": c.size}))
			var fe *lambdaruntime.FunctionError
			if errors.As(err, &fe) != (c.fails != "") || (fe != nil && fe.Type != c.fails) {
				t.Errorf("error = %v, want type %q", err, c.fails)
			}
			if string(result.Payload) != c.want {
				t.Errorf("Payload = %.20q, want the first answer %q", result.Payload, c.want)
			}
			// aws-lambda-go exits when its own answer is refused.
			if again := do(t, r, "pid"); !again.Cold {
				t.Error("the second answer was not refused")
			}
			if !strings.Contains(out.String(), "unexpected status code: 403") {
				t.Errorf("log = %s, want the second answer's 403", out.String())
			}
		})
	}
}
