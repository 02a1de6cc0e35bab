package main

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func TestWelcomeGoesToVerifiedAddressesOnly(t *testing.T) {
	cases := []struct {
		name       string
		attributes map[string]string
		want       []string
		wantLost   int
	}{
		{name: "verified", want: []string{"ines@example.org"}},
		{
			name:       "IDN domain",
			attributes: map[string]string{"email": "ines@bücher.example"},
			want:       []string{"ines@xn--bcher-kva.example"},
		},
		{
			name:       "verified in capitals",
			attributes: map[string]string{"email_verified": "True"},
			want:       []string{"ines@example.org"},
		},
		{name: "not verified", attributes: map[string]string{"email_verified": "false"}, want: nil},
		{name: "unknown", attributes: map[string]string{"email_verified": ""}, want: nil},
		{name: "null as text", attributes: map[string]string{"email_verified": "null"}, want: nil},
		{name: "no address", attributes: map[string]string{"email": ""}, want: nil},
		{name: "made up by Cognito", attributes: map[string]string{"email": "cognito:default_val"}, want: nil},
		{
			name:       "two addresses",
			attributes: map[string]string{"email": "ines@example.org,eve@example.com"},
			want:       nil,
			wantLost:   1,
		},
		{
			name:       "header in the address",
			attributes: map[string]string{"email": "ines@example.org\r\nBcc: eve@example.com"},
			want:       nil,
			wantLost:   1,
		},
		{
			name:       "local part beyond ASCII",
			attributes: map[string]string{"email": "이네스@example.org"},
			want:       nil,
			wantLost:   1,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, everything)
			w.deliver(t, event(t, c.attributes))
			if strings.Join(w.mailer.to, " ") != strings.Join(c.want, " ") {
				t.Errorf("mails to %q, want %q", w.mailer.to, c.want)
			}
			w.wantCounts(t, map[string]int{welcomeEmailsSent: len(c.want), mailsLost: c.wantLost})
			stored, err := w.store.Get(t.Context(), profile.Key{UserPoolID: poolID, Sub: sub})
			if err != nil {
				t.Fatal(err)
			}
			if claimed := !stored.WelcomeClaimedAt.IsZero(); claimed != (len(c.want) > 0) {
				t.Errorf("claimed %v for %d mails", claimed, len(c.want))
			}
		})
	}
}

// SES may name the address in an error as it was sent, which is not as the event spells it.
func TestNormalisedAddressReachesNoLog(t *testing.T) {
	var log bytes.Buffer
	previous := slog.Default()
	t.Cleanup(func() { slog.SetDefault(previous) })
	trigger.UseLog(&log, settings.FromMap(nil))
	w := newWorld(t, everything)
	w.mailer.err = errors.New("MessageRejected: ines@xn--bcher-kva.example is not verified")
	w.deliver(t, event(t, map[string]string{"email": "ines@bücher.example"}))
	if got := log.String(); strings.Contains(got, "bcher-kva") || !strings.Contains(got, "is not verified") {
		t.Errorf("log: %s", got)
	}
}

func TestWelcomeSpeaksTheUsersLanguage(t *testing.T) {
	w := newWorld(t, everything)
	w.deliver(t, event(t, map[string]string{
		"locale":      "ko-KR",
		"name":        "김하늘",
		"family_name": "김",
		"given_name":  "하늘",
	}))
	mail := w.mailer.mails[0]
	if mail.Locale != "ko" || !strings.Contains(mail.HTML, "하늘") || mail.Subject == "" || mail.Text == "" {
		t.Errorf("mail %+v", mail)
	}
}

func TestWelcomeEscapesNames(t *testing.T) {
	w := newWorld(t, everything)
	w.deliver(t, event(t, map[string]string{
		"given_name": `<img src=x onerror=alert(1)>`,
		"name":       "a\r\nBcc: eve@example.com",
	}))
	mail := w.mailer.mails[0]
	if strings.Contains(mail.HTML, "<img src=x") || strings.ContainsAny(mail.Subject, "\r\n") {
		t.Errorf("subject %q, mail %s", mail.Subject, mail.HTML)
	}
}

// What goes wrong after the claim loses the mail: a repeated event must not send a second one, since the first may have
// gone out all the same.
func TestLostWelcomeIsNotSentAgain(t *testing.T) {
	w := newWorld(t, everything)
	w.mailer.err = errors.New("connection reset")
	payload := event(t, nil)
	w.deliver(t, payload)
	w.mailer.err = nil
	w.deliver(t, payload)
	if len(w.mailer.to) != 1 {
		t.Errorf("%d attempts to send", len(w.mailer.to))
	}
	w.wantCounts(t, map[string]int{mailsLost: 1})
}

func TestWelcomeWithoutClaim(t *testing.T) {
	cases := []struct {
		name     string
		err      error
		wantLost int
	}{
		{name: "store down", err: errors.New("connection refused"), wantLost: 1},
		{name: "deleted meanwhile", err: profile.ErrDeleted},
		{name: "gone meanwhile", err: profile.ErrNotFound},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, everything)
			w.store.claims = []error{c.err}
			w.deliver(t, event(t, nil))
			if len(w.mailer.to) != 0 {
				t.Error("a mail was sent without a claim")
			}
			w.wantCounts(t, map[string]int{mailsLost: c.wantLost})
		})
	}
}
