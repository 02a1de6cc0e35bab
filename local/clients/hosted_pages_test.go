package clients

import (
	"net/url"
	"testing"
	"time"

	"cognito-triggers/local/userpool/totp"
)

// walkPasskeys signs up, adds a passkey, and signs in with it, by a code, and with a new password.
func (p *place) walkPasskeys(email string) {
	p.t.Helper()
	signIn, choose := p.words("Sign in", "로그인"), p.words("Choose how to sign in", "로그인 방법 선택")
	p.authorizes(signIn, "login_hint", email)
	p.looks("sign-in")
	p.presses(`a[href^="/signup"]`)
	p.sees(p.words("Sign up", "회원 가입"))
	p.looks("sign-up")
	p.fills("username", email, "attribute.name", "Kim Seo-yeon 김서연", "password", "short")
	p.sees(p.words("Sign up", "회원 가입"))
	p.looks("sign-up-refused")
	p.fills("password", pagePassword)
	p.sees(p.words("Confirm your account", "계정 확인"))
	p.looks("confirm")
	p.fills("code", p.code())
	p.sees(p.words("Add a passkey", "패스키 추가"))
	p.looks("passkey-add")
	p.presses("#passkey button")
	p.exchanges()
	p.signsOut()

	p.authorizes(signIn)
	p.fills("username", email)
	p.sees(choose)
	p.looks("choose")
	p.presses(`form:has([value="WEB_AUTHN"]) button`)
	p.sees(p.words("Sign in with a passkey", "패스키로 로그인"))
	p.looks("passkey")
	p.presses("#passkey button")
	p.exchanges()
	p.signsOut()

	p.authorizes(signIn, "response_type", "token", "code_challenge", "", "code_challenge_method", "")
	p.fills("username", email)
	p.sees(choose)
	p.presses(`form:has([value="EMAIL_OTP"]) button`)
	p.sees(p.words("Enter your code", "코드 입력"))
	p.looks("code")
	p.fills("EMAIL_OTP_CODE", "000000")
	p.sees(p.words("Enter your code", "코드 입력"))
	p.looks("code-wrong")
	p.fills("EMAIL_OTP_CODE", p.code())
	if tokens := p.returned(); tokens.Get("id_token") == "" || tokens.Get("access_token") == "" {
		p.t.Errorf("the fragment lacks tokens: %v", tokens)
	}
	p.posts()
	p.signsOut()

	p.authorizes(signIn)
	p.fills("username", email)
	p.sees(choose)
	p.presses(`form:has([value="PASSWORD"]) button`)
	p.sees(p.words("Enter your password", "비밀번호 입력"))
	p.looks("password")
	p.presses(`a[href^="/forgotPassword"]`)
	p.sees(p.words("Reset your password", "비밀번호 재설정"))
	p.looks("forgot")
	p.fills("username", email)
	p.sees(p.words("Choose a new password", "새 비밀번호 설정"))
	p.looks("reset")
	p.fills("code", p.code(), "password", otherPassword)
	p.exchanges()
	p.opens("/passkeys/add?"+p.query(), p.words("Add a passkey", "패스키 추가"))
	p.signsOut()
}

// query returns the query of a request of the app without PKCE.
func (p *place) query() string {
	return url.Values{"client_id": {p.client}, "response_type": {"code"}, "redirect_uri": {p.app + "/callback"},
		"lang": {p.language}}.Encode()
}

// walkMFA signs in with a temporary password, sets up an authenticator app, and signs in with it.
func (p *place) walkMFA(email string) {
	p.t.Helper()
	p.call("AdminCreateUser", object{"UserPoolId": p.pool, "Username": email, "TemporaryPassword": pagePassword,
		"MessageAction": "SUPPRESS", "UserAttributes": []object{{"Name": "email", "Value": email},
			{"Name": "email_verified", "Value": "true"}}})
	signIn := p.words("Sign in", "로그인")
	p.authorizes(signIn)
	p.fills("username", email, "password", "wrong")
	p.sees(signIn)
	p.looks("sign-in-wrong")
	p.fills("username", email, "password", pagePassword)
	p.sees(p.words("Choose a new password", "새 비밀번호 설정"))
	p.looks("new-password")
	p.fills("NEW_PASSWORD", otherPassword)
	p.sees(p.words("Set up an authenticator app", "인증 앱 설정"))
	p.looks("totp-set-up")
	secret := p.text("figure code")
	if read, _ := url.Parse(p.scans()); read == nil || read.Query().Get("secret") != secret || read.Scheme != "otpauth" {
		p.t.Errorf("the picture says %v, want the key %s", read, secret)
	}
	p.fills("code", "000000")
	p.sees(p.words("Set up an authenticator app", "인증 앱 설정"))
	if p.text("figure code") != secret {
		p.t.Error("a wrong code changes the key")
	}
	code := func(when time.Time) string {
		code, err := totp.Code(secret, when)
		if err != nil {
			p.t.Fatal(err)
		}
		return code
	}
	p.fills("code", code(time.Now()), "device", "Phone")
	p.exchanges()
	p.signsOut()
	p.authorizes(signIn)
	p.fills("username", email, "password", otherPassword)
	p.sees(p.words("Enter your code", "코드 입력"))
	p.looks("totp")
	p.fills("SOFTWARE_TOKEN_MFA_CODE", code(time.Now().Add(30*time.Second))) // the code before was used
	p.exchanges()
	p.signsOut()
}

