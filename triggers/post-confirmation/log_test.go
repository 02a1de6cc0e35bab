package main

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"cognito-triggers/shared/scrub/scrubtest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

// No log and no metrics line may hold a value of the user, whatever happens and whatever a service's error text
// repeats.
func TestNoPersonalDataInLogs(t *testing.T) {
	canaries := map[string]string{
		"email":      "canary.address@example.org",
		"name":       "Canary Fullname",
		"given_name": "Canarygiven",
		"identities": `[{"userId":"canary-subject","providerName":"CanaryIdp"`,
		"custom:pin": "canary-4711",
	}
	repeats := fmt.Errorf("ValidationException: %s of %s (%s) in %s", canaries["email"], canaries["name"],
		canaries["custom:pin"], canaries["identities"])
	trouble := map[string]func(w *world){
		"none":            func(*world) {},
		"store down":      func(w *world) { w.store.creates = []error{repeats, repeats, repeats, repeats, repeats} },
		"claim fails":     func(w *world) { w.store.claims = []error{repeats} },
		"group fails":     func(w *world) { w.pool.err = repeats },
		"mail fails":      func(w *world) { w.mailer.err = repeats },
		"store panics":    func(w *world) { w.store.Store = nil },
		"everything down": func(w *world) { w.store.claims, w.pool.err = []error{repeats}, errors.Join(repeats, repeats) },
	}
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	for name, cause := range trouble {
		t.Run(name, func(t *testing.T) {
			var logs bytes.Buffer
			trigger.UseLog(&logs, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
			w := newWorld(t, everything)
			cause(w)
			answer, err := w.handler.Invoke(t.Context(), event(t, canaries))
			if err != nil && strings.Contains(strings.ToLower(err.Error()), "canary") {
				t.Errorf("error text %q", err)
			}
			if err == nil && len(answer) == 0 {
				t.Error("no answer")
			}
			if logs.Len() == 0 {
				t.Fatal("nothing was logged, so nothing was shown")
			}
			for _, text := range []string{logs.String(), w.metrics.String()} {
				if strings.Contains(strings.ToLower(text), "canary") {
					t.Errorf("a canary in %s", text)
				}
			}
		})
	}
}

// What a service says is not logged: it may repeat a value in a spelling that no scrubber knows.
func TestTextsOfServicesReachNoLog(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	for name, failure := range scrubtest.Errors() {
		wrapped := fmt.Errorf("call: %w", failure)
		for place, cause := range map[string]func(w *world){
			"store": func(w *world) { w.store.creates = []error{wrapped, wrapped, wrapped, wrapped, wrapped} },
			"claim": func(w *world) { w.store.claims = []error{wrapped} },
			"group": func(w *world) { w.pool.err = wrapped },
			"mail":  func(w *world) { w.mailer.err = wrapped },
		} {
			inBubble(t, place+", "+name, func(t *testing.T) {
				var logs bytes.Buffer
				trigger.UseLog(&logs, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
				w := newWorld(t, everything)
				cause(w)
				w.deliver(t, event(t, map[string]string{"name": scrubtest.Value}))
				if !strings.Contains(logs.String(), `"error":"`) {
					t.Fatalf("no error was logged: %s", logs.String())
				}
				scrubtest.Check(t, logs.String()+w.metrics.String())
			})
		}
	}
}

// inBubble runs a subtest in which pauses take no time.
func inBubble(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}
