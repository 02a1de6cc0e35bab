package userpool

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

const (
	firstSignIn = "InboundFederation_ExternalProvider PreSignUp_ExternalProvider PostConfirmation_ConfirmSignUp " +
		"TokenGeneration_HostedAuth "
	laterSignIn = "InboundFederation_ExternalProvider PreAuthentication_Authentication " +
		"PostAuthentication_Authentication TokenGeneration_HostedAuth "
)

// A sign-in at a provider, from the app to the tokens, and a second one with changed attributes.
func TestSignInAtAProvider(t *testing.T) {
	t.Parallel()
	f := startFederatedBrowser(t, nil)
	f.goTo("Acme", url.Values{"login_hint": {"ines@acme.example"}})
	claims := claimsOf(t, f.tokens()["id_token"])
	if claims["cognito:username"] != "Acme_00u1x9" || claims["email"] != "ines@acme.example" ||
		claims["email_verified"] != false || claims["identities"] == nil || claims["nonce"] == nil ||
		claims["cognito:groups"].([]any)[0] != f.pool+"_Acme" {
		t.Errorf("claims %v", claims)
	}
	if got := f.fired(); got != firstSignIn {
		t.Errorf("fired %s", got)
	}
	asked, given := f.idp.asked, f.idp.given
	if asked.Get("nonce") == "" || asked.Get("login_hint") != "ines@acme.example" || asked.Get("code_challenge") != "" ||
		asked.Get("redirect_uri") != f.domain.URL+"/oauth2/idpresponse" || asked.Get("scope") != "openid email" {
		t.Errorf("the provider was asked %v", asked)
	}
	if given.Get("client_secret") != "s-1" || f.idp.headers.Get("Authorization") != "" ||
		f.idp.headers.Get("User-Agent") != "Amazon/Cognito" {
		t.Errorf("the token endpoint got %v, headers %v", given, f.idp.headers)
	}
	user := f.do("AdminGetUser", object{"Username": "Acme_00u1x9"})
	if user["UserStatus"] != "EXTERNAL_PROVIDER" || !strings.Contains(text(t, user), `"[Eng,Ops]"`) {
		t.Errorf("user %v", user)
	}
	f.goTo("Acme", nil) // the session spares the sign-in
	if claims := claimsOf(t, f.tokens()["id_token"]); claims["nonce"] != nil {
		t.Errorf("a session's ID token has the nonce %v", claims["nonce"])
	}
	if got := f.fired(); got != "TokenGeneration_HostedAuth " {
		t.Errorf("fired %s", got)
	}
	f.idp.claims = object{"email": "ines@new.example", "groups": []string{"Ops"}}
	f.goTo("Acme", url.Values{"prompt": {"login"}, "nonce": {"n-1"}})
	claims = claimsOf(t, f.tokens()["id_token"])
	if claims["email"] != "ines@new.example" || claims["nonce"] != "n-1" {
		t.Errorf("claims %v", claims)
	}
	if got := f.fired(); got != laterSignIn {
		t.Errorf("fired %s", got)
	}
}

// Who asks for a provider that the app client does not have sees the sign-in page.
func TestUnknownProviders(t *testing.T) {
	t.Parallel()
	f := startFederatedBrowser(t, nil)
	f.provide("Other", "OIDC", object{"oidc_issuer": f.idp.url})
	for _, name := range []string{"acme", "Other", "nobody"} {
		f.goTo(name, nil)
		if f.at.Path != "/login" || !strings.Contains(f.page, "Login option is not available. Please try another one") {
			t.Errorf("%s: the browser is at %s\n%s", name, f.at, f.page)
		}
	}
	f.do("UpdateIdentityProvider", object{"ProviderName": "Acme", "IdpIdentifiers": []string{"acme.example"}})
	f.authorize(url.Values{"idp_identifier": {"acme.example"}})
	f.atTheApp()
}

// A session at one provider does not spare the sign-in at another, nor that with a password.
func TestSessionsBelongToTheirProvider(t *testing.T) {
	t.Parallel()
	f := startFederatedBrowser(t, nil)
	f.goTo("Acme", nil)
	f.atTheApp()
	f.goTo("COGNITO", nil)
	if f.at.Path != "/login" {
		t.Errorf("the browser is at %s", f.at)
	}
	f.goTo("COGNITO", url.Values{"prompt": {"none"}})
	f.refused("login_required", "")
	f.goTo("Acme", url.Values{"prompt": {"none"}})
	f.atTheApp()
}

