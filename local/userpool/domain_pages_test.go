package userpool

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/totp"
)

// atTheApp fails unless the browser is back at the app with a code.
func (b *browser) atTheApp() {
	b.t.Helper()
	if b.at.Host != "app.example.org" || b.at.Query().Get("code") == "" {
		b.t.Fatalf("the browser is at %s:\n%s", b.at, b.page)
	}
}

// follow opens the page that a link with this text leads to.
func (b *browser) follow(text string) {
	b.t.Helper()
	found := regexp.MustCompile(`<a href="([^"]*)">` + regexp.QuoteMeta(text) + `</a>`).FindStringSubmatch(b.page)
	if found == nil {
		b.t.Fatalf("no link %q on the page:\n%s", text, b.page)
	}
	b.show(b.client.Get(b.domain.URL + strings.ReplaceAll(found[1], "&amp;", "&")))
}

func (b *browser) wants(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if !strings.Contains(b.page, text) {
			b.t.Errorf("the page at %s lacks %q:\n%s", b.at, text, b.page)
		}
	}
}

func TestSignUpOnThePages(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, object{"AutoVerifiedAttributes": []string{"email"},
		"Schema": []object{{"Name": "email", "Required": true}}}, nil)
	b.authorize(nil)
	b.follow("Sign up")
	b.submit(map[string]string{"username": "mina", "password": "short", "attribute.email": "mina@example.org"})
	b.wants("Password did not conform with policy", `value="mina@example.org"`)
	b.submit(map[string]string{"username": "mina", "password": password, "attribute.email": "mina@example.org"})
	b.wants("Confirm your account", "m***@e***")
	b.submit(map[string]string{"code": "000000"})
	b.wants("Invalid verification code provided")
	b.submit(map[string]string{"code": "123456"})
	b.atTheApp()
}

func TestForgottenPasswordOnThePages(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, object{"AutoVerifiedAttributes": []string{"email"}}, nil)
	b.do("AdminCreateUser", object{"Username": "ines", "TemporaryPassword": password, "MessageAction": "SUPPRESS",
		"UserAttributes": attributes("email", "ines@example.org", "email_verified", "true")})
	b.do("AdminSetUserPassword", object{"Username": "ines", "Password": password, "Permanent": true})
	b.authorize(nil)
	b.follow("Forgot your password?")
	b.submit(map[string]string{"username": "ines"})
	b.wants("Choose a new password", "i***@e***")
	b.submit(map[string]string{"code": "123456", "password": newPassword})
	b.atTheApp()
	b.fails("InitiateAuth", passwordAuth("ines", password), "NotAuthorizedException", "")
}

func TestTemporaryPasswordOnThePages(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.do("AdminCreateUser", object{"Username": "paul", "TemporaryPassword": password, "MessageAction": "SUPPRESS"})
	b.authorize(nil)
	b.submit(map[string]string{"username": "paul", "password": password})
	b.wants("Choose a new password")
	b.submit(map[string]string{"NEW_PASSWORD": "short"})
	b.wants("Password did not conform with policy")
	b.submit(map[string]string{"NEW_PASSWORD": newPassword})
	b.atTheApp()
}

func TestAuthenticatorAppOnThePages(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.do("SetUserPoolMfaConfig", object{"MfaConfiguration": "ON",
		"SoftwareTokenMfaConfiguration": object{"Enabled": true}})
	b.user("ines")
	b.authorize(nil)
	b.submit(map[string]string{"username": "ines", "password": password})
	b.wants("Set up an authenticator app", "data:image/png;base64,")
	secret := regexp.MustCompile(`<code>([A-Z2-7]+)</code>`).FindStringSubmatch(b.page)
	if secret == nil {
		t.Fatal("the page does not show the key")
	}
	code, err := totp.Code(secret[1], b.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	b.submit(map[string]string{"code": code})
	b.atTheApp()
}

// A form that another site sends, or that was fetched by another browser, is not taken.
func TestFormsNeedTheirToken(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.authorize(nil)
	action := b.at.RequestURI()
	for name, token := range map[string]string{"none": "", "another": strings.Repeat("a", 43)} {
		t.Run(name, func(t *testing.T) {
			b.show(b.client.PostForm(b.domain.URL+action,
				url.Values{"username": {"ines"}, "password": {password}, "_csrf": {token}}))
			if b.at.Host == "app.example.org" || !strings.Contains(b.page, "The form has expired") {
				t.Errorf("the browser is at %s", b.at)
			}
		})
	}
}

func TestLogoutOfTheDomain(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.signInAs("ines")
	b.atTheApp()
	b.open("/logout", url.Values{"client_id": {b.direct.client}, "logout_uri": {"https://evil.example/"}})
	if b.at.Path != "/error" {
		t.Errorf("a foreign logout_uri leads to %s", b.at)
	}
	b.authorize(nil)
	b.atTheApp() // the refused request ended nothing
	b.open("/logout", url.Values{"client_id": {b.direct.client}, "logout_uri": {"https://app.example.org/bye"}})
	if b.at.String() != "https://app.example.org/bye" {
		t.Errorf("the browser is at %s", b.at)
	}
	b.authorize(url.Values{"prompt": {"none"}})
	if b.at.Query().Get("error") != "login_required" {
		t.Errorf("after signing out, the browser is at %s", b.at)
	}
}

func TestUserInfo(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.signInAs("ines")
	_, out := b.exchange(url.Values{"grant_type": {"authorization_code"}, "client_id": {b.direct.client},
		"redirect_uri": {callback}, "code": {b.at.Query().Get("code")}})
	for name, c := range map[string]struct {
		authorization string
		status        int
	}{
		"the token":         {"Bearer " + out["access_token"].(string), http.StatusOK},
		"the ID token":      {"Bearer " + out["id_token"].(string), http.StatusUnauthorized},
		"nothing":           {"", http.StatusBadRequest},
		"no bearer token":   {"Basic eDp5", http.StatusBadRequest},
		"an API's sign-in":  {"Bearer " + at(b.signIn("ines"), "AuthenticationResult.AccessToken").(string), 401},
		"something unknown": {"Bearer x.y.z", http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodGet, b.domain.URL+"/oauth2/userInfo", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", c.authorization)
			got, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer got.Body.Close()
			if got.StatusCode != c.status || c.status != http.StatusOK && got.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("status %d, challenge %q", got.StatusCode, got.Header.Get("WWW-Authenticate"))
			}
		})
	}
}
