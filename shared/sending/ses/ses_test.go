package ses

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/settings"
)

// at returns a sender whose service is the handler.
func at(t *testing.T, handler http.HandlerFunc) *Sender {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return sender(t, server.URL)
}

func sender(t *testing.T, url string) *Sender {
	t.Helper()
	env := settings.FromMap(map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
		"AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL_SESV2": url})
	s := FromSettings(env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

var mail = sending.Email{
	From: "Example <hello@example.org>", To: "ines@example.org", ReplyTo: "help@example.org", Subject: "Code",
	HTML: "<p>1</p>", Text: "1", ConfigurationSet: "set", Tags: map[string]string{"source": "SignUp", "app": "a"},
}

func TestRequest(t *testing.T) {
	t.Parallel()
	var body map[string]any
	s := at(t, func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewDecoder(r.Body).Decode(&body)
		_, _ = io.WriteString(w, `{"MessageId":"m-1"}`)
	})
	id, err := s.SendEmail(t.Context(), mail)
	if err != nil || id != "m-1" {
		t.Fatalf("id %q, error %v", id, err)
	}
	got, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"ConfigurationSetName":"set","Content":{"Simple":{"Body":{"Html":{"Charset":"UTF-8",` +
		`"Data":"\u003cp\u003e1\u003c/p\u003e"},"Text":{"Charset":"UTF-8","Data":"1"}},"Subject":{"Charset":"UTF-8",` +
		`"Data":"Code"}}},"Destination":{"ToAddresses":["ines@example.org"]},"EmailTags":[{"Name":"app","Value":"a"},` +
		`{"Name":"source","Value":"SignUp"}],"FromEmailAddress":"Example \u003chello@example.org\u003e",` +
		`"ReplyToAddresses":["help@example.org"]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestClasses(t *testing.T) {
	t.Parallel()
	answer := func(status int, code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amzn-ErrorType", code)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"message":"no"}`)
		}
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    sending.Class
	}{
		"rejected":  {handler: answer(400, "MessageRejected"), want: sending.Permanent},
		"bad":       {handler: answer(400, "BadRequestException"), want: sending.Permanent},
		"paused":    {handler: answer(400, "SendingPausedException"), want: sending.Temporary},
		"suspended": {handler: answer(400, "AccountSuspendedException"), want: sending.Temporary},
		"throttled": {handler: answer(429, "TooManyRequestsException"), want: sending.Temporary},
		"denied":    {handler: answer(403, "AccessDeniedException"), want: sending.Temporary},
		"down":      {handler: answer(503, ""), want: sending.Temporary},
		"cut": {
			handler: func(w http.ResponseWriter, _ *http.Request) {
				if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
					conn.Close()
				}
			},
			want: sending.Unknown,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := at(t, c.handler).SendEmail(t.Context(), mail)
			if err == nil || sending.ClassOf(err) != c.want || !strings.HasPrefix(err.Error(), "ses (") {
				t.Errorf("error %v, class %v; want %v", err, sending.ClassOf(err), c.want)
			}
		})
	}
}

func TestNothingWasSent(t *testing.T) {
	t.Parallel()
	if _, err := sender(t, "http://127.0.0.1:1").SendEmail(t.Context(), mail); sending.ClassOf(err) != sending.Temporary {
		t.Errorf("nobody listens: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sender(t, "http://127.0.0.1:1").SendEmail(ended, mail)
	if sending.ClassOf(err) != sending.Temporary || !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
}
