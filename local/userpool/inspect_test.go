package userpool

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What was delivered is listed with its code; so no page and no other machine's name may get an answer.
func TestMessagesAreListed(t *testing.T) {
	w := start(t, setup{})
	if _, err := w.signUp(ines); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, query string
		want        int
	}{
		{"all", "", 1},
		{"after the last", "?after=1", 0},
		{"by address in any case", "?user=INES@example.org", 1},
		{"by sub", "?user=" + w.message().User, 1},
		{"another's", "?user=ida@example.org", 0},
		{"an odd number", "?after=x", 1},
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

// Both local routes answer this machine's own names only, tell no page of another origin anything, and take GET alone.
func TestLocalRoutesAreForThisMachine(t *testing.T) {
	cases := map[string]struct {
		method, host, origin string
		want                 int
	}{
		"loopback":                    {"GET", "127.0.0.1:9229", "", 200},
		"another loopback address":    {"GET", "127.0.0.2:9229", "", 200},
		"IPv6":                        {"GET", "[::1]:9229", "", 200},
		"IPv6 without a port":         {"GET", "[::1]", "", 200},
		"name":                        {"GET", "LOCALHOST", "", 200},
		"a page of this machine":      {"GET", "localhost:9229", "http://localhost:3000", 200},
		"a rebound name":              {"GET", "evil.example:9229", "", 403},
		"a rebound name and its page": {"GET", "evil.example:9229", "http://evil.example:9229", 403},
		"a name that begins so":       {"GET", "localhost.evil.example", "", 403},
		"an address that begins so":   {"GET", "127.0.0.1.evil.example", "", 403},
		"a name that ends so":         {"GET", "evil.localhost.example:9229", "", 403},
		"all interfaces":              {"GET", "0.0.0.0:9229", "", 403},
		"the network":                 {"GET", "192.168.0.7:9229", "", 403},
		"no host":                     {"GET", "", "", 403},
		"a page of another":           {"GET", "127.0.0.1:9229", "https://evil.example", 403},
		"a page that looks local":     {"GET", "127.0.0.1:9229", "https://localhost.evil.example", 403},
		"a page with a local user":    {"GET", "127.0.0.1:9229", "https://127.0.0.1@evil.example", 403},
		"an opaque origin":            {"GET", "127.0.0.1:9229", "null", 403},
		"an empty origin's scheme":    {"GET", "127.0.0.1:9229", "file://", 403},
		"a preflight":                 {"OPTIONS", "127.0.0.1:9229", "https://evil.example", 403},
		"a preflight of a local page": {"OPTIONS", "127.0.0.1:9229", "http://localhost:3000", 405},
		"a write":                     {"POST", "127.0.0.1:9229", "", 405},
	}
	s := Open(Options{})
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/local/messages", "/local/events"} {
				r := httptest.NewRequest(c.method, "http://127.0.0.1"+path, nil)
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

// The refusal does not rest on the listener's address alone: over the wire, too, the name decides.
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