// walkRest looks at the pages that the others do not pass.
func (p *place) walkRest() {
	p.t.Helper()
	failed := p.words("Something went wrong", "문제가 발생했습니다")
	p.authorizes(failed, "redirect_uri", "https://evil.example/")
	p.looks("error")
	p.opens("/confirmUser?client_id="+p.client+"&user_name=x&confirmation_code=1&lang="+p.language,
		p.words("Not confirmed", "확인되지 않았습니다"))
	p.looks("not-confirmed")
	client := p.client
	for _, provider := range []object{
		{"ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": object{"client_id": "c", "client_secret": "s",
			"authorize_scopes": "openid"}},
		{"ProviderName": "Works", "ProviderType": "SAML", "IdpIdentifiers": []string{"works.example"},
			"ProviderDetails": object{"MetadataURL": "https://works.example/metadata"}},
	} {
		provider["UserPoolId"] = p.pool
		provider["AttributeMapping"] = object{"email": "email"}
		p.call("CreateIdentityProvider", provider)
	}
	p.addClient(object{"SupportedIdentityProviders": []string{"COGNITO", "Google", "Works"}})
	p.authorizes(p.words("Sign in", "로그인"))
	p.looks("providers")
	p.addClient(object{"SupportedIdentityProviders": []string{"Works"}})
	p.authorizes(p.words("Sign in", "로그인"))
	p.looks("saml")
	p.fills("email", "ines@elsewhere.example")
	p.sees(p.words("Sign in", "로그인"))
	p.client = client
}

// walkClassic signs in on the classic pages, which offer the session at the next sign-in.
func (p *place) walkClassic(email string) {
	p.t.Helper()
	p.call("AdminCreateUser", object{"UserPoolId": p.pool, "Username": email, "MessageAction": "SUPPRESS"})
	p.call("AdminSetUserPassword", object{"UserPoolId": p.pool, "Username": email, "Password": pagePassword,
		"Permanent": true})
	p.authorizes("Sign in")
	p.looks("classic")
	p.fills("username", email, "password", pagePassword)
	p.exchanges()
	p.opens("/login?"+p.query(), "You are signed in")
	p.looks("stay")
	p.presses(`form:has([name="stay"]) button`)
	p.sees("App")
	p.signsOut()
}

// People sign up and in on the pages in a browser, in English and Korean; axe finds no fault with any page.
func TestHostedPages(t *testing.T) {
	h := newHosted(t)
	choice := h.pool(2, object{"UsernameAttributes": []string{"email"},
		"Schema": []object{{"Name": "name", "Required": true}},
		"Policies": object{"SignInPolicy": object{
			"AllowedFirstAuthFactors": []string{"PASSWORD", "WEB_AUTHN", "EMAIL_OTP"}}}}, nil)
	strict := h.pool(2, object{"UsernameAttributes": []string{"email"}}, nil)
	h.call("SetUserPoolMfaConfig", object{"UserPoolId": strict.pool, "MfaConfiguration": "ON",
		"SoftwareTokenMfaConfiguration": object{"Enabled": true}})
	for _, language := range []string{"en", "ko"} {
		choice.language, strict.language = language, language
		if h.folder != "" || language == "ko" {
			choice.walkPasskeys("seoyeon-" + language + "@example.org")
		}
		if h.folder != "" || language == "en" {
			strict.walkMFA("paul-" + language + "@example.org")
		}
	}
	strict.walkRest()
	classic := h.pool(1, nil, nil)
	classic.walkClassic("ines")
	t.Logf("looked at %d pages", len(h.looked))
}
