package userpool

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Scopes: of OpenID Connect, of resource servers, and that of a user's own account. Source: developer guide, scopes,
// M2M, and APIs with resource servers.
func TestScopesOfGrants(t *testing.T) {
	t.Parallel()
	b := startServices(t, nil)
	for name, c := range map[string]struct {
		scope, want string
		hasID       bool
		claims      string // those of attributes in the ID token
	}{
		"openid alone shows everything": {"openid", "openid", true, "email name"},
		"email":                         {"openid email", "email openid", true, "email"},
		"in another order":              {"profile openid", "openid profile", true, "name"},
		"of a resource server": {"https://posts.example.org/read", "https://posts.example.org/read", false,
			""},
		"of the user's account": {"aws.cognito.signin.user.admin", "aws.cognito.signin.user.admin", false, ""},
		"none: all of the app client": {"", "aws.cognito.signin.user.admin email https://posts.example.org/read " +
			"https://posts.example.org/write openid profile", true, "email name"},
		"twice": {"openid openid", "openid", true, "email name"},
	} {
		t.Run(name, func(t *testing.T) {
			out := b.granted(b.code("ines", url.Values{"scope": {c.scope}}), nil)
			scopes, _ := claimsOf(t, out["access_token"])["scope"].(string)
			if !sameWords(scopes, c.want) || (out["id_token"] != nil) != c.hasID {
				t.Errorf("scope %q, ID token %v", scopes, out["id_token"] != nil)
			}
			if !c.hasID {
				return
			}
			id := claimsOf(t, out["id_token"])
			for _, attribute := range []string{"email", "name"} {
				if _, shown := id[attribute]; shown != strings.Contains(c.claims, attribute) {
					t.Errorf("%s is shown: %v", attribute, shown)
				}
			}
		})
	}
	api := b.byAPI("ines")
	if scope := claimsOf(t, api)["scope"]; scope != "aws.cognito.signin.user.admin" {
		t.Errorf("a sign-in by the API has the scope %v", scope)
	}
}

func sameWords(a, b string) bool {
	count := map[string]int{}
	for _, word := range strings.Fields(a) {
		count[word]++
	}
	for _, word := range strings.Fields(b) {
		count[word]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// byAPI signs a user in by the API with the first app client, and returns the access token.
func (b *browser) byAPI(name string) string {
	b.t.Helper()
	made := at(b.do("CreateUserPoolClient", object{"ClientName": "api",
		"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH"}}), "UserPoolClient.ClientId")
	out := b.do("InitiateAuth", object{"ClientId": made, "AuthFlow": "USER_PASSWORD_AUTH",
		"AuthParameters": object{"USERNAME": name, "PASSWORD": password}})
	return at(out, "AuthenticationResult.AccessToken").(string)
}

// A request without redirect_uri. Source: developer guide, redirect and authorization.
func TestDefaultRedirect(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.do("CreateIdentityProvider", object{"ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": object{
		"client_id": "c", "client_secret": "s", "authorize_scopes": "openid"}})
	const second = callback + "/second"
	for name, c := range map[string]struct {
		app  object
		want string // "": the error page
	}{
		"the only callback": {nil, callback},
		"the default":       {object{"CallbackURLs": []string{callback, second}, "DefaultRedirectURI": second}, second},
		"one of two":        {object{"CallbackURLs": []string{callback, second}}, ""},
		"two providers": {object{"SupportedIdentityProviders": []string{"COGNITO", "Google"},
			"DefaultRedirectURI": callback}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b.direct.client, _ = b.another(c.app)
			b.authorize(url.Values{"redirect_uri": nil, "scope": {"openid"}})
			if b.at.Path == "/login" {
				b.submit(map[string]string{"username": "ines", "password": password})
			}
			got := b.at.Scheme + "://" + b.at.Host + b.at.Path
			if c.want == "" && (b.at.Path != "/error" || b.at.Query().Get("error") != "invalid_request") ||
				c.want != "" && got != c.want {
				t.Errorf("the browser is at %s", b.at)
			}
		})
	}
}

