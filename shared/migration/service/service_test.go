package service

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/secret"
)

var key = []byte("0123456789abcdef0123456789abcdef")

func serve(t *testing.T, handle http.HandlerFunc) *Source {
	t.Helper()
	server := httptest.NewUnstartedServer(handle)
	server.Config.ErrorLog = nil
	server.StartTLS()
	t.Cleanup(server.Close)
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	ca, err := ParseCA(text)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{URL: server.URL + "/users", CA: ca, Key: secret.Fixed(string(key))})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func answer(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = io.WriteString(w, text)
	}
}

func TestRequestIsSigned(t *testing.T) {
	var requests []Request
	nonces := map[string]bool{}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var request Request
		if err := json.Unmarshal(body, &request); err != nil {
			t.Error(err)
		}
		requests = append(requests, request)
		nonces[r.Header.Get(NonceHeader)] = true
		err := Verify(r.Header, key, body, time.Now())
		if err != nil || r.Method != http.MethodPost || r.URL.Path != "/users" {
			t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
		}
		if strings.Contains(r.URL.String(), "Sunny") {
			t.Error("the password is in the URL")
		}
		answer(`{"result":"found","attributes":{"email":"ines@example.org"},"verified":["email"],"secondFactor":true}`)(w, r)
	})
	want := migration.Account{
		Attributes:   map[string]string{"email": "ines@example.org"},
		Verified:     map[string]bool{"email": true},
		SecondFactor: true,
	}
	got, err := s.SignIn(t.Context(), "ines", "Sunny100%")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, error %v", got, err)
	}
	if got, err = s.LookUp(t.Context(), "ines"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, error %v", got, err)
	}
	if w := []Request{
		{Operation: SignIn, UserName: "ines", Password: "Sunny100%"}, {Operation: LookUp, UserName: "ines"},
	}; !reflect.DeepEqual(requests, w) || len(nonces) != 2 {
		t.Errorf("requests %+v, %d nonces", requests, len(nonces))
	}
}

func TestVerify(t *testing.T) {
	now, body := time.Unix(1_800_000_000, 0), []byte(`{"operation":"look-up"}`)
	for name, c := range map[string]struct {
		change func(http.Header)
		key    []byte
		body   []byte
		later  time.Duration
		want   error
	}{
		"right":       {},
		"nearly late": {later: MaxAge},
		"late":        {later: MaxAge + time.Second, want: ErrStale},
		"early":       {later: -MaxAge - time.Second, want: ErrStale},
		"other key":   {key: []byte(strings.Repeat("x", 32)), want: ErrSignature},
		"short key":   {key: []byte("x"), want: ErrSignature},
		"other body":  {body: []byte(`{"operation":"sign-in"}`), want: ErrSignature},
		"other time":  {change: func(h http.Header) { h.Set(TimestampHeader, "1800000001") }, want: ErrSignature},
		"other nonce": {change: func(h http.Header) { h.Set(NonceHeader, "00") }, want: ErrSignature},
		"no nonce":    {change: func(h http.Header) { h.Del(NonceHeader) }, want: ErrSignature},
		"nothing":     {change: func(h http.Header) { clear(h) }, want: ErrSignature},
		"signed without nonce": {change: func(h http.Header) {
			h.Del(NonceHeader)
			h.Set(SignatureHeader, Sign(key, h.Get(TimestampHeader), "", body))
		}, want: ErrSignature},
	} {
		t.Run(name, func(t *testing.T) {
			header := http.Header{}
			sign(header, key, body, now)
			if c.change != nil {
				c.change(header)
			}
			checked, with := body, key
			if c.body != nil {
				checked = c.body
			}
			if c.key != nil {
				with = c.key
			}
			if err := Verify(header, with, checked, now.Add(c.later)); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
	// what other languages have to compute
	if got := Sign(key, "1800000000", "00", []byte("{}")); got !=
		"v1=50b1cb7758a9740c1d31fc291e700a1ab3983d47c5425341e188e5d66363f2fd" {
		t.Errorf("signature %s", got)
	}
}

// Anything but a complete answer means that the source did not decide, and no error repeats what the service said.
func TestAnswers(t *testing.T) {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	cases := map[string]struct {
		handle http.HandlerFunc
		want   error // nil: some error that is none of these
		look   bool
	}{
		"unknown":           {handle: answer(`{"result":"unknown"}`), want: migration.ErrUnknown},
		"wrong":             {handle: answer(`{"result":"wrong-password"}`), want: migration.ErrWrongPassword},
		"wrong, looked up":  {handle: answer(`{"result":"wrong-password"}`), look: true},
		"unknown, and more": {handle: answer(`{"result":"unknown","attributes":{"email":"x"}}`)},
		"wrong, and more":   {handle: answer(`{"result":"wrong-password","verified":["email"]}`)},
		"no result":         {handle: answer(`{"attributes":{"email":"secret-value"}}`)},
		"other result":      {handle: answer(`{"result":"ok secret-value"}`)},
		"unknown member":    {handle: answer(`{"result":"found","secret-value":1}`)},
		"repeated member":   {handle: answer(`{"result":"unknown","result":"found"}`)},
		"other case":        {handle: answer(`{"Result":"found"}`)},
		"wrong type":        {handle: answer(`{"result":"found","attributes":{"id":7}}`)},
		"more text":         {handle: answer(`{"result":"found"}{}`)},
		"null":              {handle: answer(`null`)},
		"empty":             {handle: answer(``)},
		"too large": {
			handle: answer(`{"result":"found","attributes":{"a":"` + strings.Repeat("x", maxResponse) + `"}}`),
		},
		"HTML": {handle: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, `{"result":"found"}`)
		}},
		"status 201":            {handle: status(201)},
		"status 401":            {handle: status(401)},
		"status 500":            {handle: status(500)},
		"too large with spaces": {handle: answer(`{"result":"unknown"}` + strings.Repeat(" ", maxResponse))},
		"redirect, to be followed with GET": {handle: func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				t.Error("the request was sent on")
				return
			}
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		}},
		"redirect": {handle: func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				t.Error("the request was sent on")
			}
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.handle)
			a, err := s.SignIn(t.Context(), "ines", "Sunny100%")
			if c.look {
				a, err = s.LookUp(t.Context(), "ines")
			}
			if err == nil {
				t.Fatalf("account %+v", a)
			}
			decided := errors.Is(err, migration.ErrUnknown) || errors.Is(err, migration.ErrWrongPassword)
			if c.want != nil && !errors.Is(err, c.want) || decided != (c.want != nil) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			for _, value := range []string{"secret-value", "Sunny100%", "ines", "127.0.0.1"} {
				if strings.Contains(err.Error(), value) {
					t.Errorf("the error has %s: %v", value, err)
				}
			}
		})
	}
}

func TestForeignCertificateIsRefused(t *testing.T) {
	server := httptest.NewTLSServer(answer(`{"result":"found"}`))
	defer server.Close()
	server.Config.ErrorLog = nil
	s, err := New(Options{URL: server.URL, Key: secret.Fixed(string(key))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SignIn(t.Context(), "ines", "Sunny100%"); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("error %v", err)
	}
}

func TestStalledServiceEndsWithTheContext(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.SignIn(ctx, "ines", "Sunny100%"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	for _, url := range []string{
		"", "users", "http://old.example.org", "https://", "https://user:pass@old.example.org", "https://old.example.org/#x",
	} {
		if err := checkURL(url); err == nil {
			t.Errorf("%q is accepted", url)
		}
	}
	if _, err := ParseCA("certificate"); err == nil {
		t.Error("a text without certificate is accepted")
	}
}
