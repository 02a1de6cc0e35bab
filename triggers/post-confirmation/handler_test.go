package main

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/goldenprofile"
	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	triggertest.ReplayInstance(t, testevents.FS(), "post-confirmation",
		func(t *testing.T, c golden.Case) triggertest.Instance {
			mailbox := triggertest.NewMailbox(t)
			environment := mailbox.Settings()
			environment[tableSetting] = "profiles"
			maps.Copy(environment, c.Config.Environment)
			c.Config.Environment = environment
			env := triggertest.Settings(t, c)
			config, err := readConfig(env)
			mailer := newServices(env, config).mailer
			if err := errors.Join(err, env.Err()); err != nil {
				t.Fatal(err)
			}
			store := memory.New()
			if err := goldenprofile.Seed(t.Context(), store, c); err != nil {
				t.Fatal(err)
			}
			handle := newHandler(config, services{profiles: store, pool: &fakePool{}, mailer: mailer})
			return triggertest.Instance{
				Handler: triggertest.Wrap(events.PostConfirmation, handle), Outbox: mailbox,
				Profile: func() json.RawMessage {
					stored, err := goldenprofile.Stored(t.Context(), store, c)
					if err != nil {
						t.Fatal(err)
					}
					return stored
				},
			}
		})
}

func TestConfirmationDoesEveryPart(t *testing.T) {
	w := newWorld(t, everything)
	w.deliver(t, event(t, nil))
	if !w.hasProfile(t) {
		t.Error("no profile")
	}
	if want := poolID + " ines.moreau members"; len(w.pool.added) != 1 || w.pool.added[0] != want {
		t.Errorf("added %q, want %q", w.pool.added, want)
	}
	if len(w.mailer.to) != 1 || w.mailer.to[0] != "ines@example.org" {
		t.Errorf("mails to %q", w.mailer.to)
	}
	w.wantCounts(t, map[string]int{welcomeEmailsSent: 1})
}

func TestSwitchedOffPartsAreLeftAlone(t *testing.T) {
	w := newWorld(t, map[string]string{tableSetting: "profiles"})
	w.deliver(t, event(t, nil))
	if !w.hasProfile(t) || len(w.pool.added) != 0 || len(w.mailer.to) != 0 {
		t.Errorf("profile %v, groups %v, mails %v", w.hasProfile(t), w.pool.added, w.mailer.to)
	}
}

func TestPasswordResetDoesNothing(t *testing.T) {
	w := newWorld(t, everything)
	payload := strings.Replace(string(event(t, nil)), cognito.PostConfirmationConfirmSignUp,
		cognito.PostConfirmationConfirmForgotPassword, 1)
	w.deliver(t, []byte(payload))
	if w.store.attempts != 0 || len(w.pool.added) != 0 || len(w.mailer.to) != 0 {
		t.Errorf("store calls %d, groups %v, mails %v", w.store.attempts, w.pool.added, w.mailer.to)
	}
	w.wantCounts(t, nil)
}

// With the setting, a new password ends the user's sign-ins, and nothing else happens. A failure is counted.
func TestPasswordResetSignsOut(t *testing.T) {
	payload := []byte(strings.Replace(string(event(t, nil)), cognito.PostConfirmationConfirmSignUp,
		cognito.PostConfirmationConfirmForgotPassword, 1))
	on := maps.Clone(everything)
	on[signOutSetting] = "true"

	w := newWorld(t, on)
	w.deliver(t, payload)
	if want := []string{poolID + " ines.moreau"}; !slices.Equal(w.pool.signedOut, want) || w.store.attempts != 0 ||
		len(w.pool.added) != 0 || len(w.mailer.to) != 0 {
		t.Errorf("signed out %q, store calls %d, groups %v, mails %v", w.pool.signedOut, w.store.attempts, w.pool.added,
			w.mailer.to)
	}
	w.wantCounts(t, nil)

	w = newWorld(t, on)
	w.pool.err = errors.New("TooManyRequestsException: slow down")
	w.deliver(t, payload)
	w.wantCounts(t, map[string]int{signOutsFailed: 1})

	w = newWorld(t, on)
	w.deliver(t, event(t, nil))
	if len(w.pool.signedOut) != 0 {
		t.Errorf("a confirmed sign-up signed %q out", w.pool.signedOut)
	}
}

// Cognito repeats a call that it takes for failed, up to three times in all.
func TestRepeatedDeliveries(t *testing.T) {
	ways := map[string]func(deliver func()){
		"three in a row": func(deliver func()) {
			for range 3 {
				deliver()
			}
		},
		"three in parallel": func(deliver func()) {
			var group sync.WaitGroup
			for range 3 {
				group.Go(deliver)
			}
			group.Wait()
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, everything)
			payload := event(t, nil)
			way(func() { w.deliver(t, payload) })
			if !w.hasProfile(t) || len(w.mailer.to) != 1 {
				t.Errorf("profile %v, %d mails; want one of each", w.hasProfile(t), len(w.mailer.to))
			}
			w.wantCounts(t, map[string]int{welcomeEmailsSent: 1})
		})
	}
}

