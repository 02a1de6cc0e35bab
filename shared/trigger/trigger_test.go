package trigger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
)

const signUp = `{"version":"1","triggerSource":"PreSignUp_SignUp","userPoolId":"eu-west-1_Pool",
	"userName":"canary-user",
	"request":{"userAttributes":{"email":"Canary@Example.org","name":"카나리",
	"identities":"[{\"userId\":\"canary-subject\"}]"},"clientMetadata":{"token":"canary-token"}},
	"response":{"autoConfirmUser":false}}`

type handler = Handler[events.PreSignUpRequest, events.PreSignUpResponse]

// invoke runs a handler on an event and returns its answer, metrics line and log.
func invoke(t *testing.T, handle handler, event string) (answer string, line map[string]any, log string, err error) {
	t.Helper()
	var metrics, logged bytes.Buffer
	previous := slog.Default()
	t.Cleanup(func() { slog.SetDefault(previous) })
	UseLog(&logged, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "request-1"})
	out, err := New(events.PreSignUp, handle, &metrics).Invoke(ctx, []byte(event))
	if strings.Count(metrics.String(), "\n") != 1 {
		t.Errorf("want one metrics line, got %q", metrics.String())
	}
	if jsonErr := json.Unmarshal(metrics.Bytes(), &line); jsonErr != nil {
		t.Fatal(jsonErr)
	}
	return string(out), line, logged.String(), err
}

func TestOutcomes(t *testing.T) {
	generic := GenericMessage("request-1")
	cases := map[string]struct {
		event             string
		handle            handler
		wantErr, outcome  string
		wantAnswerChanged bool
	}{
		"answered": {event: signUp, handle: func(_ context.Context, e *events.PreSignUpEvent) error {
			e.Response.AutoConfirmUser = events.Bool(true)
			return nil
		}, outcome: Answered, wantAnswerChanged: true},
		"untouched": {
			event:   signUp,
			handle:  func(context.Context, *events.PreSignUpEvent) error { return nil },
			outcome: Answered,
		},
		"rejected": {event: signUp, handle: func(context.Context, *events.PreSignUpEvent) error {
			return fmt.Errorf("wrapped: %w", Reject("say \"why\"\nnow"))
		}, wantErr: "say 'why' now", outcome: Rejected},
		"failed": {event: signUp, handle: func(context.Context, *events.PreSignUpEvent) error {
			return errors.New("table arn:aws:dynamodb:eu-west-1:1:table/secret is gone")
		}, wantErr: generic, outcome: Failed},
		"panicked": {
			event:   signUp,
			handle:  func(context.Context, *events.PreSignUpEvent) error { panic("index out of range: canary-token") },
			wantErr: generic,
			outcome: Panicked,
		},
		"other hook": {
			event:   strings.Replace(signUp, "PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp", 1),
			handle:  func(context.Context, *events.PreSignUpEvent) error { return errors.New("called") },
			outcome: PassedThrough,
		},
		"other shape": {event: `{"triggerSource":"CustomMessage_SignUp","request":5}`, outcome: PassedThrough},
		"new source": {
			event:   strings.Replace(signUp, "PreSignUp_SignUp", "PreSignUp_New", 1),
			handle:  func(context.Context, *events.PreSignUpEvent) error { return nil },
			outcome: Answered,
		},
		"broken shape": {
			event:   `{"triggerSource":"PreSignUp_SignUp","request":"canary-token"}`,
			wantErr: generic,
			outcome: Failed,
		},
		"no event": {event: `[1]`, wantErr: generic, outcome: Failed},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			answer, line, log, err := invoke(t, c.handle, c.event)
			if c.wantErr == "" && err != nil || c.wantErr != "" && (err == nil || err.Error() != c.wantErr) {
				t.Errorf("error = %v, want %q", err, c.wantErr)
			}
			if c.wantErr == "" && (answer != c.event) != c.wantAnswerChanged {
				t.Errorf("answer = %s", answer)
			}
			if line["Outcome"] != c.outcome || line["RequestId"] != "request-1" {
				t.Errorf("metrics line = %v, want outcome %s", line, c.outcome)
			}
			if strings.Contains(log, "canary") {
				t.Errorf("log holds a value of the event: %s", log)
			}
		})
	}
}

