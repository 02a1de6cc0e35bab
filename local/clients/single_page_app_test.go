package clients

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
)

// newSinglePageApps is the recipe of single-page apps: its settings, both apps, and a browser.
func newSinglePageApps(t *testing.T) (s *site, amplify, oidc string) {
	t.Helper()
	w, path := forPages(t, "Amplify and oidc-client-ts")
	s = &site{}
	folder := filepath.Join(w.root, "docs", "recipes", "single-page-app")
	amplify = w.serveApp(t, filepath.Join(folder, "amplify"), func() map[string]string {
		domain := strings.TrimPrefix(s.Domains.All()[0].SecureURL, "https://")
		return map[string]string{"userPoolId": s.pool, "userPoolClientId": s.client(t), "domain": domain,
			"userPoolEndpoint": s.Endpoint}
	})
	oidc = w.serveApp(t, filepath.Join(folder, "oidc-client-ts"), func() map[string]string {
		return map[string]string{"issuer": s.Endpoint + "/" + s.pool, "clientId": s.client(t)}
	})
	root := stacktest.Linked(t, w.root, nil)
	withSettings(t, root, folder+".md", `"http://localhost:3000/"`, strconv.Quote(amplify)+", "+strconv.Quote(oidc))
	s.start(t, path, stack.Options{Root: root, NoProfiles: true})
	return s, amplify, oidc
}

// fillsIn signs in on the domain's page.
func (p person) fillsIn(email string) {
	p.t.Helper()
	p.sees(`[name="password"]`)
	p.fills(`[name="username"]`, email)
	p.types(`[name="password"]`, "Correct-horse-7")
	p.clicks(`form button`)
}

// goes opens an address in the same tab.
func (p person) goes(to string) {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		_, err := p.page.Eval(ctx, "document.body.replaceChildren(); void (location.href = "+strconv.Quote(to)+")")
		return err
	})
}

// refreshes gets new tokens, and waits until the app shows another one.
func (p person) refreshes() {
	p.t.Helper()
	p.do(func(ctx context.Context) error {
		before, err := p.page.Eval(ctx, "document.querySelector('#token').textContent")
		if err != nil {
			return err
		}
		if err := p.page.Click(ctx, "#refresh"); err != nil {
			return err
		}
		return p.page.Wait(ctx, "document.querySelector('#token').textContent !== "+strconv.Quote(before))
	})
}

// Both apps sign in on the domain's pages, refresh their tokens and sign out, which the domain's next page shows.
// Amplify wants https, which the browser has by the local authority.
func TestSinglePageApps(t *testing.T) {
	s, amplify, oidc := newSinglePageApps(t)
	const email = "noor@example.org"
	s.user(t, email)
	for name, address := range map[string]string{"amplify": amplify, "oidc-client-ts": oidc} {
		t.Run(name, func(t *testing.T) {
			p := s.open(t, address)
			p.clicks("#sign-in")
			p.fillsIn(email)
			p.sees("#done:not([hidden])")
			p.reads(email)
			p.shoots("app-" + name)
			p.refreshes()
			p.goes(address) // the app knows its user
			p.sees("#done:not([hidden])")
			p.clicks("#sign-out")
			p.sees("#start:not([hidden])")
			p.clicks("#sign-in")
			p.sees(`[name="password"]`) // the domain does not know the user any more
			p.goes(address)
			p.sees("#start:not([hidden])")
			if name == "amplify" {
				p.reads("User cancelled OAuth flow.")
			}
		})
	}
}
