package fire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
)

const remoteARN = "arn:aws:lambda:eu-west-1:000000000000:function:elsewhere:live"

// lambdaAt returns a client for an endpoint.
func lambdaAt(t *testing.T, endpoint string) *Lambda {
	t.Helper()
	env := settings.FromMap(map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
		"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_LAMBDA": endpoint,
	})
	l := NewLambda(env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLambdaOutcomes(t *testing.T) {
	failed := func(report string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
			_, _ = io.WriteString(w, report)
		}
	}
	refused := func(status int, code string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amzn-Errortype", code)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"Message":"why it was not run"}`)
		}
	}
	const user, unexpected = "UserLambdaValidationException", "UnexpectedLambdaException"
	cases := map[string]struct {
		serve    func(http.ResponseWriter, *http.Request)
		attempts int32
		kind     string // of the client's error; "" for an answer
		message  string
	}{
		"an answer": {
			serve:    func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) },
			attempts: 1,
		},
		"the function's error": {
			serve:    failed(`{"errorMessage":"Not with this address.","errorType":"errorString"}`),
			attempts: 1,
			kind:     user,
			message:  "PreSignUp failed with error Not with this address..",
		},
		"malformed report": {serve: failed(`odd`), attempts: 1, kind: user, message: "PreSignUp failed with error odd."},
		"report without a type": {
			serve:    failed(`{"errorMessage":"odd"}`),
			attempts: 1,
			kind:     user,
			message:  "PreSignUp failed with error odd.",
		},
		"the process died": {
			serve:    failed(`{"errorMessage":"RequestId: 1 Error: Runtime exited","errorType":"Runtime.ExitError"}`),
			attempts: 3,
			kind:     user,
			message:  "PreSignUp failed with error RequestId: 1 Error: Runtime exited.",
		},
		"the process did not start": {
			serve:    failed(`{"errorMessage":"no bootstrap","errorType":"Runtime.InvalidEntrypoint"}`),
			attempts: 3,
			kind:     user,
			message:  "PreSignUp failed with error no bootstrap.",
		},
		"function timeout": {
			serve:    failed(`{"errorMessage":"Task timed out after 3.00 seconds","errorType":"Sandbox.Timedout"}`),
			attempts: 3,
			kind:     user,
			message:  "PreSignUp failed with error Task timed out after 3.00 seconds.",
		},
		"no permission": {
			serve:    refused(403, "AccessDeniedException"),
			attempts: 1,
			kind:     unexpected,
			message:  "PreSignUp invocation failed due to error AccessDeniedException.",
		},
		"no such function": {
			serve:    refused(404, "ResourceNotFoundException"),
			attempts: 1,
			kind:     unexpected,
			message:  "PreSignUp invocation failed due to error AccessDeniedException.",
		},
		"throttled": {
			serve:    refused(429, "TooManyRequestsException"),
			attempts: 1,
			kind:     unexpected,
			message:  "PreSignUp invocation failed due to error TooManyRequestsException.",
		},
		"500 is not repeated": {
			serve:    refused(500, "ServiceException"),
			attempts: 1,
			kind:     unexpected,
			message:  "PreSignUp invocation failed due to error ServiceException.",
		},
		"502 is not repeated": {
			serve:    refused(502, "EC2UnexpectedException"),
			attempts: 1,
			kind:     unexpected,
			message:  "PreSignUp invocation failed due to error EC2UnexpectedException.",
		},
		"not Lambda": {
			serve:    func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "what?", 400) },
			attempts: 1,
			kind:     unexpected,
			message:  "PreSignUp invocation failed due to error AccessDeniedException.",
		},
		"no answer in time": {
			serve: func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // otherwise the server does not notice that the client disconnects
				<-r.Context().Done()
			},
			attempts: 3,
			kind:     unexpected,
			message:  "PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				if r.URL.Path != "/2015-03-31/functions/"+remoteARN+"/invocations" {
					t.Errorf("path %s", r.URL.Path)
				}
				if kind := r.Header.Get("X-Amz-Invocation-Type"); kind != "" && kind != "RequestResponse" {
					t.Errorf("invocation type %s", kind)
				}
				c.serve(w, r)
			}))
			defer server.Close()
			l := lambdaAt(t, server.URL)
			if strings.HasPrefix(name, "no answer") {
				l.limit = 50 * time.Millisecond
			}
			answer, err := (&Firer{Invoker: l}).invoke(t.Context(), remoteARN, []byte(`{"as":"sent"}`), &Record{})
			if got := calls.Load(); got != c.attempts {
				t.Errorf("%d attempts, want %d", got, c.attempts)
			}
			if c.kind == "" {
				if err != nil || string(answer) != `{"as":"sent"}` {
					t.Errorf("answer %s, error %v", answer, err)
				}
				return
			}
			var shown *Error
			if !errors.As(translate(cognito.PreSignUp, err), &shown) || shown.Kind != c.kind || shown.Message != c.message {
				t.Errorf("error %v becomes %v, want %s: %s", err, shown, c.kind, c.message)
			}
		})
	}
}

func TestLambdaTimeout(t *testing.T) {
	if l := lambdaAt(t, "http://127.0.0.1:1"); l.limit != 5*time.Second {
		t.Errorf("limit %v", l.limit)
	}
}

// If the caller cancels, Invoke returns the context's error and does not retry.
func TestLambdaCanceled(t *testing.T) {
	var calls atomic.Int32
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	if _, err := lambdaAt(t, server.URL).Invoke(ctx, remoteARN, []byte("{}")); !errors.Is(err, context.Canceled) ||
		calls.Load() != 1 {
		t.Errorf("error %v after %d calls", err, calls.Load())
	}
}

