package httpprovider

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/sending"
)

func secret(text string) func(context.Context) ([]byte, error) {
	return func(context.Context) ([]byte, error) { return []byte(text), nil }
}

func TestRequests(t *testing.T) {
	t.Parallel()
	var bodies []string
	var header http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies, header = append(bodies, r.Method+" "+string(body)), r.Header
		_, _ = io.WriteString(w, `{"id":"m-1"}`)
	}))
	t.Cleanup(server.Close)
	s := New(server.URL, secret("k"))
	s.now = func() time.Time { return time.Unix(1764495660, 0) }
	id, err := s.SendEmail(t.Context(), sending.Email{ID: "once", From: "a@example.org", To: "b@example.org", Subject: "s",
		HTML: "<p>", Text: "t", Tags: map[string]string{"source": "SignUp"}})
	if err != nil || id != "m-1" {
		t.Errorf("id %q, error %v", id, err)
	}
	message := sending.SMS{ID: "once", To: "+14325551212", Text: "t", SenderID: "Example"}
	if _, err := s.SendSMS(t.Context(), message); err != nil {
		t.Error(err)
	}
	const want = `POST {"from":"a@example.org","to":"b@example.org","subject":"s","html":"\u003cp\u003e","text":"t",` +
		`"tags":{"source":"SignUp"}}` + "\n" + `POST {"to":"+14325551212","text":"t","senderId":"Example"}`
	if got := strings.Join(bodies, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	// printf '1764495660.{"to":"+14325551212","text":"t","senderId":"Example"}' | openssl dgst -sha256 -hmac k
	for name, value := range map[string]string{"Idempotency-Key": "once", "Content-Type": "application/json",
		"X-Signature-Timestamp": "1764495660",
		"X-Signature":           "047a72222db88304151fb383088a9eafa442957ac67dc0b7ac65013203350255"} {
		if header.Get(name) != value {
			t.Errorf("%s: %q, want %q", name, header.Get(name), value)
		}
	}
}

func TestClasses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]sending.Class{
		400: sending.Permanent, 422: sending.Permanent, 401: sending.Temporary, 404: sending.Temporary,
		429: sending.Temporary, 500: sending.Temporary, 503: sending.Temporary, 504: sending.Unknown, 302: sending.Temporary,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(status)
		}))
		_, err := New(server.URL, secret("")).SendEmail(t.Context(), sending.Email{})
		if err == nil || sending.ClassOf(err) != want {
			t.Errorf("status %d: %v", status, err)
		}
		server.Close()
	}
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
	}))
	t.Cleanup(cut.Close)
	_, err := New(cut.URL, secret("")).SendEmail(t.Context(), sending.Email{ID: "x"})
	if sending.ClassOf(err) != sending.Unknown {
		t.Errorf("a cut line: %v", err)
	}
	for name, s := range map[string]*Sender{
		"nobody listens": New("http://127.0.0.1:1/secret-path", secret("")),
		"no secret": New(cut.URL, func(context.Context) ([]byte, error) {
			return nil, errors.New("gone")
		}),
	} {
		_, err := s.SendEmail(t.Context(), sending.Email{})
		if err == nil || sending.ClassOf(err) != sending.Temporary || strings.Contains(err.Error(), "secret-path") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"https://mail.example.org/v1/send": true, "http://127.0.0.1:8080/": true, "http://mail.example.org/": false,
		"https://a:b@example.org/": false, "ftp://example.org/": false, "": false, "https:///x": false,
	} {
		if err := CheckAddress(address); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
}