// What a trigger or a rule says of a federated sign-in reaches the app at its callback.
func TestFederatedErrorsAtTheCallback(t *testing.T) {
	t.Parallel()
	refuses := func(source, text string) func(f *federatedBrowser) {
		return func(f *federatedBrowser) {
			f.functions.on(source, func(map[string]any) (any, error) { return nil, errors.New(text) })
		}
	}
	for name, c := range map[string]struct {
		given             func(f *federatedBrowser)
		pool              object
		code, description string
		later             bool // a sign-in before
	}{
		"pre sign-up": {given: refuses("PreSignUp_ExternalProvider", "not from here"),
			code: "invalid_request", description: "PreSignUp failed with error not from here. "},
		"inbound federation": {given: refuses("InboundFederation_ExternalProvider", "no"),
			code: "invalid_request", description: "InboundFederation failed with error no. "},
		"pre authentication": {given: refuses("PreAuthentication_Authentication", "closed"), later: true,
			code: "invalid_request", description: "PreAuthentication failed with error closed. "},
		"immutable": {pool: object{"Schema": []object{{"Name": "email", "Required": true, "Mutable": false}}}, later: true,
			given: func(f *federatedBrowser) {
				f.do("UpdateIdentityProvider", object{"ProviderName": "Acme", "AttributeMapping": object{"email": "email"}})
				f.idp.claims = object{"email": "other@acme.example"}
			},
			code: "invalid_request", description: "Invalid user attributes: email: Attribute cannot be updated."},
		"the provider refuses": {
			given: func(f *federatedBrowser) { f.idp.answer = url.Values{"error": {"access_denied"}, "code": nil} },
			code:  "invalid_request", description: "access_denied"},
		"the token endpoint refuses": {given: func(f *federatedBrowser) { f.idp.status = 401 },
			code: "invalid_request", description: "Acme Error - 401 error getting token"},
		"disabled": {later: true, given: func(f *federatedBrowser) {
			f.do("AdminDisableUser", object{"Username": "Acme_00u1x9"})
		}, code: "invalid_request", description: "User is disabled."},
		"the provider is gone": {later: true, given: func(f *federatedBrowser) {
			f.idp.document = object{"issuer": "https://elsewhere.example"}
		}, code: "invalid_request", description: "Acme Error - cannot use the discovery document: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFederatedBrowser(t, c.pool)
			if c.later {
				mapping := object{"email": "email"}
				f.do("UpdateIdentityProvider", object{"ProviderName": "Acme", "AttributeMapping": mapping})
				f.goTo("Acme", nil)
				f.atTheApp()
			}
			c.given(f)
			f.goTo("Acme", url.Values{"prompt": {"login"}})
			if got := f.at.Query().Get("error_description"); strings.HasSuffix(c.description, ": ") &&
				strings.HasPrefix(got, c.description) {
				c.description = got
			}
			f.refused(c.code, c.description)
		})
	}
}

// linkInPreSignUp makes pre sign-up link the identity to a local user.
func (f *federatedBrowser) linkInPreSignUp(name string) {
	f.t.Helper()
	f.user(name, "email", "ines@acme.example")
	f.functions.on("PreSignUp_ExternalProvider", func(event map[string]any) (any, error) {
		f.do("AdminLinkProviderForUser", object{
			"DestinationUser": object{"ProviderName": "Cognito", "ProviderAttributeValue": name},
			"SourceUser": object{"ProviderName": "Acme", "ProviderAttributeName": "Cognito_Subject",
				"ProviderAttributeValue": "00u1x9"}})
		return event["response"], nil
	})
	f.functions.take()
}

