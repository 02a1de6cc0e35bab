package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	triggertest.Replay(t, testevents.FS(), "define-auth-challenge", func(t *testing.T, c golden.Case) lambda.Handler {
		env := triggertest.Settings(t, c)
		handle, err := setup(env)
		if err := errors.Join(err, env.Err()); err != nil {
			t.Fatal(err)
		}
		return triggertest.Wrap(events.DefineAuthChallenge, handle)
	})
}

func TestSetupNamesWhatIsWrong(t *testing.T) {
	for value, wrong := range map[string]bool{"": false, "1": false, "5": false, "0": true, "6": true, "many": true} {
		env := settings.FromMap(map[string]string{triesSetting: value})
		_, err := setup(env)
		if err = errors.Join(err, env.Err()); (err != nil) != wrong ||
			wrong && !strings.Contains(err.Error(), "TRIES is out of range: use a whole number from 1 to 5") {
			t.Errorf("%q: problem %v", value, err)
		}
	}
}

// The guard comes before everything, and its text reaches the user.
func TestGuard(t *testing.T) {
	proved := string(events.CustomChallenge)
	e := &events.DefineAuthChallengeEvent{Request: events.DefineAuthChallengeRequest{Session: events.Session{{
		ChallengeName: proved, ChallengeResult: true, ChallengeMetadata: new("EMAIL_CODE"),
	}}}}
	refuses := func(context.Context, *events.DefineAuthChallengeEvent) error { return trigger.Reject("suspended") }
	if err := (handler{tries: 3, guard: refuses}).handle(t.Context(), e); err == nil || err.Error() != "suspended" ||
		events.True(e.Response.IssueTokens) {
		t.Errorf("error %v, response %+v", err, e.Response)
	}
	passes := func(context.Context, *events.DefineAuthChallengeEvent) error { return nil }
	if err := (handler{tries: 3, guard: passes}).handle(t.Context(), e); err != nil ||
		!events.True(e.Response.IssueTokens) {
		t.Errorf("error %v, response %+v", err, e.Response)
	}
}

// Nothing of an event reaches a log.
func TestNoPersonalDataInLogs(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	var logs, metrics bytes.Buffer
	trigger.UseLog(&logs, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
	for _, name := range []string{"", "-code", "-three-wrong-codes", "-unknown-user", "-forged-metadata"} {
		const base = "../../testevents/define-auth-challenge/DefineAuthChallenge_Authentication"
		payload, err := os.ReadFile(base + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := trigger.New(events.DefineAuthChallenge, handler{tries: 3}.handle, &metrics).
			Invoke(t.Context(), payload); err != nil {
			t.Error(err)
		}
	}
	for _, private := range []string{"ines", "6f0c2a3e"} {
		if strings.Contains(strings.ToLower(logs.String()+metrics.String()), private) {
			t.Errorf("%s in %s%s", private, logs.String(), metrics.String())
		}
	}
}

// BenchmarkProved is the last event of a sign-in.
func BenchmarkProved(b *testing.B) {
	payload, err := os.ReadFile("../../testevents/define-auth-challenge/DefineAuthChallenge_Authentication-code.json")
	if err != nil {
		b.Fatal(err)
	}
	handler := trigger.New(events.DefineAuthChallenge, handler{tries: 3}.handle, io.Discard)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := handler.Invoke(b.Context(), payload); err != nil {
			b.Fatal(err)
		}
	}
}
