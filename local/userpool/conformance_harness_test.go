package userpool

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// testDomains serves one domain.
type testDomains struct{ server *httptest.Server }

func (d *testDomains) Open(_ string, handler func(string) http.Handler) error {
	d.server = httptest.NewUnstartedServer(nil)
	d.server.Config.Handler = handler("http://" + d.server.Listener.Addr().String())
	d.server.Start()
	return nil
}

func (d *testDomains) Shut(string) {}

func (d *testDomains) URLs(string) []string {
	if d.server == nil {
		return nil
	}
	return []string{d.server.URL}
}

// relying is an app with libraries that we did not write: go-oidc and x/oauth2, set up by discovery alone.
type relying struct {
	*browser
	provider *oidc.Provider
	config   oauth2.Config
	metadata object
}

func startRelying(t *testing.T) *relying {
	t.Helper()
	domains, api := &testDomains{}, httptest.NewUnstartedServer(nil)
	base := "http://" + api.Listener.Addr().String()
	d := startDirect(t, nil, object{
		"GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": []string{"code"},
		"AllowedOAuthScopes": []string{"openid", "email", "phone", "profile"}, "CallbackURLs": []string{callback},
		"SupportedIdentityProviders": []string{"COGNITO"},
	}, func(o *Options) { o.BaseURL, o.Domains = base, domains })
	api.Config.Handler = d.server
	api.Start()
	t.Cleanup(api.Close)
	d.do("CreateUserPoolDomain", object{"Domain": "conformance", "ManagedLoginVersion": 2})
	d.do("CreateManagedLoginBranding", object{"UseCognitoProvidedValues": true})
	t.Cleanup(domains.server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &relying{browser: &browser{direct: d, domain: domains.server}}
	r.client = &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	if r.provider, err = oidc.NewProvider(t.Context(), base+"/"+d.pool); err != nil {
		t.Fatal(err)
	}
	if err := r.provider.Claims(&r.metadata); err != nil {
		t.Fatal(err)
	}
	endpoint := r.provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	secret := at(d.do("DescribeUserPoolClient", object{}), "UserPoolClient.ClientSecret").(string)
	r.config = oauth2.Config{ClientID: d.client, ClientSecret: secret, Endpoint: endpoint, RedirectURL: callback,
		Scopes: []string{"openid"}}
	r.user("ines", "name", "Ines Moreau", "given_name", "Ines", "birthdate", "1990-02-03")
	r.user("paul", "email", "paul@example.org", "email_verified", "true", "phone_number", "+12065550100",
		"phone_number_verified", "true", "name", "Paul")
	return r
}

// ask opens the authorization endpoint, and signs the user in if a page asks for it. It reports whether one did.
func (r *relying) ask(name string, options ...oauth2.AuthCodeOption) (asked bool) {
	r.t.Helper()
	r.show(r.client.Get(r.config.AuthCodeURL("st-1", options...)))
	if r.at.Path == "/login" {
		asked = true
		r.submit(map[string]string{"username": name, "password": password})
	}
	return asked
}

// token exchanges the code at the callback, and verifies the ID token as go-oidc does, and its nonce and at_hash.
func (r *relying) token(nonce string, options ...oauth2.AuthCodeOption) (*oauth2.Token, *oidc.IDToken) {
	r.t.Helper()
	r.atTheApp()
	if r.at.Query().Get("state") != "st-1" {
		r.t.Errorf("state %q", r.at.Query().Get("state"))
	}
	token, err := r.config.Exchange(r.t.Context(), r.at.Query().Get("code"), options...)
	if err != nil {
		r.t.Fatal(err)
	}
	id := r.verified(token)
	if id.Nonce != nonce {
		r.t.Errorf("nonce %q, want %q", id.Nonce, nonce)
	}
	return token, id
}

func (r *relying) verified(token *oauth2.Token) *oidc.IDToken {
	r.t.Helper()
	raw, _ := token.Extra("id_token").(string)
	id, err := r.provider.Verifier(&oidc.Config{ClientID: r.config.ClientID, Now: r.clock.Now}).Verify(r.t.Context(), raw)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := id.VerifyAccessToken(token.AccessToken); err != nil {
		r.t.Errorf("at_hash: %v", err)
	}
	return id
}

// signIn does the whole: a request, a sign-in if asked, and the exchange.
func (r *relying) signIn(name string, options ...oauth2.AuthCodeOption) (*oauth2.Token, *oidc.IDToken) {
	r.t.Helper()
	r.ask(name, options...)
	return r.token("")
}

// userInfo returns the answer of userInfo as go-oidc reads it, and all its claims.
func (r *relying) userInfo(token *oauth2.Token) (*oidc.UserInfo, object) {
	r.t.Helper()
	fresh := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token.AccessToken, TokenType: token.TokenType})
	info, err := r.provider.UserInfo(context.WithoutCancel(r.t.Context()), fresh)
	if err != nil {
		r.t.Fatal(err)
	}
	var claims object
	if err := info.Claims(&claims); err != nil {
		r.t.Fatal(err)
	}
	return info, claims
}

func param(name, value string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam(name, value) }

// wait lets time pass.
func (r *relying) wait(d time.Duration) { r.clock.Advance(d) }

// refused is the error at the callback.
func (r *relying) refused() string {
	r.t.Helper()
	if r.at.Host != "app.example.org" {
		r.t.Errorf("the browser is at %s", r.at)
	}
	return r.at.Query().Get("error")
}

func basicOf(c oauth2.Config) string {
	return basicAuth(url.QueryEscape(c.ClientID), url.QueryEscape(c.ClientSecret))
}
