package loopback

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestIsName(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.0.0.1:9229": true, "localhost": true, "LOCALHOST:9229": true, "localhost.:80": true,
		"app.localhost:3000": true, "[::1]:9229": true, "[::1]": true, "::1": true, "127.1.2.3": true,
		"": false, ":9229": false, "evil.example": false, "localhost.evil.example": false, "notlocalhost": false,
		"127.0.0.1.evil.example": false, "10.0.0.1:80": false, "0.0.0.0:80": false, "[::]:80": false, "null": false,
	} {
		if got := IsName(host); got != want {
			t.Errorf("IsName(%q) = %v", host, got)
		}
	}
}

func TestIsForeign(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		host, origin, site string
		want               bool
	}{
		"a program":                       {},
		"an app of this machine":          {origin: "http://localhost:3000", site: "same-site"},
		"an app at another loopback name": {origin: "http://127.0.0.1:3000", site: "cross-site"},
		"typed by the user":               {site: "none"},
		"another site":                    {origin: "https://evil.example", site: "cross-site", want: true},
		"another site's image":            {site: "cross-site", want: true},
		"a sandboxed page":                {origin: "null", want: true},
		"a name that another site has":    {host: "evil.example:9229", want: true},
		"an origin that is not a URL":     {origin: "http://[", want: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:9229/", nil)
			if c.host != "" {
				r.Host = c.host
			}
			for header, value := range map[string]string{"Origin": c.origin, "Sec-Fetch-Site": c.site} {
				if value != "" {
					r.Header.Set(header, value)
				}
			}
			if got := IsForeign(r); got != c.want {
				t.Errorf("foreign: %v", got)
			}
		})
	}
}

func TestSecretLeavesThePath(t *testing.T) {
	t.Parallel()
	secret := NewSecret()
	handler := secret.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.EscapedPath())
	}), "no secret")
	for path, want := range map[string]string{
		"/" + string(secret) + "/a/b":                     "/a/b",
		"/" + string(secret) + "/functions/arn%3Aaws%2Fx": "/functions/arn%3Aaws%2Fx",
		"/" + string(secret) + "/":                        "/",
		"/" + string(secret):                              "",
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		if w.Code != http.StatusOK || w.Body.String() != want {
			t.Errorf("%s: %d %q, want %q", path, w.Code, w.Body, want)
		}
	}
	for _, path := range []string{"/", "/a", "/" + string(secret) + "x/", "//" + string(secret) + "/"} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "no secret") {
			t.Errorf("%s: %d %s, want 403 with the hint", path, w.Code, w.Body)
		}
	}
}

// Of 10,000 requests that a server refuses nothing stays in memory, whatever they bring.
func TestRefusalsKeepNothing(t *testing.T) {
	t.Parallel()
	requests := 600
	if n, err := strconv.Atoi(os.Getenv("HOSTILE")); err == nil {
		requests = n
	}
	reached := false
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })
	body := strings.Repeat("x", 64<<10)
	for name, handler := range map[string]http.Handler{
		"secret": NewSecret().Handler(next, "no secret"), "name": Named(next),
	} {
		server := httptest.NewServer(handler)
		before := heap()
		var clients sync.WaitGroup
		for range 6 {
			clients.Go(func() {
				for n := range requests / 6 {
					r, err := http.NewRequest(http.MethodPost, fmt.Sprint(server.URL, "/", n), strings.NewReader(body))
					if err != nil {
						t.Error(err)
						return
					}
					r.Host = fmt.Sprint(n, ".evil.example")
					r.Header.Set("X-Filling", body[:16<<10])
					if response, err := http.DefaultClient.Do(r); err == nil { // a refusal may come before the body is sent
						_ = response.Body.Close()
					}
				}
			})
		}
		clients.Wait()
		if grown := heap() - before; grown > 16<<20 {
			t.Errorf("%s: %d MiB are kept", name, grown>>20)
		}
		server.Close()
	}
	if reached {
		t.Error("a request got through")
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A client that stops in the middle of its request, or never sends the next one, loses its connection.
func TestServerGivesUpOnSlowClients(t *testing.T) {
	t.Parallel()
	server := Server(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	for name, d := range map[string]*time.Duration{
		"header": &server.ReadHeaderTimeout, "request": &server.ReadTimeout, "answer": &server.WriteTimeout,
		"idle": &server.IdleTimeout,
	} {
		if *d <= 0 || *d > 2*time.Minute {
			t.Errorf("the limit of the %s is %v", name, *d)
		}
		*d = 100 * time.Millisecond // the test need not wait for the real ones
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	go func() { _ = server.Serve(listener) }() // ends with Close
	for name, sent := range map[string]string{
		"nothing":          "",
		"half of a header": "POST / HTTP/1.1\r\nHost: local",
		"half of a body":   "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
		"no next request":  "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, sent)
			_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
			if _, err := io.Copy(io.Discard, bufio.NewReader(conn)); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("the connection is still open")
			}
		})
	}
}
