package userpool

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Messages are listed with their codes, so no page of another site and no other host name may get an answer.
func TestMessagesAreListed(t *testing.T) {
	w := start(t, setup{})
	if _, err := w.signUp(ines); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, query string
		want        int
	}{
		{name: "all", want: 1},
		{name: "after the last", query: "?after=1", want: 0},
		{name: "by address in any case", query: "?user=INES@example.org", want: 1},
		{name: "by sub", query: "?user=" + w.message().User, want: 1},
		{name: "another user", query: "?user=ida@example.org", want: 0},
		{name: "invalid number", query: "?after=x", want: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, header, body := w.browse(http.MethodGet, w.url+"/local/messages"+c.query)
			var list struct{ Messages []map[string]any }
			if err := json.Unmarshal([]byte(body), &list); err != nil || status != http.StatusOK ||
				len(list.Messages) != c.want {
				t.Fatalf("status %d, error %v, body %s; want %d messages", status, err, body, c.want)
			}
			if header.Get("Cache-Control") != "no-store" || header.Get("Content-Type") != "application/json" {
				t.Errorf("headers %v", header)
			}
			for _, m := range list.Messages {
				if m["kind"] != "EMAIL" || m["to"] != ines || m["subject"] != "Your verification code" || m["code"] != w.code() ||
					m["body"] != "Your verification code is "+w.code()+"." {
					t.Errorf("message %v", m)
				}
			}
		})
	}
}

// The local routes accept only names of this machine, only GET, and no foreign origins.
func TestLocalRoutesAreForThisMachine(t *testing.T) {
	cases := map[string]struct {
		method, host, origin string
		want                 int
	}{
		"loopback":                 {method: "GET", host: "127.0.0.1:9229", want: 200},
		"another loopback address": {method: "GET", host: "127.0.0.2:9229", want: 200},
		"IPv6":                     {method: "GET", host: "[::1]:9229", want: 200},
		"IPv6 without a port":      {method: "GET", host: "[::1]", want: 200},
		"name":                     {method: "GET", host: "LOCALHOST", want: 200},
		"a page of this machine":   {method: "GET", host: "localhost:9229", origin: "http://localhost:3000", want: 200},
		"a rebound name":           {method: "GET", host: "evil.example:9229", want: 403},
		"a rebound name and its page": {
			method: "GET",
			host:   "evil.example:9229",
			origin: "http://evil.example:9229",
			want:   403,
		},
		"name that begins with localhost":   {method: "GET", host: "localhost.evil.example", want: 403},
		"name that begins with the address": {method: "GET", host: "127.0.0.1.evil.example", want: 403},
		"name with localhost inside":        {method: "GET", host: "evil.localhost.example:9229", want: 403},
		"all interfaces":                    {method: "GET", host: "0.0.0.0:9229", want: 403},
		"the network":                       {method: "GET", host: "192.168.0.7:9229", want: 403},
		"no host":                           {method: "GET", want: 403},
		"another site": {
			method: "GET",
			host:   "127.0.0.1:9229",
			origin: "https://evil.example",
			want:   403,
		},
		"a page that looks local": {
			method: "GET",
			host:   "127.0.0.1:9229",
			origin: "https://localhost.evil.example",
			want:   403,
		},
		"a page with a local user": {
			method: "GET",
			host:   "127.0.0.1:9229",
			origin: "https://127.0.0.1@evil.example",
			want:   403,
		},
		"an opaque origin":         {method: "GET", host: "127.0.0.1:9229", origin: "null", want: 403},
		"an empty origin's scheme": {method: "GET", host: "127.0.0.1:9229", origin: "file://", want: 403},
		"a preflight":              {method: "OPTIONS", host: "127.0.0.1:9229", origin: "https://evil.example", want: 403},
		"a preflight of a local page": {
			method: "OPTIONS",
			host:   "127.0.0.1:9229",
			origin: "http://localhost:3000",
			want:   405,
		},
		"a write": {method: "POST", host: "127.0.0.1:9229", want: 405},
	}
	s := Open(Options{})
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/local/messages", "/local/events", "/local/logs", "/local/calls", "/local/stream"} {
				ctx, cancel := context.WithCancel(t.Context())
				cancel() // a stream ends with its reader
				r := httptest.NewRequestWithContext(ctx, c.method, "http://127.0.0.1"+path, nil)
				r.Host, r.RemoteAddr = c.host, "127.0.0.1:50000"
				if c.origin != "" {
					r.Header.Set("Origin", c.origin)
				}
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				if w.Code != c.want {
					t.Errorf("%s: status %d, want %d", path, w.Code, c.want)
				}
				for header := range w.Header() {
					if strings.HasPrefix(header, "Access-Control-") {
						t.Errorf("%s: the answer has %s", path, header)
					}
				}
			}
		})
	}
}

func TestLocalRoutesAreNotForTheNetwork(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/local/messages", nil)
	r.RemoteAddr = "192.168.0.7:50000"
	w := httptest.NewRecorder()
	Open(Options{}).ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("status %d", w.Code)
	}
}

// The check does not depend on the listener's address: the Host header counts.
func TestLocalRoutesOverTheWire(t *testing.T) {
	server := httptest.NewServer(Open(Options{}))
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/local/messages", nil)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	r.Host = "evil.example:" + port
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("status %s", response.Status)
	}
}
