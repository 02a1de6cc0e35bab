package userpool

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/userpool/internal/login"
)

// startManaged starts a browser at a domain with the pages of managed login.
func startManaged(t *testing.T, pool, app object) *browser {
	t.Helper()
	b := startBrowser(t, pool, app)
	b.manage()
	return b
}

// manage gives the domain the pages of managed login, and the app client the style that they need.
func (b *browser) manage() {
	b.t.Helper()
	b.do("CreateUserPoolDomain", object{"Domain": domainName, "ManagedLoginVersion": 2})
	b.do("CreateManagedLoginBranding", object{"UseCognitoProvidedValues": true})
}

func (b *browser) lacks(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if strings.Contains(b.page, text) {
			b.t.Errorf("the page at %s has %q:\n%s", b.at, text, b.page)
		}
	}
}

// press sends the page's form with this button.
func (b *browser) press(button string) {
	b.t.Helper()
	for part := range strings.SplitSeq(b.page, "<form ") {
		if strings.Contains(part, ">"+button+"</button>") {
			b.page = "<form " + part
			b.submit(nil)
			return
		}
	}
	b.t.Fatalf("no button %q on the page:\n%s", button, b.page)
}

var choice = object{"AutoVerifiedAttributes": []string{"email"}, "Policies": object{"SignInPolicy": object{
	"AllowedFirstAuthFactors": []string{"PASSWORD", "EMAIL_OTP", "WEB_AUTHN"}}}}

var userAuth = object{"ExplicitAuthFlows": []string{"ALLOW_USER_AUTH"}}

// Managed login asks who signs in, and then how, where app client and pool have a choice; the classic pages never do.
func TestChoiceOnThePages(t *testing.T) {
	t.Parallel()
	b := startManaged(t, choice, userAuth)
	b.user("ines", "email", "ines@example.org", "email_verified", "true")
	b.user("noor")
	b.authorize(nil)
	b.lacks(`name="password"`)
	b.submit(map[string]string{"username": "ines"})
	b.wants("Choose how to sign in", ">Password</button>", ">Code by e-mail</button>")
	b.lacks("Passkey")
	b.press("Code by e-mail")
	b.wants("i***@e***")
	b.submit(map[string]string{"EMAIL_OTP_CODE": "000000"})
	b.wants("Invalid code", "i***@e***")
	b.submit(map[string]string{"EMAIL_OTP_CODE": "123456" + b.last().Code[6:]})
	b.atTheApp()

	b.authorize(url.Values{"prompt": {"login"}})
	b.submit(map[string]string{"username": "noor"}) // who has a password alone
	b.wants("Enter your password")
	b.submit(map[string]string{"PASSWORD": "wrong"})
	b.wants("Incorrect username or password.", `value="noor"`)
	b.submit(map[string]string{"username": "noor"})
	b.submit(map[string]string{"PASSWORD": password})
	b.atTheApp()

	b.do("UpdateUserPoolDomain", object{"Domain": domainName, "ManagedLoginVersion": 1})
	b.authorize(url.Values{"prompt": {"login"}}) // which the classic pages do not know
	b.atTheApp()
	b.open("/login", b.query(nil))
	b.press("Sign in as another user")
	b.wants(`name="password"`)
	b.open("/passkeys/add", b.query(nil))
	if b.at.Path != "/error" {
		t.Errorf("the classic /passkeys/add leads to %s", b.at)
	}
}

// What managed login offers after a sign-up can be left out; it is no way around prompt=login.
func TestPasskeyOfferOnThePages(t *testing.T) {
	t.Parallel()
	b := startManaged(t, choice, userAuth)
	signUp := func(name string) {
		b.open("/signup", b.query(url.Values{"prompt": {"login"}}))
		b.submit(map[string]string{"username": name, "password": password})
	}
	signUp("mina")
	if b.at.Path != "/error" { // there is no address for the code, but the user exists
		t.Errorf("the browser is at %s", b.at)
	}
	b.do("AdminConfirmSignUp", object{"Username": "mina"})
	b.open("/passkeys/add", b.query(nil))
	b.wants("<h1>Sign in</h1>")
	b.submit(map[string]string{"username": "mina"})
	b.submit(map[string]string{"PASSWORD": password})
	b.atTheApp()
	b.open("/passkeys/add", b.query(nil))
	b.wants("Add a passkey", "/assets/passkey.js", "data-options=")
	b.submit(map[string]string{"CREDENTIAL": "{}"})
	b.wants("Add a passkey", `role="alert"`)
	b.press("Not now")
	b.atTheApp()

	b.open("/passkeys/add", b.query(url.Values{"prompt": {"login"}}))
	b.press("Not now")
	b.wants("<h1>Sign in</h1>")
	b.do("AdminDisableUser", object{"Username": "mina"})
	b.open("/passkeys/add", b.query(nil))
	b.wants("User is disabled.")
}

