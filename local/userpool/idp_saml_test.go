package userpool

import (
	"crypto/x509"
	"encoding/base64"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A sign-in at a SAML provider, and a second one with changed attributes.
func TestSignInAtASAMLProvider(t *testing.T) {
	t.Parallel()
	f, p := startSAMLBrowser(t, object{"RequestSigningAlgorithm": "rsa-sha256"})
	f.goTo("Corp", nil)
	if p.asked.Issuer != "urn:amazon:cognito:sp:"+f.pool || p.asked.ACS != f.domain.URL+"/saml2/idpresponse" ||
		p.query.Get("Signature") == "" || len(p.relay) > 80 {
		t.Errorf("the provider was asked %+v by %v", p.asked, p.query)
	}
	f.press()
	claims := claimsOf(t, f.tokens()["id_token"])
	if claims["cognito:username"] != "Corp_ines-7" || claims["email"] != "ines@acme.example" {
		t.Errorf("claims %v", claims)
	}
	if got := f.fired(); got != firstSignIn {
		t.Errorf("fired %s", got)
	}
	user := text(t, f.do("AdminGetUser", object{"Username": "Corp_ines-7"}))
	if !strings.Contains(user, `"[Eng,Ops+%26+QA]"`) || !strings.Contains(user, `\"providerType\":\"SAML\"`) {
		t.Errorf("user %s", user)
	}
	p.change = func(a *assertion) { a.attributes["mail"] = []string{"ines@new.example"} }
	f.goTo("Corp", url.Values{"prompt": {"login"}})
	f.press()
	if claims := claimsOf(t, f.tokens()["id_token"]); claims["email"] != "ines@new.example" {
		t.Errorf("claims %v", claims)
	}
	if got := f.fired(); got != laterSignIn {
		t.Errorf("fired %s", got)
	}
}

// Responses that are not the provider's answer to this sign-in. Without the check of each, the sign-in would succeed.
func TestSAMLResponsesThatAreRefused(t *testing.T) {
	t.Parallel()
	f, p := startSAMLBrowser(t, nil)
	const invalid = "Invalid SAML response received: "
	evil := func(text string) string { return strings.ReplaceAll(text, "ines-7", "admin") }
	signedPart := regexp.MustCompile(`(?s)<saml:Assertion.*</saml:Assertion>`)
	for name, c := range map[string]struct {
		change func(*assertion)
		wrap   func(string) string
		want   string
	}{
		"changed after it was signed": {wrap: evil, want: "SAML Assertion signature is invalid."},
		"no signature": {wrap: func(text string) string {
			return regexp.MustCompile(`(?s)<ds:Signature.*</ds:Signature>`).ReplaceAllString(text, "")
		}, want: "SAML response is not valid: "},
		// The signature stays valid for the original, and another assertion stands where the subject is read.
		"wrapped: the forged one first": {wrap: func(text string) string {
			signed := signedPart.FindString(text)
			forged := regexp.MustCompile(`(?s)<ds:Signature.*</ds:Signature>`).ReplaceAllString(evil(signed), "")
			return strings.Replace(text, signed, strings.Replace(forged, `ID="_a`, `ID="_b`, 1)+signed, 1)
		}, want: "SAML response is not valid: "},
		"wrapped: the signed one inside the forged one": {wrap: func(text string) string {
			signed := signedPart.FindString(text)
			forged := strings.Replace(evil(signed), `ID="_a`, `ID="_b`, 1)
			forged = strings.Replace(forged, "</ds:Signature>", "<ds:Object>"+signed+"</ds:Object></ds:Signature>", 1)
			return strings.Replace(text, signed, forged, 1)
		}, want: "SAML Assertion signature is invalid."},
		"wrapped: the signed one in an extension": {wrap: func(text string) string {
			signed := signedPart.FindString(text)
			forged := strings.Replace(evil(signed), `ID="_a`, `ID="_b`, 1)
			return strings.Replace(text, signed, "<samlp:Extensions>"+signed+"</samlp:Extensions>"+forged, 1)
		}, want: "SAML Assertion signature is invalid."},
		"a comment in the name": {change: func(a *assertion) { a.name = "admin@corp.example<!-- -->.evil.example" },
			want: ""},
		"an external entity": {wrap: func(text string) string {
			return `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>` + strings.Replace(text, "ines-7", "&x;", 1)
		}, want: "SAML response is not valid: "},
		"entities that grow": {wrap: func(text string) string {
			return `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>` +
				strings.Replace(text, "ines-7", "&b;&b;", 1)
		}, want: "SAML response is not valid: "},
		"another audience": {change: func(a *assertion) { a.audience = "urn:amazon:cognito:sp:eu-west-1_Other" },
			want: "SAML response is not valid: "},
		"another recipient": {change: func(a *assertion) { a.recipient = "https://evil.example/saml2/idpresponse" },
			want: "SAML Destination is not this domain."},
		"another issuer": {change: func(a *assertion) { a.issuer = "https://other.example/idp" },
			want: "SAML Issuer is another provider."},
		"another request": {change: func(a *assertion) { a.inResponseTo = "id-of-somebody-else" },
			want: "SAML InResponseTo is not that of this sign-in."},
		"no request": {change: func(a *assertion) { a.inResponseTo = "" },
			want: "SAML InResponseTo is not that of this sign-in."},
		"expired": {change: func(a *assertion) {
			a.issued, a.until = testNow.Add(-20*time.Minute), testNow.Add(-15*time.Minute)
		}, want: "SAML Assertion has expired."},
	} {
		t.Run(name, func(t *testing.T) {
			p.change, p.wrap = c.change, c.wrap
			f.goTo("Corp", url.Values{"prompt": {"login"}})
			f.press()
			if c.want == "" { // taken, with the whole name or none: never with the part before the comment
				f.wholeName(t)
				return
			}
			got := f.at.Query()
			if got.Get("error") != "server_error" || !strings.HasPrefix(got.Get("error_description"), invalid+c.want) {
				t.Errorf("the browser is at %s, want %s%s", f.at, invalid, c.want)
			}
			if strings.Contains(f.at.String(), "root:") {
				t.Errorf("a file reached the callback: %s", f.at)
			}
		})
	}
	if status, _ := f.call("AdminGetUser", object{"Username": "Corp_admin"}); status == 200 {
		t.Error("the forged user exists")
	}
}

// wholeName fails if a user was made of the part of a name before a comment.
func (f *federatedBrowser) wholeName(t *testing.T) {
	t.Helper()
	if status, _ := f.call("AdminGetUser", object{"Username": "Corp_admin@corp.example"}); status == 200 {
		t.Error("a comment cuts the name")
	}
}

// A response is taken once, by the browser that was sent to the provider, and within five minutes.
func TestSAMLResponsesAreUsedOnce(t *testing.T) {
	t.Parallel()
	f, p := startSAMLBrowser(t, nil)
	f.goTo("Corp", nil)
	f.press()
	f.atTheApp()
	post := func(form url.Values) {
		f.show(f.client.PostForm(f.domain.URL+"/saml2/idpresponse", form))
	}
	post(p.sent)
	if f.at.Host == "app.example.org" || !strings.Contains(f.page, "Invalid relayState from identity provider") {
		t.Errorf("a second time: %s\n%s", f.at, f.page)
	}
	f.goTo("Corp", url.Values{"prompt": {"login"}})
	jar := f.client.Jar
	f.client.Jar = nil // another browser, in which an attacker's page posts the attacker's response
	post(p.sent)
	if f.at.Host == "app.example.org" || !strings.Contains(f.page, "Invalid relayState from identity provider") {
		t.Errorf("another browser: %s\n%s", f.at, f.page)
	}
	f.client.Jar = jar
	f.clock.Advance(6 * time.Minute)
	post(p.sent)
	if f.at.Host == "app.example.org" {
		t.Errorf("after six minutes: %s", f.at)
	}
	post(url.Values{"RelayState": {"x"}})
	if !strings.Contains(f.page, "Invalid samlResponse or relayState from identity provider") {
		t.Errorf("no response: %s", f.page)
	}
}

// A provider may begin a sign-in by itself if the pool allows it, and each of its assertions counts once.
func TestSignInThatASAMLProviderBegins(t *testing.T) {
	t.Parallel()
	for name, allowed := range map[string]string{"allowed": "true", "not allowed": "false"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, p := startSAMLBrowser(t, object{"IDPInit": allowed})
			answer := p.response(samlRequest{ACS: f.domain.URL + "/saml2/idpresponse",
				Issuer: "urn:amazon:cognito:sp:" + f.pool})
			form := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(answer))},
				"RelayState": {url.Values{"identity_provider": {"Corp"}, "client_id": {f.direct.client},
					"redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid email"}, "state": {"s-1"}}.Encode()}}
			f.show(f.client.PostForm(f.domain.URL+"/saml2/idpresponse", form))
			if allowed == "false" {
				if f.at.Host == "app.example.org" || !strings.Contains(f.page, "Invalid relayState from identity provider") {
					t.Errorf("the browser is at %s\n%s", f.at, f.page)
				}
				return
			}
			f.atTheApp()
			f.show(f.client.PostForm(f.domain.URL+"/saml2/idpresponse", form))
			f.refused("server_error", "Invalid SAML response received: SAML Assertion has been used before.")
		})
	}
}

