package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/challenge/memory"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/scrub/scrubtest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

func on(store challenge.Store, env *settings.Env) handler {
	return handler{readConfig(env), challenge.Desk{Store: store, Now: time.Now}}
}

func TestGoldenEvents(t *testing.T) {
	triggertest.ReplayInstance(t, testevents.FS(), "verify-auth-challenge-response",
		func(t *testing.T, c golden.Case) triggertest.Instance {
			store := memory.New()
			return triggertest.Instance{
				Handler: triggertest.Wrap(events.VerifyAuthChallengeResponse, on(store, triggertest.Settings(t, c)).handle),
				Tables:  store,
			}
		})
}

func TestSetupNamesWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		environment map[string]string
		want        []string
	}{
		"nothing": {nil, []string{"CHALLENGES_TABLE is not set", "AWS_REGION ", "AWS_ACCESS_KEY_ID "}},
		"too generous": {
			map[string]string{mostSetting: "21", withinSetting: "59"},
			[]string{"MAX_WRONG_ANSWERS is out of range: use a whole number from 1 to 20", "WRONG_ANSWERS_MINUTES is out"},
		},
	} {
		env := settings.FromMap(c.environment)
		_, err := setup(env)
		err = errors.Join(err, env.Err())
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: problems %v do not say %q", name, err, want)
			}
		}
	}
}

func event(t *testing.T, name string) []byte {
	t.Helper()
	payload, err := os.ReadFile("../../testevents/verify-auth-challenge-response/" +
		"VerifyAuthChallengeResponse_Authentication" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// failing is a store whose every call fails.
type failing struct{ err error }

func (f failing) Secret(context.Context) ([]byte, error) { return []byte("secret"), nil }
func (f failing) Load(context.Context, string) (challenge.Versioned, error) {
	return challenge.Versioned{}, f.err
}
func (f failing) Save(context.Context, string, challenge.Versioned) (challenge.Versioned, error) {
	return challenge.Versioned{}, f.err
}

// Neither an event's values nor a service's words reach a log, and without the store nobody signs in.
func TestStoreDown(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	for name, failure := range scrubtest.Errors() {
		var logs, metrics bytes.Buffer
		trigger.UseLog(&logs, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
		handle := on(failing{failure}, settings.FromMap(map[string]string{tableSetting: "challenges"})).handle
		ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "id"})
		_, err := trigger.New(events.VerifyAuthChallengeResponse, handle, &metrics).Invoke(ctx, event(t, ""))
		if err == nil || err.Error() != trigger.GenericMessage("id") {
			t.Errorf("%s: error %v", name, err)
		}
		text := logs.String() + metrics.String()
		scrubtest.Check(t, text)
		for _, private := range []string{"ines@", "6f0c2a3e", "40721938"} {
			if strings.Contains(text, private) {
				t.Errorf("%s in %s", private, text)
			}
		}
	}
}

// A round that only asks for the client's choice makes no call, and needs no service.
func TestChoiceCallsNothing(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a call of %s", r.Header.Get("X-Amz-Target"))
	}))
	t.Cleanup(server.Close)
	env := settings.FromMap(map[string]string{tableSetting: "challenges", "AWS_REGION": "eu-west-1",
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s", "AWS_ENDPOINT_URL": server.URL})
	handle, err := setup(env)
	if err := errors.Join(err, env.Err()); err != nil {
		t.Fatal(err)
	}
	got := triggertest.Invoke(t, triggertest.Wrap(events.VerifyAuthChallengeResponse, handle), event(t, "-choice"))
	if !bytes.Contains(got.Answer, []byte(`"answerCorrect": true`)) {
		t.Errorf("answer %s, error %s", got.Answer, got.Error)
	}
}

// A service that hangs costs the user the sign-in, in time.
func TestStoreHangs(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-release:
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	env := settings.FromMap(map[string]string{tableSetting: "challenges", "AWS_REGION": "eu-west-1",
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s", "AWS_ENDPOINT_URL": server.URL})
	handle, err := setup(env)
	if err := errors.Join(err, env.Err()); err != nil {
		t.Fatal(err)
	}
	const limit = 600 * time.Millisecond // Lambda's, in place of 5 s
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	began := time.Now()
	var metrics bytes.Buffer
	if _, err := trigger.New(events.VerifyAuthChallengeResponse, handle, &metrics).Invoke(ctx, event(t, "")); err == nil {
		t.Error("an answer without a store")
	}
	if took := time.Since(began); took > limit {
		t.Errorf("it took %v", took)
	}
}
