package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/scrub/scrubtest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

// failing is a store that cannot be read.
type failing struct {
	challenge.Store
	err error
}

func (f failing) Load(context.Context, string) (challenge.Versioned, error) {
	return challenge.Versioned{}, f.err
}

// No log and no metrics line may hold a value of the user, a code or a link, whatever a service's error repeats.
func TestNoPersonalDataInLogs(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	for _, name := range []string{"", "-unknown-user", "-unverified", "-header-in-the-address"} {
		for trouble, cause := range map[string]func(w *world){
			"none":       func(*world) {},
			"mail fails": func(w *world) { w.sent.err = errors.New("MessageRejected: ines@example.org: Ines") },
			"store down": func(w *world) { w.store = failing{w.store, errors.New("down")} },
		} {
			synctestRun(t, name+" "+trouble, func(t *testing.T) {
				var logs bytes.Buffer
				trigger.UseLog(&logs, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
				w := newWorld(t, codeOnly)
				cause(w)
				_, _ = w.invoke(t, event(t, name)) // the log counts
				text := logs.String() + w.metrics.String()
				if logs.Len() == 0 {
					t.Fatal("nothing was logged, so nothing was shown")
				}
				private := []string{"ines", "6f0c2a3e", "nobody@", "evil", "eve@"}
				for _, m := range w.sent.mails {
					private = append(private, inMail.FindString(m.Text))
				}
				for _, value := range private {
					if strings.Contains(strings.ToLower(text), value) {
						t.Errorf("%s in %s", value, text)
					}
				}
			})
		}
	}
}

// What a service says is not logged: it may repeat the code in a spelling that no scrubber knows.
func TestTextsOfServicesReachNoLog(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	for name, failure := range scrubtest.Errors() {
		synctestRun(t, name, func(t *testing.T) {
			var logs bytes.Buffer
			trigger.UseLog(&logs, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
			w := newWorld(t, codeOnly)
			w.sent.err = fmt.Errorf("call: %w", failure)
			if _, err := w.invoke(t, event(t, "")); err != nil {
				t.Error(err)
			}
			if !regexp.MustCompile(`"error":"`).MatchString(logs.String()) {
				t.Fatalf("no error was logged: %s", logs.String())
			}
			scrubtest.Check(t, logs.String()+w.metrics.String())
		})
	}
}

// SES may name the address in an error as it was sent, which is not as the event spells it.
func TestNormalisedAddressReachesNoLog(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	synctestRun(t, "IDN domain", func(t *testing.T) {
		var logs bytes.Buffer
		trigger.UseLog(&logs, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
		w := newWorld(t, codeOnly)
		w.sent.err = errors.New("MessageRejected: ines@xn--bcher-kva.example is not verified")
		payload := bytes.Replace(event(t, ""), []byte("ines@example.org"), []byte("ines@b\u00fccher.example"), 1)
		if _, err := w.invoke(t, payload); err != nil {
			t.Fatal(err)
		}
		if got := logs.String(); strings.Contains(got, "bcher-kva") || !strings.Contains(got, "is not verified") {
			t.Errorf("log: %s", got)
		}
	})
}
