package console

import (
	"io/fs"
	"net/http"
	"strings"
	"testing"
)

// paths returns a request for every route of the console, by its pattern.
func paths(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{"GET " + Path: Path, "GET " + Path + "previews/": Path + "previews/"}
	for pattern := range (&console{}).routes() {
		_, path, _ := strings.Cut(pattern, " ")
		all[pattern] = strings.NewReplacer("{number}", "1", "{arn}", "a").Replace(path)
	}
	files, err := fs.Glob(assets, "assets/*.*")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		path := Path + strings.TrimPrefix(file, "assets/")
		all["GET "+path] = path
	}
	return all
}

// No route answers to another host name, or to a page of another origin, whatever kind of request it makes.
func TestEveryRouteIsGuarded(t *testing.T) {
	t.Parallel()
	p := open(t, nil, nil, nil, func(o *Options) { o.Previews = http.NotFoundHandler() })
	for name, headers := range map[string][]string{
		"a rebound name":              {"Host", "rebound.example:9229", "Sec-Fetch-Site", "same-origin"},
		"a name like a loopback one":  {"Host", "127.0.0.1.evil.example"},
		"another site":                {"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"},
		"another site, old browser":   {"Origin", "https://evil.example"},
		"a sandboxed page":            {"Origin", "null", "Sec-Fetch-Site", "cross-site"},
		"a sandboxed page, no site":   {"Origin", "null"},
		"an app on another port":      {"Origin", "http://127.0.0.1:3000", "Sec-Fetch-Site", "same-site"},
		"an app on localhost":         {"Origin", "http://localhost:9229", "Sec-Fetch-Site", "cross-site"},
		"an app, old browser":         {"Origin", "http://127.0.0.1:3000"},
		"the same host over https":    {"Origin", "https://127.0.0.1:9229"},
		"an origin that is not a URL": {"Origin", "http://["},
		"a no-cors fetch":             {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"},
		"a no-cors fetch of an app": {"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "no-cors",
			"Sec-Fetch-Dest", "script"},
		"a frame": {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate",
			"Sec-Fetch-Dest", "iframe"},
		"an image": {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors",
			"Sec-Fetch-Dest", "image"},
		"a web socket": {"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site",
			"Sec-Fetch-Mode", "websocket", "Connection", "Upgrade", "Upgrade", "websocket"},
		"an unknown kind of site": {"Sec-Fetch-Site", "neighbour"},
	} {
		t.Run(name, func(t *testing.T) {
			for pattern, path := range paths(t) {
				method, _, _ := strings.Cut(pattern, " ")
				w := p.serve(request(method, path, []byte(`{}`), headers...))
				if w.Code != http.StatusForbidden || w.Header().Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%s: %d %v", pattern, w.Code, w.Header())
				}
			}
		})
	}
	r := request(http.MethodGet, Path, nil)
	r.RemoteAddr = "192.0.2.7:50000"
	if w := p.serve(r); w.Code != http.StatusForbidden {
		t.Errorf("another machine gets %d", w.Code)
	}
}

// The console's own page, the address bar, programs, and a link on another page get an answer.
func TestOwnRequests(t *testing.T) {
	t.Parallel()
	p := open(t, nil, nil, nil)
	for name, c := range map[string]struct {
		method, path string
		headers      []string
	}{
		"a program":       {http.MethodGet, api + "stack", nil},
		"the address bar": {http.MethodGet, Path, []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}},
		"the page":        {http.MethodGet, api + "stack", []string{"Sec-Fetch-Site", "same-origin"}},
		"a button": {http.MethodDelete, api + "faults/a", []string{"Sec-Fetch-Site", "same-origin",
			"Origin", "http://127.0.0.1:9229"}},
		"localhost": {http.MethodDelete, api + "faults/a", []string{"Sec-Fetch-Site", "same-origin", "Host", "localhost:1",
			"Origin", "http://localhost:1"}},
		"a link": {http.MethodGet, Path, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate",
			"Sec-Fetch-Dest", "document"}},
	} {
		if w := p.serve(request(c.method, c.path, nil, c.headers...)); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

// A route takes its own method alone, and changes nothing by GET.
func TestMethods(t *testing.T) {
	t.Parallel()
	p := open(t, nil, nil, nil)
	patterns := paths(t)
	for pattern, path := range patterns {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
			served := false
			for other, otherPath := range patterns {
				served = served || otherPath == path && strings.HasPrefix(other, method+" ")
			}
			if w := p.serve(request(method, path, []byte(`{}`))); !served && w.Code != http.StatusMethodNotAllowed {
				t.Errorf("%s on the path of %s: %d", method, pattern, w.Code)
			}
		}
	}
	for _, route := range []string{"events/1/replay", "events/1/save", "faults/a", "token"} {
		if w := p.serve(request(http.MethodGet, api+route, nil)); w.Code == http.StatusOK {
			t.Errorf("GET %s: %d", route, w.Code)
		}
	}
}

// The page's files load nothing from elsewhere, run no script of their HTML, and are shown in no frame.
func TestHeadersOfThePage(t *testing.T) {
	t.Parallel()
	p := open(t, nil, nil, nil)
	for pattern, path := range paths(t) {
		if strings.HasPrefix(path, api) || strings.Contains(path, "previews") || path == Path+"index.html" {
			continue
		}
		w := p.serve(request(http.MethodGet, path, nil))
		policy := w.Header().Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self'",
			"frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy is %q, without %q", pattern, policy, want)
			}
		}
		if w.Code != http.StatusOK || strings.Contains(policy, "unsafe") ||
			w.Header().Get("Cross-Origin-Resource-Policy") != "same-origin" ||
			w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %d %v", pattern, w.Code, w.Header())
		}
	}
}

// No file of the page names another site, or makes HTML of text.
func TestFilesOfThePage(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(assets, "assets/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := fs.ReadFile(assets, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "unsafeHTML", "document.write", "eval(",
			"new Function", "https://", "//cdn", "srcdoc", "localStorage", "sessionStorage", "document.cookie"} {
			if strings.Contains(string(content), word) {
				t.Errorf("%s has %q", file, word)
			}
		}
	}
}
