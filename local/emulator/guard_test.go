package emulator

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// split returns the endpoint without its secret, and the path that is the secret.
func split(t *testing.T, endpoint string) (base, secret string) {
	t.Helper()
	u, err := url.Parse(endpoint)
	if err != nil || len(u.Path) < 20 {
		t.Fatalf("endpoint %q has no secret: %v", endpoint, err)
	}
	return "http://" + u.Host, u.Path
}

func TestGuard(t *testing.T) {
	t.Parallel()
	e := start(t, Options{})
	base, secret := split(t, e.Endpoint)
	for name, c := range map[string]struct {
		method, path string
		header       map[string]string
		host         string
		want         int
		text         string
	}{
		"a program with the secret": {path: secret + "/", want: http.StatusOK},
		"by the name localhost":     {path: secret + "/", host: "localhost:1", want: http.StatusOK},
		"without the secret":        {path: "/", want: http.StatusForbidden, text: "awsEndpoint in build/local.json"},
		"another secret": {
			path: "/AAAAAAAAAAAAAAAAAAAAAAAAAA/", want: http.StatusForbidden, text: "whole endpoint URL",
		},
		"ministack's own pages": {method: "GET", path: "/_ministack/health", want: http.StatusForbidden},
		"signed with AWS's example": {
			path: "/", want: http.StatusForbidden,
			header: map[string]string{
				"Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/dynamodb/aws4_request",
			},
		},
		"a foreign page": {
			path: secret + "/", header: map[string]string{"Origin": "https://evil.example"}, want: http.StatusForbidden,
		},
		"a sandboxed page": {
			path: secret + "/", header: map[string]string{"Origin": "null"}, want: http.StatusForbidden,
		},
		"a page of this machine": {
			path: secret + "/", header: map[string]string{"Origin": "http://localhost:3000"}, want: http.StatusForbidden,
		},
		"an image of a foreign page": {
			method: "GET", path: secret + "/_ministack/health", header: map[string]string{"Sec-Fetch-Site": "cross-site"},
			want: http.StatusForbidden,
		},
		"a page's preflight": {
			method: "OPTIONS", path: secret + "/",
			header: map[string]string{"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
			want:   http.StatusForbidden,
		},
		"a name that resolves to this machine": {path: secret + "/", host: "evil.example:4566", want: http.StatusForbidden},
		"a web socket of a foreign page": {
			method: "GET", path: "/", want: http.StatusForbidden,
			header: map[string]string{"Origin": "https://evil.example", "Connection": "Upgrade", "Upgrade": "websocket"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			method := c.method
			if method == "" {
				method = http.MethodPost
			}
			r, err := http.NewRequestWithContext(t.Context(), method, base+c.path, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "text/plain")
			r.Header.Set("X-Amz-Target", "DynamoDB_20120810.ListTables")
			for name, value := range c.header {
				r.Header.Set(name, value)
			}
			r.Host = c.host
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			text, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != c.want || !strings.Contains(string(text), c.text) {
				t.Errorf("%d %s (%v), want %d and %q", response.StatusCode, text, err, c.want, c.text)
			}
			for name := range response.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s: %s lets pages read the answer", name, response.Header.Get(name))
				}
			}
		})
	}
	t.Run("no way round it", func(t *testing.T) { listensNowhere(t, e.server.process.PID()) })
}

// listensNowhere checks that a process has no listening TCP socket, by Linux's tables.
func listensNowhere(t *testing.T, pid int) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the tables of sockets are Linux's")
	}
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	own := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(dir, "fd", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("the process has no files: %v", err)
	}
	for _, file := range files {
		if target, err := os.Readlink(file); err == nil {
			own[target] = true
		}
	}
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(filepath.Join(dir, "net", table))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			const state, inode, listening = 3, 9, "0A"
			if f := strings.Fields(line); len(f) > inode && f[state] == listening && own["socket:["+f[inode]+"]"] {
				t.Errorf("it listens at %s, past the guard", f[1])
			}
		}
	}
}

func TestLongPathsOfSockets(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), strings.Repeat("x", longestSocket))
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	g, err := startGuard(filepath.Join(folder, socketName))
	if err != nil {
		t.Fatal(err)
	}
	if len(g.socket) > longestSocket {
		t.Errorf("the socket's path has %d bytes: %s", len(g.socket), g.socket)
	}
	if at, err := filepath.EvalSymlinks(filepath.Dir(g.socket)); err != nil || filepath.Base(at) != filepath.Base(folder) {
		t.Errorf("the path leads to %s: %v", at, err)
	}
	if err := g.close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(g.link); !os.IsNotExist(err) {
		t.Errorf("the link is left: %v", err)
	}
}

// BenchmarkGuard compares a request that goes through the guard with one to ministack's socket.
func BenchmarkGuard(b *testing.B) {
	e, err := Start(b.Context(), Options{BuildDir: buildDir})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Stop() })
	for name, c := range map[string]struct {
		client *http.Client
		url    string
	}{
		"guarded": {http.DefaultClient, e.Endpoint + "/"},
		"direct":  {&http.Client{Transport: e.server.guard.transport}, "http://ministack/"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, c.url, strings.NewReader("{}"))
				if err != nil {
					b.Fatal(err)
				}
				r.Header.Set("Content-Type", "application/x-amz-json-1.0")
				r.Header.Set("X-Amz-Target", "DynamoDB_20120810.ListTables")
				response, err := c.client.Do(r)
				if err != nil || response.StatusCode != http.StatusOK {
					b.Fatal(response, err)
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
		})
	}
}