// Managed login speaks Korean to who asks for it, and keeps to it; the classic pages are in English.
func TestLanguagesOfThePages(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.authorize(url.Values{"lang": {"ko"}})
	b.wants(`<html lang="en">`, "<h1>Sign in</h1>")
	b.manage()
	b.authorize(url.Values{"lang": {"ko"}, "login_hint": {"서연"}})
	b.wants(`<html lang="ko">`, "<h1>로그인</h1>", `value="서연"`)
	b.open("/confirmUser", url.Values{"client_id": {b.direct.client}})
	b.wants(`<html lang="ko">`)
	b.authorize(nil)
	b.wants(`<html lang="ko">`)
	b.submit(map[string]string{"username": "nobody", "password": "wrong"})
	b.wants(`<html lang="ko">`)
	b.authorize(url.Values{"lang": {"de"}})
	b.wants(`<html lang="en">`)
}

// The classic pages offer who is signed in. That begins the hour anew, and proves nothing anew.
func TestStayingSignedIn(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.signInAs("ines")
	b.atTheApp()
	began := b.clock.Now().Unix()
	b.clock.Advance(50 * time.Minute)
	b.open("/login", b.query(nil))
	b.wants("You are signed in", "Sign in as ines")
	b.press("Sign in as ines")
	b.atTheApp()
	b.clock.Advance(50 * time.Minute)
	b.authorize(nil)
	b.atTheApp()
	_, out := b.exchange(url.Values{"grant_type": {"authorization_code"}, "client_id": {b.direct.client},
		"redirect_uri": {callback}, "code": {b.at.Query().Get("code")}})
	if claims := claimsOf(t, out["id_token"]); claims["auth_time"] != float64(began) {
		t.Errorf("auth_time %v, want %d", claims["auth_time"], began)
	}

	b.open("/login", b.query(nil))
	b.press("Sign in as another user")
	b.wants("<h1>Sign in</h1>", `name="password"`)
	for name, more := range map[string]url.Values{"prompt": {"prompt": {"login"}}, "max_age": {"max_age": {"60"}}} {
		b.open("/login", b.query(more))
		b.lacks("Sign in as")
		form := b.fieldsOf()
		form.Set("stay", "1")
		b.postFrom("/login?"+b.query(more).Encode(), form, nil)
		if strings.HasPrefix(b.at.String(), callback) {
			t.Errorf("%s is not heeded: %s", name, b.at)
		}
	}
	b.do("AdminDeleteUser", object{"Username": "ines"})
	b.user("ines") // another person
	b.open("/login", b.query(nil))
	b.lacks("Sign in as")
}

// An app client without the pool's own users has no form for them, and takes none.
func TestProvidersOnThePages(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	for _, p := range []object{
		{"ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": object{"client_id": "c",
			"client_secret": "s", "authorize_scopes": "openid"}},
		{"ProviderName": "Works", "ProviderType": "SAML", "IdpIdentifiers": []string{"works.example"},
			"ProviderDetails": object{"MetadataURL": "https://works.example/metadata"}},
	} {
		b.do("CreateIdentityProvider", p)
	}
	offer := func(providers ...string) {
		b.do("UpdateUserPoolClient", object{"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": []string{"code"},
			"AllowedOAuthScopes": []string{"openid", "email"}, "CallbackURLs": []string{callback},
			"SupportedIdentityProviders": providers})
		b.open("/login", b.query(nil))
	}
	offer("COGNITO", "Google", "Works")
	b.wants("Sign in with Google", "Sign in with Works", "identity_provider=Google", `name="password"`, "state=s-1")

	offer("Google")
	b.wants("Sign in with Google")
	b.lacks("<form", "Sign up")
	own := b.cookies()["XSRF-TOKEN"]
	for _, path := range login.Forms() {
		b.postFrom(path+"?"+b.query(nil).Encode(), url.Values{"_csrf": {own}, "username": {"ines"}, "password": {password},
			"code": {"123456"}}, nil)
		if strings.HasPrefix(b.at.String(), callback) || path != "/passkeys/add" &&
			!strings.Contains(b.page, "Login option is not available. Please try another one") {
			t.Errorf("%s leads to %s:\n%s", path, b.at, b.page)
		}
	}

	offer("Works")
	b.wants(`type="email"`)
	b.lacks("Sign in with Works", `name="password"`)
	b.submit(map[string]string{"email": "ines@elsewhere.example"})
	b.wants("Login option is not available. Please try another one")
	b.submit(map[string]string{"email": "Ines@WORKS.example"})
	if problem := b.at.Query().Get("error_description"); !strings.Contains(problem, "MetadataURL") { // of Works
		t.Errorf("the browser is at %s", b.at)
	}
}