func TestLogHoldsNoValueOfTheEvent(t *testing.T) {
	type user struct{ Name string }
	_, _, log, _ := invoke(t, func(ctx context.Context, e *events.PreSignUpEvent) error {
		attributes := e.Request.UserAttributes
		slog.InfoContext(ctx, "sign-up of "+attributes["email"], "name", attributes["name"], "err",
			fmt.Errorf("address <%s> is blocked", strings.ToLower(attributes["email"])),
			"user", user{Name: attributes["name"]}, slog.Group("g", "list", []string{attributes["name"]}), "identity",
			"canary-subject", "wait", time.Second)
		slog.Info("without context: " + e.UserName)
		slog.InfoContext(ctx, "spellings", "url", url.QueryEscape(attributes["email"]), "quoted",
			strconv.QuoteToASCII(attributes["name"]), "upper", strings.ToUpper(e.UserName))
		Hide(ctx, "canary-of-another-user")
		slog.InfoContext(ctx, "found canary-of-another-user")
		slog.With("meta", e.Request.ClientMetadata["token"]).WithGroup("group").WarnContext(ctx, "with attributes", "k",
			e.Request.ClientMetadata["token"])
		return nil
	}, signUp)
	for _, value := range []string{"canary", "Canary", "CANARY", "카나리", `\\uce74`} {
		if strings.Contains(log, value) {
			t.Errorf("log holds %q:\n%s", value, log)
		}
	}
	for _, kept := range []string{"sign-up of [scrubbed]", "is blocked", "[trigger.user]", `"requestId":"request-1"`,
		`"triggerSource":"PreSignUp_SignUp"`, `"wait":1000000000`} {
		if !strings.Contains(log, kept) {
			t.Errorf("log lacks %q:\n%s", kept, log)
		}
	}
}

func TestCounters(t *testing.T) {
	_, line, _, _ := invoke(t, func(ctx context.Context, _ *events.PreSignUpEvent) error {
		Count(ctx, "ProfilesLost")
		Count(ctx, "ProfilesLost")
		Note(ctx, "Store", "down")
		return nil
	}, signUp)
	if line["ProfilesLost"] != 2.0 || line["Store"] != "down" {
		t.Errorf("metrics line = %v", line)
	}
	directives, _ := json.Marshal(line["_aws"].(map[string]any)["CloudWatchMetrics"])
	want := `"Dimensions":[["FunctionName"]],"Metrics":[{"Name":"ProfilesLost","Unit":"Count"}]`
	if !strings.Contains(string(directives), want) {
		t.Errorf("directives %s lack %s", directives, want)
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		options []Option
		want    time.Duration
	}{
		"Cognito's limit": {want: 4 * time.Second},
		"chosen margin":   {options: []Option{WithMargin(2 * time.Second)}, want: 3 * time.Second},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			var left time.Duration
			began := time.Now()
			_, err := New(events.PreSignUp, func(ctx context.Context, _ *events.PreSignUpEvent) error {
				end, _ := ctx.Deadline()
				left = end.Sub(began)
				return nil
			}, io.Discard, c.options...).Invoke(ctx, []byte(signUp))
			if err != nil {
				t.Fatal(err)
			}
			if left < c.want-100*time.Millisecond || left > c.want+100*time.Millisecond {
				t.Errorf("handler has %v, want about %v", left, c.want)
			}
		})
	}
}

func TestNamespace(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		options []Option
		want    string
	}{
		"the toolkit's": {want: Namespace},
		"chosen":        {options: []Option{WithNamespace("Shop")}, want: "Shop"},
		"empty":         {options: []Option{WithNamespace("")}, want: Namespace},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var metrics bytes.Buffer
			nothing := func(context.Context, *events.PreSignUpEvent) error { return nil }
			if _, err := New(events.PreSignUp, nothing, &metrics, c.options...).Invoke(t.Context(), []byte(signUp)); err != nil {
				t.Fatal(err)
			}
			if want := `"Namespace":"` + c.want + `"`; !strings.Contains(metrics.String(), want) {
				t.Errorf("metrics line %s lacks %s", &metrics, want)
			}
		})
	}
}

// Cognito does not wait for custom senders, so a slow provider may take the function's own time.
func TestAsynchronousTriggersHaveTheFunctionsTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	left := time.Duration(0)
	handler := New(events.CustomEmailSender, func(ctx context.Context, _ *events.CustomEmailSenderEvent) error {
		end, _ := ctx.Deadline()
		left = time.Until(end)
		return nil
	}, io.Discard)
	if _, err := handler.Invoke(ctx, []byte(`{"triggerSource":"CustomEmailSender_SignUp"}`)); err != nil {
		t.Fatal(err)
	}
	if left < 13*time.Second || left > 14*time.Second {
		t.Errorf("%v are left, want nearly 14 s", left)
	}
}