// What comes first if several things are wrong: what the error page shows, and then what the app learns. AWS documents
// no order; see docs/aws-behaviour.md.
func TestOrderOfChecks(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, object{"AllowedOAuthFlows": []string{"code"}})
	wrong := url.Values{"client_id": {"nobody"}, "redirect_uri": {"https://evil.example/"}, "scope": {"phone"},
		"response_type": {"id_token"}, "code_challenge": {"x"}, "prompt": {"none"}}
	right := map[string][]string{"client_id": {b.direct.client}, "redirect_uri": {callback}, "scope": {"openid"},
		"response_type": {"token"}, "code_challenge": nil}
	for _, step := range []struct{ mend, path, code string }{
		{"", "/error", "invalid_request"}, // the client
		{"client_id", "/error", "redirect_mismatch"},
		{"redirect_uri", "/error", "invalid_scope"},
		{"scope", "", "invalid_request"},         // the response type
		{"response_type", "", "invalid_request"}, // PKCE
		{"code_challenge", "", "unauthorized_client"},
	} {
		if step.mend != "" {
			wrong[step.mend] = right[step.mend]
		}
		b.authorize(wrong)
		got := b.at.Query()
		if step.path == "" && wrong.Get("response_type") == "token" {
			got = b.fragment()
		}
		if step.path != "" && b.at.Path != step.path || step.path == "" && b.at.Host != "app.example.org" ||
			got.Get("error") != step.code {
			t.Errorf("with %s mended, the browser is at %s", step.mend, b.at)
		}
	}
	wrong["response_type"] = []string{"code"}
	if b.authorize(wrong); b.at.Query().Get("error") != "login_required" {
		t.Errorf("with all mended, the browser is at %s", b.at)
	}
	b.do("UpdateUserPoolClient", object{"AllowedOAuthFlowsUserPoolClient": false})
	b.authorize(nil)
	b.wants("Client is not enabled for OAuth2.0 flows")
}