// The sign-in in which pre sign-up links fails, and the next one is the local user's.
func TestLinkingAtTheFirstSignIn(t *testing.T) {
	t.Parallel()
	f := startFederatedBrowser(t, nil)
	f.linkInPreSignUp("ines")
	f.goTo("Acme", nil)
	f.refused("invalid_request", "Already found an entry for username Acme_00u1x9")
	f.goTo("Acme", nil)
	claims := claimsOf(t, f.tokens()["id_token"])
	if claims["cognito:username"] != "ines" || claims["cognito:groups"] != nil || claims["given_name"] != nil {
		t.Errorf("claims %v", claims) // the scopes of the request do not have the given name
	}
}

// By choice, the sign-in in which pre sign-up links goes on as the local user's.
func TestLinkingContinues(t *testing.T) {
	t.Parallel()
	f := startFederatedBrowser(t, nil, func(o *Options) { o.LinkingContinues, o.NonceOfAppAlone = true, true })
	f.linkInPreSignUp("ines")
	f.goTo("Acme", nil)
	if claims := claimsOf(t, f.tokens()["id_token"]); claims["cognito:username"] != "ines" || claims["nonce"] != nil {
		t.Errorf("claims %v", claims)
	}
}

// A provider without a discovery document has its four addresses in the settings; claims of the attributes' address lie
// beneath those of the ID token.
func TestProviderWithoutDiscovery(t *testing.T) {
	t.Parallel()
	f := startFederatedBrowser(t, nil)
	f.idp.document = object{"issuer": "https://elsewhere.example"}
	at := f.idp.url
	f.idp.info = object{"sub": "00u1x9", "email": "beneath@acme.example", "given_name": "Ines", "groups": []any{}}
	f.do("UpdateIdentityProvider", object{"ProviderName": "Acme", "ProviderDetails": object{"client_id": "pool-at-acme",
		"client_secret": "s-1", "authorize_scopes": "openid", "attributes_request_method": "POST", "oidc_issuer": at,
		"authorize_url": at + "/authorize", "token_url": at + "/token", "attributes_url": at + "/me",
		"jwks_uri": at + "/keys"}})
	f.goTo("Acme", nil)
	f.atTheApp()
	user := text(t, f.do("AdminGetUser", object{"Username": "Acme_00u1x9"}))
	if !strings.Contains(user, "ines@acme.example") || !strings.Contains(user, `"Ines"`) {
		t.Errorf("user %s", user)
	}
	if f.idp.method != "POST" {
		t.Errorf("the attributes were asked for by %s", f.idp.method)
	}
}

// Settings of a provider that no sign-in could use are refused when they are made, and when they change.
func TestProviderSettingsThatAreRefused(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, nil)
	good := object{"client_id": "x", "authorize_scopes": "openid", "oidc_issuer": "https://acme.example"}
	for name, c := range map[string]struct {
		provider object
		words    string
	}{
		"a long name":     {object{"ProviderName": strings.Repeat("a", 33)}, "less than or equal to 32"},
		"an underscore":   {object{"ProviderName": "acme_"}, "providerName"},
		"an unknown type": {object{"ProviderType": "LDAP"}, "providerType"},
		"an identifier":   {object{"IdpIdentifiers": []string{strings.Repeat("a", 41)}}, "idpIdentifiers"},
		"no issuer":       {object{"ProviderDetails": with(good, object{"oidc_issuer": ""})}, "need oidc_issuer"},
		"a file as issuer": {object{"ProviderDetails": with(good, object{"oidc_issuer": "file:///etc/passwd"})},
			"oidc_issuer in ProviderDetails is not a URL"},
		"another method": {object{"ProviderDetails": with(good, object{"attributes_request_method": "PUT"})},
			"use GET or POST"},
		"SAML without metadata": {object{"ProviderType": "SAML", "ProviderDetails": object{}},
			"need MetadataURL or MetadataFile"},
	} {
		t.Run(name, func(t *testing.T) {
			d.fails("CreateIdentityProvider", with(object{"ProviderName": "acme", "ProviderType": "OIDC",
				"ProviderDetails": good}, c.provider), "InvalidParameterException", c.words)
		})
	}
	d.do("CreateIdentityProvider", object{"ProviderName": "acme", "ProviderType": "OIDC", "ProviderDetails": good})
	d.fails("UpdateIdentityProvider", object{"ProviderName": "acme", "ProviderDetails": object{}},
		"InvalidParameterException", "need client_id")
}
