package lambdafunc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/emf"
	"cognito-triggers/shared/scrub"
	"cognito-triggers/shared/scrub/scrubtest"
	"cognito-triggers/shared/settings"
)

// subject is a kind of function whose events have one private value.
type subject struct {
	Invocation
	text string
}

func (s *subject) LogAttrs() []slog.Attr  { return []slog.Attr{slog.String("requestId", s.RequestID)} }
func (s *subject) Private(into *[]string) { scrub.Collect(s.text, into) }

// invoke runs a handler as a kind of function does, and returns the public error.
func invoke(ctx context.Context, o *Options, text string, handle func(context.Context) error) error {
	in := &subject{text: text}
	ctx = in.Begin(ctx, o, in)
	defer in.End()
	in.Known()
	err := func() (err error) {
		defer Recover(&err)
		return handle(ctx)
	}()
	in.WriteMetrics([]emf.Member{{Name: "Outcome", Value: "x"}}, []emf.Member{{Name: "RequestId", Value: in.RequestID}})
	if err != nil {
		return in.GenericError(ctx, err)
	}
	return nil
}

// logged captures the process's log until the test ends.
func logged(t *testing.T) *bytes.Buffer {
	t.Helper()
	keepLog(t)
	var log bytes.Buffer
	UseLog(&log, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
	return &log
}

func keepLog(t *testing.T) {
	previous := slog.Default()
	t.Cleanup(func() { slog.SetDefault(previous) })
}

func onLambda(t *testing.T) context.Context {
	return lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "request-1"})
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	const none = 0
	cases := map[string]struct{ lambda, limit, margin, want time.Duration }{
		"the limit":           {lambda: time.Minute, limit: 5 * time.Second, want: 4 * time.Second},
		"Lambda's, if sooner": {lambda: 3 * time.Second, limit: 5 * time.Second, want: 2400 * time.Millisecond},
		"a very short one":    {lambda: 500 * time.Millisecond, limit: 5 * time.Second, want: 400 * time.Millisecond},
		"both alike":          {lambda: 5 * time.Second, limit: 5 * time.Second, want: 4 * time.Second},
		"the limit alone":     {lambda: none, limit: 10 * time.Second, want: 9 * time.Second},
		"Lambda's alone":      {lambda: time.Minute, limit: none, want: 59 * time.Second},
		"Lambda's longest":    {lambda: 15 * time.Minute, limit: 5 * time.Second, want: 4 * time.Second},
		"a debugger's":        {lambda: 24 * time.Hour, limit: 5 * time.Second, want: 24 * time.Hour},
		"neither":             {lambda: none, limit: none, want: none},
		"chosen margin":       {lambda: time.Minute, limit: 5 * time.Second, margin: 2 * time.Second, want: 3 * time.Second},
		"small chosen margin": {
			lambda: time.Minute, limit: 5 * time.Second, margin: time.Millisecond,
			want: 4999 * time.Millisecond,
		},
		"margin over the half": {lambda: time.Minute, limit: 4 * time.Second, margin: 3 * time.Second, want: 2 * time.Second},
		"negative margin":      {lambda: time.Minute, limit: 5 * time.Second, margin: -time.Second, want: 4 * time.Second},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began, ctx := time.Now(), context.Background()
			if c.lambda > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithDeadline(ctx, began.Add(c.lambda))
				defer cancel()
			}
			o := Options{Limit: c.limit, Margin: c.margin}
			end, ends := o.deadline(ctx, began)
			if ends != (c.want > 0) || ends && end.Sub(began) != c.want {
				t.Errorf("ends %v after %v, want after %v", ends, end.Sub(began), c.want)
			}
			in := &subject{}
			ctx = in.Begin(ctx, &o, in)
			if _, set := ctx.Deadline(); set != ends {
				t.Errorf("the context has a deadline: %v, want %v", set, ends)
			}
			if in.End(); ctx.Err() == nil {
				t.Error("the context outlives the invocation")
			}
		})
	}
}

