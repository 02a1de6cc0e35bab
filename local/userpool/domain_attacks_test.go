package userpool

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/userpool/internal/login"
)

// fieldsOf returns the hidden fields of the page's first form.
func (b *browser) fieldsOf() url.Values {
	b.t.Helper()
	first, _, _ := strings.Cut(b.page, "</form>")
	form := url.Values{}
	for _, field := range hiddenFields.FindAllStringSubmatch(first, -1) {
		form.Set(field[1], field[2])
	}
	return form
}

// postFrom sends a form from wherever the headers say.
func (b *browser) postFrom(path string, form url.Values, headers map[string]string) {
	b.t.Helper()
	body := strings.NewReader(form.Encode())
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.domain.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	b.show(b.client.Do(r))
}

// No form is taken from another site, from a neighbour at another port of the same host, or without its token.
func TestEveryFormIsOurs(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.authorize(nil)
	query, own := "?"+b.at.RawQuery, b.fieldsOf()
	answer := url.Values{"username": {"ines"}, "password": {password}, "code": {"123456"}, "challenge": {"MFA_SETUP"}}
	with := func(more url.Values) url.Values {
		all := maps.Clone(answer)
		maps.Copy(all, more)
		return all
	}
	if len(login.Forms()) < 8 {
		t.Errorf("forms: %v", login.Forms())
	}
	for name, c := range map[string]struct {
		form    url.Values
		headers map[string]string
	}{
		"no token":          {answer, nil},
		"another token":     {with(url.Values{"_csrf": {strings.Repeat("a", 43)}}), nil},
		"an empty token":    {with(url.Values{"_csrf": {""}}), nil},
		"another site":      {with(own), map[string]string{"Sec-Fetch-Site": "cross-site"}},
		"another port":      {with(own), map[string]string{"Sec-Fetch-Site": "same-site"}},
		"an old browser's":  {with(own), map[string]string{"Origin": "http://127.0.0.1:3000"}},
		"a sandboxed frame": {with(own), map[string]string{"Origin": "null"}},
	} {
		for _, path := range login.Forms() {
			t.Run(name+path, func(t *testing.T) {
				b.postFrom(path+query, c.form, c.headers)
				if !strings.Contains(b.page, "The form has expired") || strings.HasPrefix(b.at.String(), callback) {
					t.Errorf("the browser is at %s:\n%s", b.at, b.page)
				}
			})
		}
	}
	b.postFrom("/login"+query, with(own), map[string]string{"Sec-Fetch-Site": "same-origin"})
	b.atTheApp()
	for _, path := range login.Forms() { // a link sends nothing
		b.open(path, b.query(url.Values{"username": {"ines"}, "password": {password}, "_csrf": own["_csrf"]}))
		if strings.HasPrefix(b.at.String(), callback) {
			t.Errorf("GET %s leads to %s", path, b.at)
		}
	}
}

// query returns the query of a request of the app.
func (b *browser) query(more url.Values) url.Values {
	query := url.Values{"client_id": {b.direct.client}, "response_type": {"code"}, "redirect_uri": {callback},
		"scope": {"openid email"}, "state": {"s-1"}}
	maps.Copy(query, more)
	return query
}

const markup = `"'><img src=x onerror=alert(1)>`

// Markup in parameters, names and what a person types is shown as text.
func TestMarkupOnThePages(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.do("SetUserPoolMfaConfig", object{"MfaConfiguration": "ON",
		"SoftwareTokenMfaConfiguration": object{"Enabled": true}})
	b.do("CreateIdentityProvider", object{"ProviderName": `"><b>x</b>`, "ProviderType": "OIDC", "ProviderDetails": object{
		"client_id": "c", "client_secret": "s", "attributes_request_method": "GET", "oidc_issuer": "https://idp.example",
		"authorize_scopes": "openid"}})
	name := strings.ReplaceAll(markup, " ", "/")
	b.user(name)
	clean := func() {
		t.Helper()
		for _, bad := range []string{"<img src=x", "<img/src", "<b>x", `"'>`} {
			if strings.Contains(b.page, bad) {
				t.Fatalf("the page at %s has markup:\n%s", b.at, b.page)
			}
		}
	}
	all := b.query(nil)
	for _, parameter := range []string{"state", "login_hint", "lang", "nonce", "identity_provider", "idp_identifier",
		"error", "error_description", "x\"><b>x", "logout_uri"} {
		all[parameter] = []string{markup}
	}
	for _, path := range []string{"/oauth2/authorize", "/login", "/signup", "/forgotPassword", "/passkeys/add", "/error",
		"/confirmUser", "/logout"} {
		b.open(path, all)
		clean()
	}
	b.open("/error", url.Values{"error": {"a " + markup}})
	clean()
	b.open("/login", all)
	b.submit(map[string]string{"username": markup, "password": "x"})
	clean()
	b.submit(map[string]string{"username": name, "password": password})
	b.wants("Set up an authenticator app")
	clean()
	b.submit(map[string]string{"code": "000000", "device": markup, "_known": `{"Key":"<b>x","To":"<b>x"}`})
	clean()
	b.call("UpdateUserPoolClient", object{"ClientName": `"><b>x</b>`, "SupportedIdentityProviders": []string{"COGNITO",
		`"><b>x</b>`}, "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": []string{"code"},
		"AllowedOAuthScopes": []string{"openid", "email"}, "CallbackURLs": []string{callback}})
	b.open("/login", b.query(nil))
	clean()
}

