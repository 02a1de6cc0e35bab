package clients

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/repository"
)

// bundled returns the script of a recipe's folder with its libraries in it, as the recipe's command makes it.
func (w *workshop) bundled(t *testing.T, folder string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "page.bundle.js")
	cmd := exec.CommandContext(t.Context(), filepath.Join(w.nodeModules, ".bin", "esbuild"), "page.js", "--bundle",
		"--format=esm", "--log-level=warning", "--outfile="+to)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "NODE_PATH="+w.nodeModules)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("esbuild: %v\n%s", err, out)
	}
	return to
}

// withSettings lays the settings in a recipe's page over those of a repository, with replacements as in
// strings.NewReplacer.
func withSettings(t *testing.T, root, recipe string, replacements ...string) {
	t.Helper()
	page, err := os.ReadFile(recipe)
	if err != nil {
		t.Fatal(err)
	}
	repo, err := repository.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	all, found := map[string]any{}, false
	before, err := os.ReadFile(repo.Settings)
	if err == nil {
		err = json.Unmarshal(before, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blocksOf(strings.NewReplacer(replacements...).Replace(string(page))) {
		if b.info == "json" && !found {
			found, err = true, json.Unmarshal([]byte(b.text), &all)
		}
	}
	text, encoding := json.Marshal(all)
	if err := errors.Join(err, encoding, os.WriteFile(repo.Settings, text, 0o644)); err != nil || !found {
		t.Fatalf("the settings of %s: found %t, %v", recipe, found, err)
	}
}

// serveApp serves a recipe's folder with its script bundled and another config.json, and returns its address.
func (w *workshop) serveApp(t *testing.T, folder string, config func() map[string]string) string {
	t.Helper()
	script, files := w.bundled(t, folder), http.FileServer(http.Dir(folder))
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/config.json":
			if err := json.NewEncoder(rw).Encode(config()); err != nil {
				t.Error(err)
			}
		case "/page.bundle.js":
			http.ServeFile(rw, r, script)
		default:
			files.ServeHTTP(rw, r)
		}
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/"
}

// newPasskeySite is the recipe of passkeys: its settings, its page with Amplify, and a browser.
func newPasskeySite(t *testing.T) *site {
	t.Helper()
	w, path := forPages(t, "Amplify")
	s := &site{}
	s.url = w.serveApp(t, filepath.Join(w.root, "docs", "recipes", "passkeys"), func() map[string]string {
		return map[string]string{"userPoolId": s.pool, "userPoolEndpoint": s.Endpoint, "userPoolClientId": s.client(t)}
	})
	root := stacktest.Linked(t, w.root, nil)
	withSettings(t, root, filepath.Join(w.root, "docs", "recipes", "passkeys.md"))
	s.start(t, path, stack.Options{Root: root, NoProfiles: true, RelyingParty: "localhost"})
	return s
}

// fills types into an empty field.
func (p person) fills(selector, text string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		_, err := p.page.Eval(ctx, "document.querySelector(`"+selector+"`).value = ''")
		return err
	})
	p.types(selector, text)
}

// has waits until the page lists so many passkeys.
func (p person) has(passkeys string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		return p.page.Wait(ctx, "document.querySelector('#count').textContent === '"+passkeys+"'")
	})
}

// Amplify registers, lists and deletes passkeys in a browser, and signs in with one.
func TestPasskeyPage(t *testing.T) {
	s := newPasskeySite(t)
	const email = "noor@example.org"
	s.user(t, email)
	p := s.open(t, s.url)
	p.do(p.page.AddAuthenticator)
	p.shoots("passkeys-start")
	p.fills("#email", email)
	p.clicks("#by-passkey")
	p.reads("There is no passkey here for this address.")
	p.fills("#password", "Correct-horse-7")
	p.clicks("#by-password")
	p.sees("#done:not([hidden])")
	p.has("0")
	p.clicks("#add")
	p.has("1")
	p.reads("Platform passkey")
	p.shoots("passkeys-added")
	p.clicks("#add") // the authenticator has one already, which the options exclude
	p.do(func(ctx context.Context) error {
		return p.page.Wait(ctx, "document.querySelector('#problem').textContent")
	})
	p.has("1")

	p.clicks("#sign-out")
	p.sees("#start:not([hidden])")
	for range 2 {
		p.clicks("#by-passkey")
		p.sees("#done:not([hidden])")
		p.reads(email)
		p.has("1")
		p.clicks("#sign-out")
		p.sees("#start:not([hidden])")
	}

	p.clicks("#by-passkey")
	p.sees("#done:not([hidden])")
	p.clicks("#passkeys button")
	p.has("0")
	p.clicks("#sign-out")
	p.sees("#start:not([hidden])")
	p.clicks("#by-passkey")
	p.reads("There is no passkey here for this address.")
}
