package emulator

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
)

// The sender of a mail is verified once in each Region, before SES gets the mail, which arrives whole.
func TestSendersAreVerified(t *testing.T) {
	t.Parallel()
	version1 := url.Values{"Action": {"SendEmail"}, "Source": {"Shop <v1@example.com>"}}.Encode()
	sms := url.Values{"Action": {"Publish"}, "PhoneNumber": {"+33612345678"}, "Message": {"123456"}}.Encode()
	cases := map[string]struct{ path, body, want string }{
		"SES v2":         {outboundEmails, `{"FromEmailAddress":"v2@example.com","Content":{"Simple":{}}}`, "v2@example.com"},
		"SES v1":         {"/", version1, "v1@example.com"},
		"SMS":            {"/", sms, ""},
		"no sender":      {outboundEmails, `{"Content":{"Simple":{}}}`, ""},
		"not an address": {outboundEmails, `{"FromEmailAddress":"shop","Content":{"Simple":{}}}`, ""},
		"too large":      {outboundEmails, strings.Repeat(" ", maxObserved) + `{"FromEmailAddress":"v2@example.com"}`, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var verified []string
			g := &guard{}
			g.senders.Store(newSenders(func(_ context.Context, region, identity string) error {
				verified = append(verified, region+" "+identity)
				return nil
			}))
			handler := g.observe(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if text, err := io.ReadAll(r.Body); err != nil || string(text) != c.body {
					t.Errorf("SES got %.100q, error %v", text, err)
				}
			}))
			var want []string
			for _, region := range []string{"eu-west-1", "us-east-1", "eu-west-1"} {
				r := httptest.NewRequest(http.MethodPost, c.path, strings.NewReader(c.body))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("Authorization", strings.Replace(signed, "eu-west-1", region, 1))
				handler.ServeHTTP(httptest.NewRecorder(), r)
				if c.want != "" && len(want) < 2 {
					want = append(want, region+" "+c.want)
				}
			}
			if !slices.Equal(verified, want) {
				t.Errorf("verified %q, want %q", verified, want)
			}
		})
	}
}

// anySender sends from an address that nobody verified, as with Options.AnySender.
func anySender(t *testing.T, e *Emulator) {
	t.Helper()
	e.server.guard.senders.Store(newSenders(e.verifyIn))
	cfg, err := e.Config("SESV2")
	if err != nil {
		t.Fatal(err)
	}
	mail := welcome("any sender")
	mail.FromEmailAddress = aws.String("Shop <nobody-verified@example.net>")
	if _, err := sesv2.NewFromConfig(cfg).SendEmail(t.Context(), mail); err != nil {
		t.Errorf("SES refused a sender: %v", err)
	}
}