// Every page forbids frames and scripts; HTML tells nobody outside where the person was.
func TestHeadersOnThePages(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	for _, path := range []string{"/login", "/signup", "/forgotPassword", "/error", "/confirmUser", "/confirmUser/"} {
		r, err := b.client.Get(b.domain.URL + path + "?" + b.query(nil).Encode())
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		policy := r.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") ||
			strings.Contains(policy, "script-src") || r.Header.Get("X-Frame-Options") != "DENY" ||
			!slices.Contains([]string{"no-referrer", "same-origin"}, r.Header.Get("Referrer-Policy")) ||
			r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", path, r.Header)
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodHead, b.domain.URL+"/confirmUser?client_id="+
		b.direct.client, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := b.client.Do(request); err != nil || r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD of a link: %v, error %v", r, err)
	}
}

func (b *browser) cookies() map[string]string {
	b.t.Helper()
	at, err := url.Parse(b.domain.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	all := map[string]string{}
	for _, cookie := range b.client.Jar.Cookies(at) {
		all[cookie.Name] = cookie.Value
	}
	return all
}

// A cookie that somebody planted is no session afterwards, and a new sign-in ends the session before it.
func TestSessionsAreNotFixed(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	name, planted := "cognito_"+b.pool, strings.Repeat("p", 43)
	at, err := url.Parse(b.domain.URL)
	if err != nil {
		t.Fatal(err)
	}
	b.client.Jar.SetCookies(at, []*http.Cookie{{Name: name, Value: planted, Path: "/"}})
	b.signInAs("ines")
	b.atTheApp()
	first := b.cookies()[name]
	b.authorize(url.Values{"prompt": {"login"}})
	b.submit(map[string]string{"username": "ines", "password": password})
	b.atTheApp()
	second := b.cookies()[name]
	if first == planted || second == first || second == "" {
		t.Errorf("the cookies are %q and %q", first, second)
	}
	for what, value := range map[string]string{"planted": planted, "earlier": first} {
		b.client.Jar.SetCookies(at, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
		b.authorize(url.Values{"prompt": {"none"}})
		if b.at.Query().Get("error") != "login_required" {
			t.Errorf("with the %s cookie the browser is at %s", what, b.at)
		}
	}
}

// No script reads the cookies, other sites' forms do not carry them, and under TLS they go by TLS alone.
func TestCookiesOfADomain(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.manage()
	b.user("ines")
	handler := b.server.Domain(b.pool, DomainAddress{Domain: domainName, URL: "https://people.example",
		Base: "http://127.0.0.1:9229"})
	for scheme, start := range map[string]func(http.Handler) *httptest.Server{
		"http": httptest.NewServer, "https": httptest.NewTLSServer,
	} {
		server := start(handler)
		defer server.Close()
		client := server.Client()
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		page, err := client.Get(server.URL + "/login?lang=ko&" + b.query(nil).Encode())
		if err != nil {
			t.Fatal(err)
		}
		page.Body.Close()
		form := url.Values{"username": {"ines"}, "password": {password}}
		for _, cookie := range page.Cookies() {
			if cookie.Name == "XSRF-TOKEN" {
				form.Set("_csrf", cookie.Value)
			}
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, page.Request.URL.String(),
			strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, cookie := range page.Cookies() {
			r.AddCookie(cookie)
		}
		signedIn, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		signedIn.Body.Close()
		all := slices.Concat(page.Cookies(), signedIn.Cookies())
		if len(all) != 3 {
			t.Errorf("%s: cookies %v", scheme, all)
		}
		for _, cookie := range all {
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" ||
				cookie.Secure != (scheme == "https") {
				t.Errorf("%s: %+v", scheme, cookie)
			}
		}
	}
}

var tellsNothing = regexp.MustCompile(`value="[^"]*"|[a-z]\*\*\*@[a-z]\*\*\*|ines|nobody|noone`)

// A client that hides who exists has the same pages for users and for strangers.
func TestPagesHideWhoExists(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, object{"AutoVerifiedAttributes": []string{"email"},
		"Policies": object{"SignInPolicy": object{"AllowedFirstAuthFactors": []string{"PASSWORD", "EMAIL_OTP"}}}},
		object{"PreventUserExistenceErrors": "ENABLED",
			"ExplicitAuthFlows": []string{"ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"}})
	b.user("ines", "email", "ines@example.org", "email_verified", "true")
	b.do("AdminCreateUser", object{"Username": "noone", "MessageAction": "SUPPRESS"}) // without an address
	shown := func(name string, act func(name string)) string {
		act(name)
		return tellsNothing.ReplaceAllString(b.page, "…")
	}
	for _, version := range []string{"classic", "managed"} {
		if version == "managed" {
			b.manage()
		}
		for what, act := range map[string]func(string){
			"a wrong password": func(name string) {
				b.open("/login", b.query(nil))
				b.submit(map[string]string{"username": name, "password": "wrong"})
				if version == "managed" {
					b.submit(nil) // the choice of the password
					b.submit(map[string]string{"PASSWORD": "wrong"})
				}
			},
			"a forgotten password": func(name string) {
				b.open("/forgotPassword", b.query(nil))
				b.submit(map[string]string{"username": name})
			},
			"a wrong code": func(name string) {
				b.open("/forgotPassword", b.query(nil))
				b.submit(map[string]string{"username": name})
				b.submit(map[string]string{"code": "000000", "password": newPassword})
			},
		} {
			user, stranger := shown("ines", act), shown("nobody", act)
			if user != stranger || strings.Contains(user, "does not exist") {
				t.Errorf("%s, %s: the page of a user\n%s\nof a stranger\n%s", version, what, user, stranger)
			}
			if bare := shown("noone", act); version == "classic" && bare != stranger {
				t.Errorf("%s, %s: the page of a user without an address\n%s", version, what, bare)
			}
		}
	}
}

// Where the browser goes is said by the app's request alone, which is checked on every page.
func TestFormsDoNotRedirect(t *testing.T) {
	t.Parallel()
	const evil = "https://evil.example/"
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.authorize(nil)
	b.submit(map[string]string{"username": "ines", "password": password, "redirect_uri": evil, "state": "s-2",
		"client_id": "another", "response_type": "token"})
	b.atTheApp()
	if b.at.Query().Get("state") != "s-1" {
		t.Errorf("the browser is at %s", b.at)
	}
	b.authorize(url.Values{"prompt": {"login"}})
	form := b.fieldsOf()
	form.Set("username", "ines")
	form.Set("password", password)
	for _, path := range login.Forms() {
		b.postFrom(path+"?"+b.query(url.Values{"redirect_uri": {evil}}).Encode(), form, nil)
		if b.at.Path != "/error" || b.at.Hostname() != "127.0.0.1" {
			t.Errorf("%s with another redirect_uri leads to %s", path, b.at)
		}
	}
}

// The ticket of a sign-up opens its own account alone, once that is confirmed.
func TestTicketsOfSignUps(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, object{"AutoVerifiedAttributes": []string{"email"},
		"Schema": []object{{"Name": "email", "Required": true}}}, nil)
	signUp := func(name string) string {
		b.open("/signup", b.query(nil))
		b.submit(map[string]string{"username": name, "password": password, "attribute.email": name + "@example.org"})
		return b.fieldsOf().Get("ticket")
	}
	victims := signUp("victim")
	signUp("mallory")
	b.submit(map[string]string{"ticket": victims, "code": "123456"})
	if strings.HasPrefix(b.at.String(), callback) {
		t.Fatalf("an account that is not confirmed is open: %s", b.at)
	}
	b.do("AdminConfirmSignUp", object{"Username": "victim"})
	b.do("AdminDeleteUser", object{"Username": "victim"})
	b.user("victim") // another person
	signUp("eve")
	b.submit(map[string]string{"ticket": victims, "code": "123456"})
	if strings.HasPrefix(b.at.String(), callback) {
		t.Fatalf("the account of another user of the name is open: %s", b.at)
	}
	signUp("mina")
	b.submit(map[string]string{"code": "123456"})
	b.atTheApp()
}

// A page that was open for more than five minutes takes no form.
func TestPagesExpire(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.authorize(nil)
	b.clock.Advance(5*time.Minute + time.Second)
	b.submit(map[string]string{"username": "ines", "password": password})
	b.wants("<h1>Something went wrong</h1>", "Back to sign-in")
	b.follow("Back to sign-in")
	b.clock.Advance(4 * time.Minute)
	b.submit(map[string]string{"username": "ines", "password": password})
	b.atTheApp()
}
