package userpool

import (
	"encoding/json"
	"testing"

	"cognito-triggers/local/userpool/webauthn"
	"cognito-triggers/local/userpool/webauthn/authenticator"
)

const (
	passkeyDomain = "example.org"
	passkeyPage   = "https://app.example.org"
)

// spoil changes what a browser answers before it is signed.
type spoil = func(*authenticator.Answer)

// startPasskeys starts a pool whose users sign in with passkeys, and Ines.
func startPasskeys(t testing.TB, pool object, set ...func(*Options)) *direct {
	t.Helper()
	d := startDirect(t, with(object{"Policies": object{"SignInPolicy": object{
		"AllowedFirstAuthFactors": []string{"PASSWORD", "EMAIL_OTP", "WEB_AUTHN"}}}}, pool),
		object{"PreventUserExistenceErrors": "ENABLED", "ExplicitAuthFlows": []string{
			"ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}, set...)
	d.relyingParty(object{"RelyingPartyId": passkeyDomain})
	d.user("ines")
	return d
}

// relyingParty sets the rules for passkeys.
func (d *direct) relyingParty(rules object) {
	d.t.Helper()
	d.do("SetUserPoolMfaConfig", object{"WebAuthnConfiguration": rules})
}

// access signs a user in with the password and returns the access token.
func (d *direct) access(name string) string {
	d.t.Helper()
	return at(d.signIn(name), "AuthenticationResult.AccessToken").(string)
}

func newAuthenticator(t testing.TB, algorithm int) *authenticator.Authenticator {
	t.Helper()
	a, err := authenticator.New(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// created returns an authenticator's answer to the start of a registration.
func (d *direct) created(a *authenticator.Authenticator, access string, spoil ...spoil) json.RawMessage {
	d.t.Helper()
	options, err := json.Marshal(d.do("StartWebAuthnRegistration",
		object{"AccessToken": access})["CredentialCreationOptions"])
	if err != nil {
		d.t.Fatal(err)
	}
	credential, err := a.Create(options, passkeyPage, spoil...)
	if err != nil {
		d.t.Fatal(err)
	}
	return credential
}

// passkey registers a passkey of a user.
func (d *direct) passkey(name string, spoil ...spoil) *authenticator.Authenticator {
	d.t.Helper()
	a, access := newAuthenticator(d.t, webauthn.ES256), d.access(name)
	d.do("CompleteWebAuthnRegistration", object{"AccessToken": access, "Credential": d.created(a, access, spoil...)})
	return a
}

func withPasskey(name string) object {
	return object{"AuthFlow": "USER_AUTH", "AuthParameters": object{"USERNAME": name, "PREFERRED_CHALLENGE": "WEB_AUTHN"}}
}

// asked begins a sign-in with a passkey and returns the answer and the options.
func (d *direct) asked(name string) (session, options string) {
	d.t.Helper()
	out := d.do("InitiateAuth", withPasskey(name))
	parameters, _ := out["ChallengeParameters"].(object)
	options, _ = parameters["CREDENTIAL_REQUEST_OPTIONS"].(string)
	if out["ChallengeName"] != "WEB_AUTHN" || options == "" {
		d.t.Fatalf("asked for %v", out)
	}
	return out["Session"].(string), options
}

func (d *direct) signed(a *authenticator.Authenticator, options string, spoil ...spoil) string {
	d.t.Helper()
	credential, err := a.Get(options, passkeyPage, spoil...)
	if err != nil {
		d.t.Fatal(err)
	}
	return credential
}

// proof returns the answer to WEB_AUTHN.
func proof(name, session, credential string) object {
	return object{"ChallengeName": "WEB_AUTHN", "Session": session,
		"ChallengeResponses": object{"USERNAME": name, "CREDENTIAL": credential}}
}
