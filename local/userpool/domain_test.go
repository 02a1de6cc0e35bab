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

const callback = "https://app.example.org/callback"

// startBrowser starts a pool with a domain and an app client for it.
func startBrowser(t *testing.T, pool, app object) *browser {
	t.Helper()
	d := startDirect(t, pool, with(object{
		"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": []string{"code", "implicit"},
		"AllowedOAuthScopes": []string{"openid", "email", "profile"}, "CallbackURLs": []string{callback},
		"LogoutURLs": []string{"https://app.example.org/bye"}, "SupportedIdentityProviders": []string{"COGNITO"},
	}, app))
	b := &browser{direct: d}
	b.domain = httptest.NewServer(d.server.Domain(d.pool, "http://127.0.0.1:9229"))
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