func TestFailuresStayInside(t *testing.T) {
	cases := map[string]struct {
		handle  func(context.Context) error
		wantErr string
		wantLog string
	}{
		"none": {handle: func(context.Context) error { return nil }},
		"error": {
			handle:  func(context.Context) error { return errors.New("table of canary is gone") },
			wantErr: GenericMessage("request-1"), wantLog: `"error":"table of [scrubbed] is gone"`,
		},
		"panic": {
			handle:  func(context.Context) error { panic("canary") },
			wantErr: GenericMessage("request-1"), wantLog: `"error":"panic: [scrubbed]","stack":"goroutine`,
		},
		"panic with an error": {
			handle:  func(context.Context) error { panic(errors.New("broken")) },
			wantErr: GenericMessage("request-1"), wantLog: `"error":"panic: broken"`,
		},
		"error of a service": {
			handle:  func(context.Context) error { return fmt.Errorf("get: %w", scrubtest.Error("about Y2FuYXJ5")) },
			wantErr: GenericMessage("request-1"),
			wantLog: `"error":"get: SomeService PutThing: ValidationException (status 400, request 6d3e0f0a-`,
		},
		"panic with an error of a service": {
			handle:  func(context.Context) error { panic(fmt.Errorf("get: %w", scrubtest.Error("about Y2FuYXJ5"))) },
			wantErr: GenericMessage("request-1"), wantLog: `"error":"panic: get: SomeService PutThing: ValidationException (`,
		},
		"nil error": {
			handle:  func(context.Context) error { var missing *nilError; return missing },
			wantErr: GenericMessage("request-1"), wantLog: `"error":"[*lambdafunc.nilError]"`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			log := logged(t)
			err := invoke(onLambda(t), &Options{Metrics: io.Discard}, "canary", c.handle)
			if c.wantErr == "" && err != nil || c.wantErr != "" && (err == nil || err.Error() != c.wantErr) {
				t.Errorf("error = %v, want %q", err, c.wantErr)
			}
			if (log.Len() == 0) != (c.wantLog == "") || !strings.Contains(log.String(), c.wantLog) {
				t.Errorf("log %s\nlacks %s", log, c.wantLog)
			}
			if strings.Contains(log.String(), "Y2FuYXJ5") {
				t.Errorf("the text of a service is in the log: %s", log)
			}
			if log.Len() > 0 && !strings.Contains(log.String(), `"msg":"the handler failed","requestId":"request-1"`) {
				t.Errorf("log %s", log)
			}
		})
	}
}

type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

func TestRecover(t *testing.T) {
	t.Parallel()
	run := func(handle func() error) (err error) {
		defer Recover(&err)
		return handle()
	}
	plain := errors.New("plain")
	if err := run(func() error { return plain }); err != plain || Panicked(err) {
		t.Errorf("an error became %v", err)
	}
	if err := run(func() error { panic("boom") }); !Panicked(err) || err.Error() != "panic: boom" {
		t.Errorf("a panic became %v", err)
	}
	if Panicked(nil) {
		t.Error("nothing panicked")
	}
}

func TestMetricsLine(t *testing.T) {
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "")
	cases := map[string]struct {
		options   Options
		namespace string
	}{
		"as usual":         {options: Options{Name: "f"}, namespace: "CognitoTriggers"},
		"chosen namespace": {options: Options{Name: "f", Namespace: "Shop"}, namespace: "Shop"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var metrics bytes.Buffer
			c.options.Metrics = &metrics
			err := invoke(onLambda(t), &c.options, "", func(ctx context.Context) error {
				Count(ctx, "Lost")
				Count(ctx, "Lost")
				Note(ctx, "Store", "down")
				return nil
			})
			var line map[string]any
			if err = errors.Join(err, json.Unmarshal(metrics.Bytes(), &line)); err != nil {
				t.Fatal(err)
			}
			want := map[string]any{
				"FunctionName": "f", "Outcome": "x", "RequestId": "request-1", "Lost": 2.0, "Store": "down",
			}
			for member, value := range want {
				if line[member] != value {
					t.Errorf("%s = %v, want %v", member, line[member], value)
				}
			}
			if n := strings.Count(metrics.String(), `"Namespace":"`+c.namespace+`"`); n != 2 {
				t.Errorf("%d of 2 directives are in the namespace %s: %s", n, c.namespace, &metrics)
			}
		})
	}
}

func TestOutsideOfAnInvocation(t *testing.T) {
	log := logged(t)
	Count(t.Context(), "Lost")
	Note(t.Context(), "Store", "down")
	Hide(t.Context(), "canary")
	slog.InfoContext(t.Context(), "canary")
	if !strings.Contains(log.String(), `"msg":"canary"}`) {
		t.Errorf("log %s", log)
	}
	err := invoke(t.Context(), &Options{Metrics: io.Discard}, "", func(context.Context) error { panic(1) })
	if err.Error() != GenericMessage("unknown") {
		t.Errorf("error = %v", err)
	}
}

