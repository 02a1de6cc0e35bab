package lambdaruntime_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

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

// A page or another program that finds the port of a Runtime API gets no event: events have passwords in clear.
func TestRuntimeAPIIsTheProcessesAlone(t *testing.T) {
	r := start(t, lambdaruntime.Function{})
	var environment []string
	if err := json.Unmarshal(do(t, r, "environment").Payload, &environment); err != nil {
		t.Fatal(err)
	}
	api := ""
	for _, entry := range environment {
		if value, ok := strings.CutPrefix(entry, "AWS_LAMBDA_RUNTIME_API="); ok {
			api = value
		}
	}
	address, secret, _ := strings.Cut(api, "/")
	const next = "/2018-06-01/runtime/invocation/next"
	for name, c := range map[string]struct {
		path, host, origin string
	}{
		"without the secret":                   {path: next},
		"another secret":                       {path: "/AAAAAAAAAAAAAAAAAAAAAAAAAA" + next},
		"a page":                               {path: "/" + secret + next, origin: "http://localhost:3000"},
		"a name that resolves to this machine": {path: "/" + secret + next, host: "evil.example"},
	} {
		t.Run(name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Host = c.host
			if c.origin != "" {
				request.Header.Set("Origin", c.origin)
			}
			client := http.Client{Timeout: 10 * time.Second} // who is let in waits for an event
			response, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			if _ = response.Body.Close(); response.StatusCode != http.StatusForbidden {
				t.Errorf("%s, want 403", response.Status)
			}
		})
	}
	do(t, r, "pid") // the process itself still gets its events
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