// When a session spares the sign-in. Source: developer guide, authorize endpoint and managed login sessions.
func TestWhenASessionServes(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.do("CreateIdentityProvider", object{"ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": object{
		"client_id": "c", "client_secret": "s", "authorize_scopes": "openid"}})
	other, _ := b.another(nil)
	foreign, _ := b.another(object{"SupportedIdentityProviders": []string{"Google"}})
	b.signInAs("ines")
	b.clock.Advance(10 * time.Minute)
	const code, page, required = "code", "page", "login_required"
	for name, c := range map[string]struct {
		query url.Values
		want  string
	}{
		"nothing asked":            {nil, code},
		"prompt none":              {url.Values{"prompt": {"none"}}, code},
		"prompt login":             {url.Values{"prompt": {"login"}}, page},
		"prompt select_account":    {url.Values{"prompt": {"select_account consent"}}, code},
		"prompt login and consent": {url.Values{"prompt": {"login consent"}}, page},
		"young enough":             {url.Values{"max_age": {"600"}}, code},
		"too old":                  {url.Values{"max_age": {"599"}}, page},
		"max_age 0":                {url.Values{"max_age": {"0"}}, page},
		"too old for prompt none":  {url.Values{"max_age": {"599"}, "prompt": {"none"}}, required},
		"at the pool itself":       {url.Values{"identity_provider": {"COGNITO"}, "prompt": {"none"}}, code},
		"at another provider":      {url.Values{"identity_provider": {"Google"}, "prompt": {"none"}}, required},
		"by another app client":    {url.Values{"client_id": {other}, "prompt": {"none"}}, code},
		"by one without the pool":  {url.Values{"client_id": {foreign}, "prompt": {"none"}, "scope": {"openid"}}, required},
		"a level that was reached": {url.Values{"acr_values": {"urn:cognito:loa:1"}}, code},
		"a level out of reach":     {url.Values{"acr_values": {"urn:cognito:loa:4 urn:cognito:loa:1"}}, code},
		"an unknown level":         {url.Values{"acr_values": {"urn:mace:incommon:iap:silver"}}, code},
		"a hint of somebody else":  {url.Values{"login_hint": {"paul"}}, code},
		"unknown prompts":          {url.Values{"prompt": {"create"}}, code},
		"unknown parameters, ignored": {url.Values{"display": {"popup"}, "claims_locales": {"se"}, "ui_locales": {"se"},
			"id_token_hint": {"x"}, "claims": {"{}"}}, code},
	} {
		t.Run(name, func(t *testing.T) {
			// Without the browser's jar, so that no case changes its session.
			query := url.Values{"client_id": {b.direct.client}, "response_type": {"code"}, "redirect_uri": {callback},
				"scope": {"openid email"}, "state": {"s"}}
			for name, values := range c.query {
				query[name] = values
			}
			got := ""
			switch a := b.send(http.MethodGet, "/oauth2/authorize?"+query.Encode(), "", "Cookie", b.cookieHeader()); {
			case a.to == nil:
				t.Fatalf("%d %s", a.status, a.body)
			case a.to.Path == "/login":
				got = page
				if a.to.RawQuery != query.Encode() {
					t.Errorf("the page lost the app's request: %s", a.to)
				}
			case a.to.Query().Get("code") != "":
				got = code
			default:
				got = a.to.Query().Get("error")
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// cookieHeader returns the browser's cookies of the domain as a header.
func (b *browser) cookieHeader() string {
	address, err := url.Parse(b.domain.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	var list []string
	for _, c := range b.client.Jar.Cookies(address) {
		list = append(list, c.Name+"="+c.Value)
	}
	return strings.Join(list, "; ")
}

// How long a sign-in serves: an hour, or what the app client says, from the sign-in on. Source: API reference,
// SetUserPoolClientSessionConfiguration.
func TestHowLongASessionServes(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.do("SetUserPoolSessionConfiguration", object{"UserSessionTracking": "ENABLED",
		"TokenSession": object{"MaxPerUser": 5}})
	longer, _ := b.another(nil)
	never, _ := b.another(nil)
	b.do("SetUserPoolClientSessionConfiguration", object{"ClientId": longer,
		"SSOSession": object{"MaxValidityMinutes": 180}})
	b.do("SetUserPoolClientSessionConfiguration", object{"ClientId": never, "SSOSession": object{"MaxValidityMinutes": 0}})
	b.signInAs("ines")
	serves := func(client string, want bool) {
		t.Helper()
		b.authorize(url.Values{"client_id": {client}, "prompt": {"none"}})
		if got := b.at.Query().Get("code") != ""; got != want {
			t.Errorf("the browser is at %s", b.at)
		}
	}
	serves(never, false)
	b.clock.Advance(59 * time.Minute)
	serves(b.direct.client, true) // which does not prolong it
	b.clock.Advance(time.Minute)
	serves(b.direct.client, false)
	serves(longer, true)
	b.clock.Advance(2 * time.Hour)
	serves(longer, false)
}

// What ends a session, and what does not. Source: developer guide, managed login sessions.
func TestWhatEndsASession(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do   func(b *browser)
		ends bool
	}{
		"disabling the user": {func(b *browser) { b.do("AdminDisableUser", object{"Username": "ines"}) }, true},
		"deleting the user":  {func(b *browser) { b.do("AdminDeleteUser", object{"Username": "ines"}) }, true},
		"another user with the name": {func(b *browser) {
			b.do("AdminDeleteUser", object{"Username": "ines"})
			b.user("ines")
		}, true},
		"global sign-out": {func(b *browser) { b.do("AdminUserGlobalSignOut", object{"Username": "ines"}) }, false},
		"another attribute": {func(b *browser) {
			b.do("AdminUpdateUserAttributes", object{"Username": "ines", "UserAttributes": attributes("name", "I")})
		}, false},
		"another password": {func(b *browser) {
			b.do("AdminSetUserPassword", object{"Username": "ines", "Password": newPassword, "Permanent": true})
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := startBrowser(t, nil, nil)
			b.user("ines")
			code := b.code("ines", nil)
			c.do(b)
			b.authorize(url.Values{"prompt": {"none"}})
			if got := b.at.Query().Get("error") == "login_required"; got != c.ends {
				t.Errorf("the browser is at %s", b.at)
			}
			a := b.post("/oauth2/token", b.exchangeForm(code, nil))
			if got := a.status == http.StatusBadRequest && a.out["error"] == "invalid_grant"; got != c.ends {
				t.Errorf("a code from before: %d %s", a.status, a.body)
			}
		})
	}
}

// A classic domain knows no prompt, and says in its own words what a sign-out lacks. Source: developer guide, authorize
// endpoint; the words are those of reports.
func TestClassicDomain(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.open("/logout", nil)
	b.wants("Missing required parameter client_id in request URL")
	b.do("CreateUserPoolDomain", object{"Domain": domainName, "ManagedLoginVersion": 1})
	b.signInAs("ines")
	b.authorize(url.Values{"prompt": {"login"}})
	b.atTheApp()
	b.open("/logout", url.Values{"client_id": {b.direct.client}})
	b.wants("Required String parameter &#39;redirect_uri&#39; is not present")
}

// Signing out and in again. Source: developer guide, logout endpoint.
func TestLogoutToSignInAgain(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.signInAs("ines")
	again := url.Values{"client_id": {b.direct.client}, "redirect_uri": {callback}, "response_type": {"code"},
		"state": {"s 1&x=y"}, "scope": {"openid"}}
	b.open("/logout", again)
	if b.at.Path != "/login" {
		t.Fatalf("the browser is at %s", b.at)
	}
	b.submit(map[string]string{"username": "ines", "password": password})
	if b.atTheApp(); b.at.Query().Get("state") != "s 1&x=y" {
		t.Errorf("state %q", b.at.Query().Get("state"))
	}
	b.open("/logout", url.Values{"client_id": {b.direct.client}, "redirect_uri": {"https://evil.example/"},
		"response_type": {"code"}})
	if b.at.Path != "/error" || b.at.Query().Get("error") != "redirect_mismatch" {
		t.Errorf("the browser is at %s", b.at)
	}
	b.open("/logout", url.Values{"client_id": {b.direct.client}, "logout_uri": {"https://app.example.org/bye"},
		"redirect_uri": {"https://evil.example/"}, "state": {"s"}})
	if b.at.String() != "https://app.example.org/bye" { // logout_uri wins, the rest is dropped
		t.Errorf("the browser is at %s", b.at)
	}
}