// The record says why there is no answer, which the client does not learn.
func TestUnreachableEndpoint(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	firer := &Firer{Invoker: lambdaAt(t, server.URL), Now: time.Now, Log: &Log{}}
	_, err := firer.Fire(t.Context(), Call{
		Hook:    cognito.PreSignUp,
		Source:  cognito.PreSignUpSignUp,
		ARN:     remoteARN,
		Version: "1",
		Request: events.PreSignUpRequest{},
	})
	want := "UnexpectedLambdaException: PreSignUp invocation failed due to error ServiceException."
	if err == nil || err.Error() != want {
		t.Errorf("error %v", err)
	}
	record := firer.Log.Records(0)[0]
	if len(record.Problems) != 1 || !strings.Contains(record.Problems[0], remoteARN) ||
		!strings.Contains(record.Problems[0], "AWS_ENDPOINT_URL_LAMBDA") {
		t.Errorf("problems %q", record.Problems)
	}
}

func TestLambdaNeedsAnEndpoint(t *testing.T) {
	env := settings.FromMap(map[string]string{
		"AWS_REGION":            "eu-west-1",
		"AWS_ACCESS_KEY_ID":     "local",
		"AWS_SECRET_ACCESS_KEY": "local",
	})
	NewLambda(env)
	if err := env.Err(); err == nil || !strings.Contains(err.Error(), "AWS_ENDPOINT_URL_LAMBDA") {
		t.Errorf("error %v", err)
	}
}

type invoker string

func (i invoker) Invoke(context.Context, string, []byte) ([]byte, error) { return []byte(i), nil }

func TestChoose(t *testing.T) {
	const prefix = "arn:aws:lambda:eu-west-1:000000000000:function:"
	names := []string{"pre-sign-up", "custom-message"}
	cases := map[string]struct {
		arn    string
		remote Invoker
		want   string
		fails  string
	}{
		"local function": {arn: prefix + "pre-sign-up", remote: invoker("remote"), want: "local"},
		"another Region": {
			arn:    "arn:aws:lambda:us-east-1:123456789012:function:custom-message",
			remote: invoker("remote"),
			want:   "local",
		},
		"with an alias":               {arn: prefix + "pre-sign-up:live", remote: invoker("remote"), want: "local"},
		"with a version":              {arn: prefix + "pre-sign-up:7", remote: invoker("remote"), want: "local"},
		"another name":                {arn: prefix + "audit", remote: invoker("remote"), want: "remote"},
		"a longer name":               {arn: prefix + "pre-sign-up-2", remote: invoker("remote"), want: "remote"},
		"an alias that is a name":     {arn: prefix + "audit:pre-sign-up", remote: invoker("remote"), want: "remote"},
		"another name without remote": {arn: prefix + "audit", want: "", fails: `no local function "audit"`},
		"no ARN": {
			arn:    "pre-sign-up",
			remote: invoker("remote"),
			want:   "",
			fails:  "is not the ARN of a Lambda function",
		},
		"no name": {
			arn:    prefix,
			remote: invoker("remote"),
			want:   "",
			fails:  "is not the ARN of a Lambda function",
		},
		"no alias": {
			arn:    prefix + "pre-sign-up:",
			remote: invoker("remote"),
			want:   "",
			fails:  "is not the ARN of a Lambda function",
		},
		"another service": {
			arn:    "arn:aws:sns:eu-west-1:000000000000:function:pre-sign-up",
			remote: invoker("remote"),
			want:   "",
			fails:  "is not the ARN of a Lambda function",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Choose(invoker("local"), names, c.remote).Invoke(t.Context(), c.arn, nil)
			if string(got) != c.want || (err != nil) != (c.fails != "") ||
				err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%q, error %v; want %q, error %q", got, err, c.want, c.fails)
			}
		})
	}
}

// dying is an invoker whose function always dies; it counts the calls.
type dying struct{ calls *int }

func (d dying) Invoke(context.Context, string, []byte) ([]byte, error) {
	*d.calls++
	return nil, &lambdaruntime.CrashError{Function: "f", RequestID: "1", Status: "signal: killed"}
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ attempts, want int }{
		"default": {attempts: 0, want: 3},
		"one":     {attempts: 1, want: 1},
		"five":    {attempts: 5, want: 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			_, err := (&Firer{Invoker: dying{&calls}, Attempts: c.attempts}).invoke(t.Context(), remoteARN, nil, &Record{})
			want := "UserLambdaValidationException: PreSignUp failed with error " +
				"RequestId: 1 Error: Runtime exited with error: signal: killed."
			if got := translate(cognito.PreSignUp, err); calls != c.want || got.Error() != want {
				t.Errorf("%d calls, error %v; want %d, %s", calls, got, c.want, want)
			}
		})
	}
}

// Lambda ends a function whose own timeout is shorter than Cognito's.
func TestOwnTimeout(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		after time.Duration
		want  string
	}{
		"shorter": {
			after: 3 * time.Second,
			want: "UserLambdaValidationException: PreSignUp failed with error " +
				"RequestId: 1 Error: Task timed out after 3.00 seconds.",
		},
		"as long": {
			after: 5 * time.Second,
			want: "UnexpectedLambdaException: PreSignUp invocation failed due to error " +
				"Socket timeout while invoking Lambda function.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := fmt.Errorf("f: %w", &lambdaruntime.TimeoutError{Function: "f", RequestID: "1", After: c.after})
			if got := translate(cognito.PreSignUp, err); got.Error() != c.want {
				t.Errorf("error %v, want %s", got, c.want)
			}
		})
	}
}