// Signing out of the domain signs out at a SAML provider too, if its settings say so.
func TestSignOutAtASAMLProvider(t *testing.T) {
	t.Parallel()
	f, p := startSAMLBrowser(t, object{"IDPSignout": "true"})
	f.goTo("Corp", nil)
	f.press()
	f.atTheApp()
	bye := url.Values{"client_id": {f.direct.client}, "logout_uri": {"https://app.example.org/bye"}}
	f.open("/logout", bye)
	f.press()
	if f.at.String() != "https://app.example.org/bye" {
		t.Errorf("the browser is at %s\n%s", f.at, f.page)
	}
	f.show(f.client.PostForm(f.domain.URL+"/saml2/logout", p.sent))
	if !strings.Contains(f.page, "Invalid samlResponse or relayState from identity provider") {
		t.Errorf("the answer a second time: %s\n%s", f.at, f.page)
	}
	f.goTo("Corp", url.Values{"prompt": {"none"}})
	f.refused("login_required", "")
	f.open("/logout", bye) // nobody is signed in: the provider is not asked
	if f.at.String() != "https://app.example.org/bye" {
		t.Errorf("the browser is at %s", f.at)
	}
}

// Once the pool asks for encrypted responses, it takes no others, and its certificate encrypts for it.
func TestEncryptedSAMLResponses(t *testing.T) {
	t.Parallel()
	f, p := startSAMLBrowser(t, object{"EncryptedResponses": "true"})
	f.goTo("Corp", nil)
	f.press()
	f.refused("server_error", "Invalid SAML response received: SAML Assertion is not encrypted.")
	text, _ := f.do("GetSigningCertificate", object{})["Certificate"].(string)
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if years := certificate.NotAfter.Sub(testNow).Hours() / 24 / 365; years < 9.9 || years > 10.1 {
		t.Errorf("the certificate is valid for %.1f years", years)
	}
	described := f.do("DescribeIdentityProvider", object{"ProviderName": "Corp"})
	if at(described, "IdentityProvider.ProviderDetails.ActiveEncryptionCertificate") != text ||
		at(described, "IdentityProvider.ProviderDetails.SSORedirectBindingURI") != p.url+"/sso" {
		t.Errorf("the description is %v", described)
	}
	p.encryptFor = certificate
	f.goTo("Corp", nil)
	f.press()
	if claims := claimsOf(t, f.tokens()["id_token"]); claims["cognito:username"] != "Corp_ines-7" {
		t.Errorf("claims %v", claims)
	}
}