// A user who needs a second factor chooses which, and may set up an e-mail address.
func TestFactorsToSetUpOnThePages(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, object{"EmailConfiguration": object{"EmailSendingAccount": "DEVELOPER",
		"SourceArn": "arn:aws:ses:eu-west-1:000000000000:identity/example.org"},
		"AccountRecoverySetting": object{"RecoveryMechanisms": []object{{"Name": "admin_only", "Priority": 1}}}}, nil)
	b.do("SetUserPoolMfaConfig", object{"MfaConfiguration": "ON", "EmailMfaConfiguration": object{},
		"SoftwareTokenMfaConfiguration": object{"Enabled": true}})
	b.user("ines")
	b.signInAs("ines")
	b.wants("Set up a second step", "Authenticator app", "Code by e-mail")
	b.press("Code by e-mail")
	b.wants("Add your e-mail address")
	b.submit(map[string]string{"EMAIL": "ines@example.org"})
	b.wants("Enter your code", "i***@e***")
	b.submit(map[string]string{"EMAIL_OTP_CODE": b.last().Code})
	b.atTheApp()
	b.authorize(url.Values{"prompt": {"login"}})
	b.submit(map[string]string{"username": "ines", "password": password})
	b.wants("Enter your code")
}

// A wrong answer leaves the page as it was: with the attributes that a new password needs.
func TestAttributesOfANewPassword(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, object{"Schema": []object{{"Name": "name", "Required": true, "Mutable": true}}}, nil)
	b.do("AdminCreateUser", object{"Username": "paul", "TemporaryPassword": password, "MessageAction": "SUPPRESS"})
	b.signInAs("paul")
	b.wants(`name="userAttributes.name"`)
	b.submit(map[string]string{"NEW_PASSWORD": "short", "userAttributes.name": "Paul"})
	b.wants("Password did not conform with policy", `name="userAttributes.name" type="text" value="Paul"`)
	b.submit(map[string]string{"NEW_PASSWORD": newPassword, "userAttributes.name": "Paul"})
	b.atTheApp()
}

// Who cannot get a message learns so as on AWS.
func TestNoWayToSendAMessage(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, nil, nil)
	b.user("ines")
	b.open("/forgotPassword", b.query(nil))
	b.submit(map[string]string{"username": "ines"})
	if b.at.Path != "/error" || b.at.Query().Get("error") != "Error sending message, please contact the app owner." {
		t.Errorf("the browser is at %s", b.at)
	}
	b.wants("Error sending message, please contact the app owner.")
}

// Users whose password must be reset are led to it.
func TestResetOnThePages(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, object{"AutoVerifiedAttributes": []string{"email"}}, nil)
	b.user("ines", "email", "ines@example.org", "email_verified", "true")
	b.do("AdminResetUserPassword", object{"Username": "ines"})
	b.signInAs("ines")
	b.wants("Reset your password", "The password must be changed before you can sign in.")
	b.submit(map[string]string{"username": "ines"})
	b.submit(map[string]string{"code": "123456", "password": newPassword})
	b.atTheApp()
}

// A link in the message confirms a sign-up, at the domain as well; the browser of the sign-up goes on.
func TestLinksOfADomain(t *testing.T) {
	t.Parallel()
	b := startBrowser(t, object{"AutoVerifiedAttributes": []string{"email"},
		"Schema":                      []object{{"Name": "email", "Required": true}},
		"VerificationMessageTemplate": object{"DefaultEmailOption": "CONFIRM_WITH_LINK"}}, nil)
	b.open("/signup", b.query(nil))
	b.submit(map[string]string{"username": "mina", "password": password, "attribute.email": "mina@example.org"})
	b.wants("Open the link in our message")
	waiting := b.page
	b.submit(nil)
	b.wants("User is not confirmed.")
	link, err := url.Parse(strings.ReplaceAll(href.FindStringSubmatch(b.last().Body)[1], "&amp;", "&"))
	if err != nil {
		t.Fatal(err)
	}
	pool, own := b.pool, link.Query()
	b.pool = at(b.do("CreateUserPool", object{"PoolName": "others"}), "UserPool.Id").(string)
	other := b.domain.Config.Handler
	b.domain.Config.Handler = b.server.Domain(b.pool, DomainAddress{URL: b.domain.URL, Base: "http://127.0.0.1:9229"})
	b.open("/confirmUser", own) // at the domain of another pool
	b.wants("Not confirmed")
	b.pool, b.domain.Config.Handler = pool, other
	b.open("/confirmUser/", link.Query())
	b.wants("Your registration is confirmed.")
	if b.cookies()["cognito_"+b.pool] != "" {
		t.Error("the link signs in whoever opens it")
	}
	b.page = waiting
	b.submit(nil)
	b.atTheApp()
}