func TestLogLinesOfAnInvocation(t *testing.T) {
	log := logged(t)
	err := invoke(onLambda(t), &Options{Metrics: io.Discard}, "canary-1", func(ctx context.Context) error {
		Hide(ctx, "canary-2")
		slog.InfoContext(ctx, "with context: canary-1 and canary-2")
		slog.Info("without context: canary-1 and canary-2")
		return nil
	})
	slog.Info("after it: canary-1")
	const want = "with context: [scrubbed] and [scrubbed] request-1\n" +
		"without context: [scrubbed] and [scrubbed] request-1\n" +
		"after it: canary-1 \n"
	var got strings.Builder
	for line := range strings.Lines(log.String()) {
		var read struct{ Msg, RequestID string }
		err = errors.Join(err, json.Unmarshal([]byte(line), &read))
		got.WriteString(read.Msg + " " + read.RequestID + "\n")
	}
	if err != nil || got.String() != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, got.String(), want)
	}
}

// The test is for the race detector.
func TestParallelInvocations(t *testing.T) {
	logged(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_ = invoke(context.Background(), &Options{Metrics: io.Discard}, "canary", func(ctx context.Context) error {
				Hide(ctx, "canary-2")
				slog.Info("without context")
				slog.InfoContext(ctx, "with context")
				return nil
			})
		})
	}
	all.Wait()
}

func TestPrepare(t *testing.T) {
	setup := func(env *settings.Env) (lambda.Handler, error) {
		return Setup(env, func(env *settings.Env) (lambda.Handler, error) {
			if env.Int("LIMIT", 1, 1, 10); env.Lookup("TABLE") == "" {
				return nil, errors.New("no table")
			}
			return lambda.NewHandler(func() {}), nil
		})
	}
	cases := map[string]struct {
		env    map[string]string
		logger *slog.Logger
		want   []string // among the problems in the log; nil where the function starts
	}{
		"good": {env: map[string]string{"TABLE": "t"}},
		"wrong setting": {
			env:  map[string]string{"TABLE": "t", "LIMIT": "11"},
			want: []string{"LIMIT is out of range: use a whole number from 1 to 10"},
		},
		"wrong level":  {env: map[string]string{"TABLE": "t", "LOG_LEVEL": "loud"}, want: []string{"LOG_LEVEL is unknown"}},
		"set-up fails": {want: []string{"no table"}},
		"two problems": {env: map[string]string{"LIMIT": "x"}, want: []string{"LIMIT is out of range", "no table"}},
		"slog's default": {
			env: map[string]string{"TABLE": "t"}, logger: slog.Default(),
			want: []string{"the logger is slog's own default"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			keepLog(t)
			var log bytes.Buffer
			refusal := Refusal{Message: "it cannot start", Attrs: []any{"hook", "h"}}
			got := prepare(Options{Logger: c.logger}, &log, refusal, settings.FromMap(c.env), setup)
			if (got != nil) != (c.want == nil) {
				t.Errorf("handler %v", got)
			}
			if c.want == nil {
				if log.Len() > 0 {
					t.Errorf("log %s", &log)
				}
				return
			}
			const line = `"level":"ERROR","msg":"it cannot start","hook":"h","problems":"`
			_, problems, found := strings.Cut(log.String(), line)
			if !found || strings.Count(log.String(), "\n") != 1 || len(strings.Split(problems, `\n`)) != len(c.want) {
				t.Fatalf("log %s, want one line with %s and %d problems", &log, line, len(c.want))
			}
			for _, want := range c.want {
				if !strings.Contains(problems, want) {
					t.Errorf("problems %s lack %q", problems, want)
				}
			}
		})
	}
}

func TestChosenLoggerGetsScrubbedLines(t *testing.T) {
	keepLog(t)
	var chosen, stderr bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&chosen, nil)).With("team", "users")
	env := settings.FromMap(map[string]string{"LOG_LEVEL": "loud"}) // not read
	handler := prepare(Options{Logger: logger}, &stderr, Refusal{}, env, func(env *settings.Env) (lambda.Handler, error) {
		return Setup(env, func(*settings.Env) (lambda.Handler, error) { return lambda.NewHandler(func() {}), nil })
	})
	_ = invoke(onLambda(t), &Options{Metrics: io.Discard}, "canary", func(context.Context) error {
		return errors.New("no canary")
	})
	want := `level=ERROR msg="the handler failed" team=users requestId=request-1 error="no [scrubbed]"`
	if handler == nil || stderr.Len() > 0 || !strings.HasSuffix(strings.TrimSpace(chosen.String()), want) {
		t.Errorf("got %s\nwant …%s\nstandard error %s", &chosen, want, &stderr)
	}
}
