package userpool

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// browser is a person's browser at the domain of a pool. It follows redirects as far as the app's callback.
type browser struct {
	*direct
	domain *httptest.Server
	client *http.Client
	at     *url.URL // the page that it shows
	page   string
}

// domainName is the name of the browser's domain. The pool need not have it: then its pages are the classic ones.
const domainName = "people"

const callback = "https://app.example.org/callback"

// startBrowser starts a pool with a domain and an app client for it.
func startBrowser(t *testing.T, pool, app object, set ...func(*Options)) *browser {
	t.Helper()
	d := startDirect(t, pool, with(object{
		"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": []string{"code", "implicit"},
		"AllowedOAuthScopes": []string{"openid", "email", "profile"}, "CallbackURLs": []string{callback},
		"LogoutURLs": []string{"https://app.example.org/bye"}, "SupportedIdentityProviders": []string{"COGNITO"},
	}, app), set...)
	return openBrowser(t, d)
}

// openBrowser opens a browser at the domain of a pool.
func openBrowser(t testing.TB, d *direct) *browser {
	t.Helper()
	b := &browser{direct: d}
	b.domain = httptest.NewUnstartedServer(nil)
	b.domain.Config.Handler = d.server.Domain(d.pool, DomainAddress{
		Domain: domainName, URL: "http://" + b.domain.Listener.Addr().String(), Base: "http://127.0.0.1:9229",
	})
	b.domain.Start()
	t.Cleanup(b.domain.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b.client = &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) || strings.HasPrefix(r.URL.String(), "https://app.example.org/bye") {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return b
}

func (b *browser) show(r *http.Response, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.at, b.page = r.Request.URL, string(body)
	if to, err := r.Location(); err == nil {
		b.at = to
	}
}

// open opens an address of the domain.
func (b *browser) open(path string, query url.Values) {
	b.t.Helper()
	b.show(b.client.Get(b.domain.URL + path + "?" + query.Encode()))
}

var (
	actionOfForm = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	hiddenFields = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// submit fills in the page's first form and sends it.
func (b *browser) submit(fields map[string]string) {
	b.t.Helper()
	first, _, _ := strings.Cut(b.page, "</form>")
	action := actionOfForm.FindStringSubmatch(first)
	if action == nil {
		b.t.Fatalf("no form on the page at %s:\n%s", b.at, b.page)
	}
	form := url.Values{}
	for _, field := range hiddenFields.FindAllStringSubmatch(first, -1) {
		form.Set(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	for name, value := range fields {
		form.Set(name, value)
	}
	b.show(b.client.PostForm(b.domain.URL+html.UnescapeString(action[1]), form))
}

func (b *browser) authorize(more url.Values) {
	b.t.Helper()
	query := url.Values{"client_id": {b.direct.client}, "response_type": {"code"}, "redirect_uri": {callback},
		"scope": {"openid email"}, "state": {"s-1"}}
	for name, values := range more {
		query[name] = values
	}
	b.open("/oauth2/authorize", query)
}

// exchange posts to the token endpoint.
func (b *browser) exchange(form url.Values) (status int, out object) {
	b.t.Helper()
	r, err := http.PostForm(b.domain.URL+"/oauth2/token", form)
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(&out); err != nil {
		b.t.Fatal(err)
	}
	return r.StatusCode, out
}

func TestHostedSignIn(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.authorize(nil)
	if !strings.Contains(b.page, "Sign in") {
		t.Fatalf("the page is\n%s", b.page)
	}
	b.submit(map[string]string{"username": "ines", "password": "wrong"})
	if !strings.Contains(b.page, "Incorrect username or password.") {
		t.Errorf("the page after a wrong password is\n%s", b.page)
	}
	b.submit(map[string]string{"username": "ines", "password": password})
	query := b.at.Query()
	if b.at.Host != "app.example.org" || query.Get("state") != "s-1" || query.Get("code") == "" {
		t.Fatalf("the browser is at %s:\n%s", b.at, b.page)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "client_id": {b.direct.client}, "redirect_uri": {callback},
		"code": {query.Get("code")}}
	status, out := b.exchange(form)
	if status != http.StatusOK || out["access_token"] == nil || out["id_token"] == nil || out["refresh_token"] == nil {
		t.Fatalf("%d %v", status, out)
	}
	if status, out := b.exchange(form); status != http.StatusBadRequest || out["error"] != "invalid_grant" {
		t.Errorf("a code that was used: %d %v", status, out)
	}
	b.authorize(nil) // the session of the browser
	if b.at.Host != "app.example.org" || b.at.Query().Get("code") == "" {
		t.Errorf("with a session, the browser is at %s", b.at)
	}
}

// fragment returns the parameters of an implicit grant.
func (b *browser) fragment() url.Values {
	b.t.Helper()
	values, err := url.ParseQuery(b.at.Fragment)
	if err != nil {
		b.t.Fatal(err)
	}
	return values
}

func (b *browser) signInAs(name string) {
	b.t.Helper()
	b.authorize(nil)
	b.submit(map[string]string{"username": name, "password": password})
}

// Each request that must be refused, and where the app or the person learns it.
func TestAuthorizeRefusals(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	for name, c := range map[string]struct {
		change   url.Values
		path     string // of the error page, or "" for the callback
		code     string
		fragment bool
	}{
		"a foreign callback": {url.Values{"redirect_uri": {"https://evil.example/callback"}}, "/error", "redirect_mismatch",
			false},
		"a callback with one more slash": {url.Values{"redirect_uri": {callback + "/"}}, "/error", "redirect_mismatch",
			false},
		"a callback's host as a prefix": {url.Values{"redirect_uri": {"https://app.example.org.evil.example/callback"}},
			"/error", "redirect_mismatch", false},
		"an unknown client":        {url.Values{"client_id": {"nobody"}}, "/error", "invalid_request", false},
		"a foreign scope":          {url.Values{"scope": {"openid phone"}}, "/error", "invalid_scope", false},
		"a scope that needs more":  {url.Values{"scope": {"email"}}, "/error", "invalid_scope", false},
		"no response type":         {url.Values{"response_type": nil}, "", "invalid_request", false},
		"an unknown response type": {url.Values{"response_type": {"id_token"}}, "", "invalid_request", false},
		"plain PKCE": {url.Values{"code_challenge": {strings.Repeat("a", 43)}, "code_challenge_method": {"plain"}}, "",
			"invalid_request", false},
		"PKCE without method":   {url.Values{"code_challenge": {strings.Repeat("a", 43)}}, "", "invalid_request", false},
		"a method without PKCE": {url.Values{"code_challenge_method": {"S256"}}, "", "invalid_request", false},
		"a negative max_age":    {url.Values{"max_age": {"-1"}}, "", "invalid_request", false},
		"prompt none":           {url.Values{"prompt": {"none"}}, "", "login_required", false},
		"prompt none, implicit": {url.Values{"prompt": {"none"}, "response_type": {"token"}}, "", "login_required", true},
		"prompt none and login": {url.Values{"prompt": {"none login"}}, "", "invalid_request", false},
	} {
		t.Run(name, func(t *testing.T) {
			b.authorize(c.change)
			got := b.at.Query()
			if c.fragment {
				got = b.fragment()
			}
			if c.path != "" && b.at.Path != c.path || c.path == "" && b.at.Host != "app.example.org" ||
				got.Get("error") != c.code {
				t.Errorf("the browser is at %s", b.at)
			}
			if c.path == "" && got.Get("state") != "s-1" {
				t.Errorf("the callback lacks the state: %s", b.at)
			}
		})
	}
}

func TestImplicitGrant(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.authorize(url.Values{"response_type": {"token"}, "nonce": {"n-1"}})
	b.submit(map[string]string{"username": "ines", "password": password})
	got := b.fragment()
	claims := claimsOf(t, got.Get("id_token"))
	if got.Get("state") != "s-1" || got.Get("token_type") != "Bearer" || got.Get("refresh_token") != "" ||
		claims["nonce"] != "n-1" || claims["aud"] != b.direct.client {
		t.Errorf("%v, claims %v", got, claims)
	}
	if scope := claimsOf(t, got.Get("access_token"))["scope"]; scope != "email openid" {
		t.Errorf("scope %q", scope)
	}
}
