package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/scrub/scrubtest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

// An error of a service must not bring the account's values into the log, neither the event's nor the pool's.
func TestLogHoldsNothingOfTheUser(t *testing.T) {
	private := []string{"moreau-1987", "6f0c1c1e-0000-4000-8000-000000000001", "Rue de la Paix", "108665554400",
		"ines@bücher.example", "facebook-20301"}
	text := "cannot link: " + strings.Join(private, " / ")
	owner := native(func(u *user) {
		u.Name = private[0]
		u.Attributes["email"], u.Attributes["sub"], u.Attributes["address"] = private[4], private[1], private[2]
		u.Attributes["identities"] = identitiesOf(identity{Provider: "Facebook", Subject: private[5]})
	})
	for name, linkErr := range map[string]error{
		"down":     errors.New(text),
		"conflict": fmt.Errorf("%s: %w", text, errConflict),
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			before := slog.Default()
			t.Cleanup(func() { slog.SetDefault(before) })
			trigger.UseLog(&log, settings.FromMap(nil))
			users := newFakePool(owner)
			users.linkErr = func(identity, string) error { return linkErr }
			handler := triggertest.Wrap(events.PreSignUp, newHandler(Config{LinkProviders: []string{"A_cme"}}, users))
			payload := event(t, cognito.PreSignUpExternalProvider, "A_cme_"+private[3],
				`"email":"ines@xn--bcher-kva.example","email_verified":"true"`).Raw()
			if got := triggertest.Invoke(t, handler, payload); got.Error == "" {
				t.Fatal("the event was let through")
			}
			if !strings.Contains(log.String(), "cannot link: ") {
				t.Fatalf("the error is not in the log: %s", log.String())
			}
			for _, value := range private {
				if strings.Contains(log.String(), value) {
					t.Errorf("%s is in the log: %s", value, log.String())
				}
			}
		})
	}
}

// What the pool says is not logged: it may repeat a value in a spelling that no scrubber knows.
func TestTextsOfServicesReachNoLog(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	for name, failure := range scrubtest.Errors() {
		for place, cause := range map[string]func(f *fakePool){
			"list": func(f *fakePool) { f.listErr = fmt.Errorf("list users: %w", failure) },
			"get":  func(f *fakePool) { f.getErr = fmt.Errorf("get user: %w", failure) },
			"link": func(f *fakePool) {
				f.linkErr = func(identity, string) error { return fmt.Errorf("link provider: %w", failure) }
			},
			"conflict": func(f *fakePool) {
				f.linkErr = func(identity, string) error { return fmt.Errorf("link provider: %w: %w", errConflict, failure) }
			},
		} {
			t.Run(place+", "+name, func(t *testing.T) {
				var log bytes.Buffer
				trigger.UseLog(&log, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
				users := newFakePool(native(nil))
				cause(users)
				handler := triggertest.Wrap(events.PreSignUp, newHandler(Config{LinkProviders: []string{"Acme"}}, users))
				payload := event(t, cognito.PreSignUpExternalProvider, "Acme_4711",
					`"email":"`+address+`","email_verified":"true","name":`+strconv.Quote(scrubtest.Value)).Raw()
				if got := triggertest.Invoke(t, handler, payload); got.Error == "" {
					t.Fatal("the event was let through")
				}
				if !strings.Contains(log.String(), `"error":"`) {
					t.Fatalf("no error was logged: %s", log.String())
				}
				scrubtest.Check(t, log.String())
			})
		}
	}
}