func TestStoreTrouble(t *testing.T) {
	down := errors.New("connection refused")
	refused := permanentError{error: errors.New("AccessDeniedException: not authorized on table/profiles")}
	cases := []struct {
		name         string
		creates      []error
		wantAttempts int
		wantProfile  bool
		wantLost     int
	}{
		{name: "down for a moment", creates: []error{down, down}, wantAttempts: 3, wantProfile: true},
		{name: "down until the last attempt", creates: []error{down, down, down, down}, wantAttempts: 5, wantProfile: true},
		{name: "down", creates: []error{down, down, down, down, down, down}, wantAttempts: 5, wantLost: 1},
		{name: "refused", creates: []error{refused, refused}, wantAttempts: 1, wantLost: 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, everything)
			w.store.creates = c.creates
			w.deliver(t, event(t, nil))
			if w.store.attempts != c.wantAttempts || w.hasProfile(t) != c.wantProfile {
				t.Errorf("%d attempts, profile %v; want %d, %v", w.store.attempts, w.hasProfile(t), c.wantAttempts, c.wantProfile)
			}
			if len(w.pool.added) != 1 {
				t.Error("the user is not in the group, which needs no store")
			}
			w.wantCounts(t, map[string]int{profilesLost: c.wantLost, mailsLost: c.wantLost, welcomeEmailsSent: 1 - c.wantLost})
		})
	}
}

// permanentError is a refusal by the service, as its client reports it.
type permanentError struct{ error }

func (permanentError) HTTPStatusCode() int { return 400 }
func (permanentError) ErrorCode() string   { return "AccessDeniedException" }

func TestDeletedAccountGetsNothing(t *testing.T) {
	w := newWorld(t, everything)
	if err := w.store.Delete(t.Context(), profile.Key{UserPoolID: poolID, Sub: sub}, time.Now(), time.Hour); err != nil {
		t.Fatal(err)
	}
	w.deliver(t, event(t, nil))
	if w.hasProfile(t) || w.store.attempts != 1 || len(w.pool.added) != 0 || len(w.mailer.to) != 0 {
		t.Errorf("profile %v after %d attempts, groups %v, mails %v", w.hasProfile(t), w.store.attempts, w.pool.added,
			w.mailer.to)
	}
	w.wantCounts(t, nil)
}

func TestEventWithoutSub(t *testing.T) {
	w := newWorld(t, everything)
	w.deliver(t, event(t, map[string]string{"sub": ""}))
	if w.store.attempts != 0 || len(w.mailer.to) != 0 || len(w.pool.added) != 1 {
		t.Errorf("store calls %d, mails %v, groups %v", w.store.attempts, w.mailer.to, w.pool.added)
	}
	w.wantCounts(t, map[string]int{profilesLost: 1, mailsLost: 1})
}

func TestUnreadableIdentitiesAreCounted(t *testing.T) {
	w := newWorld(t, everything)
	w.deliver(t, event(t, map[string]string{"identities": `[{"userId":"107`}))
	if !w.hasProfile(t) {
		t.Error("no profile")
	}
	w.wantCounts(t, map[string]int{identitiesUnreadable: 1, welcomeEmailsSent: 1})
}

func TestGroupTrouble(t *testing.T) {
	w := newWorld(t, everything)
	w.pool.err = errors.New("ResourceNotFoundException: Group not found")
	w.deliver(t, event(t, nil))
	if !w.hasProfile(t) || len(w.mailer.to) != 1 {
		t.Errorf("profile %v, mails %v", w.hasProfile(t), w.mailer.to)
	}
	w.wantCounts(t, map[string]int{groupAddsFailed: 1, welcomeEmailsSent: 1})
}

// A dependency that hangs must not take the answer with it.
func TestStalledDependencies(t *testing.T) {
	const limit = 2 * time.Second // Lambda's, in place of 5 s
	cases := map[string]struct {
		stall func(*world)
		want  map[string]int
	}{
		"store": {stall: func(w *world) { w.store.stall = true }, want: map[string]int{profilesLost: 1, mailsLost: 1}},
		"mail":  {stall: func(w *world) { w.mailer.stall = true }, want: map[string]int{mailsLost: 1}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, everything)
			c.stall(w)
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			payload := event(t, nil)
			answer, err := w.handler.Invoke(lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: "id"}),
				payload)
			if err != nil || string(answer) != string(payload) {
				t.Errorf("answer %s, error %v", answer, err)
			}
			if ctx.Err() != nil {
				t.Error("the answer came after Lambda's limit")
			}
			if len(w.pool.added) != 1 {
				t.Error("no time was left for the group")
			}
			w.wantCounts(t, c.want)
		})
	}
}

func TestSettings(t *testing.T) {
	cases := []struct {
		name        string
		environment map[string]string
		problem     string // in the problems; "": none
	}{
		{name: "all set", environment: everything},
		{name: "least", environment: map[string]string{tableSetting: "profiles"}},
		{name: "no table", problem: "PROFILE_TABLE"},
		{
			name:        "group with a space",
			environment: map[string]string{tableSetting: "profiles", groupSetting: "new users"},
			problem:     "DEFAULT_GROUP",
		},
		{
			name:        "group too long",
			environment: map[string]string{tableSetting: "profiles", groupSetting: strings.Repeat("g", 129)},
			problem:     "DEFAULT_GROUP",
		},
		{
			name:        "sender without domain",
			environment: map[string]string{tableSetting: "profiles", welcomeSetting: "hello"},
			problem:     "WELCOME_EMAIL_FROM",
		},
		{
			name:        "two senders",
			environment: map[string]string{tableSetting: "profiles", welcomeSetting: "a@example.org, b@example.org"},
			problem:     "WELCOME_EMAIL_FROM",
		},
		{
			name:        "brand with markup",
			environment: map[string]string{tableSetting: "profiles", welcomeSetting: "a@example.org", "BRAND_NAME": "<b>"},
			problem:     "BRAND_NAME",
		},
		{name: "brand is not used", environment: map[string]string{tableSetting: "profiles", "BRAND_NAME": "<b>"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			env := settings.FromMap(c.environment)
			if _, err := readConfig(env); err != nil {
				t.Fatal(err)
			}
			err := env.Err()
			if (err == nil) != (c.problem == "") || err != nil && !strings.Contains(err.Error(), c.problem) {
				t.Errorf("problems %v, want %q", err, c.problem)
			}
		})
	}
}
