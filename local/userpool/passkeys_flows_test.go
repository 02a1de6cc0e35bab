package userpool

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/webauthn"
	"cognito-triggers/local/userpool/webauthn/authenticator"
)

// havingPasskeys is a pool whose users begin with a password or a passkey.
var havingPasskeys = setup{pool: signInPolicy("WEB_AUTHN"), client: withChoice}

func passkeyFlows() map[string]flowCase {
	events := []string{firesPre, firesPost, firesTokens}
	return map[string]flowCase{
		"USER_AUTH, WEB_AUTHN": {setup: havingPasskeys, given: ownsPasskey, events: events, steps: []func(*stage) error{
			initiate("USER_AUTH", "PREFERRED_CHALLENGE", "WEB_AUTHN"), answerWithPasskey,
		}},
		"USER_AUTH, select WEB_AUTHN": {setup: havingPasskeys, given: ownsPasskey, events: events,
			steps: []func(*stage) error{
				initiate("USER_AUTH"), answering("SELECT_CHALLENGE", "ANSWER", "WEB_AUTHN"), answerWithPasskey,
			}},
		"USER_AUTH, WEB_AUTHN in place of MFA": {setup: havingPasskeys, events: events,
			given: func(s *stage) {
				ownsPasskey(s)
				s.requireMFA("ON")
			},
			steps: []func(*stage) error{
				initiate("USER_AUTH", "PREFERRED_CHALLENGE", "WEB_AUTHN"), answerWithPasskey,
			}},
	}
}

// ownsPasskey makes a user with a passkey.
func ownsPasskey(s *stage) {
	s.confirmed(ines)
	var err error
	s.passkey, err = authenticator.New(webauthn.ES256)
	s.must(err)
	key, err := s.passkey.Key()
	s.must(err)
	_, err = s.SetUserPoolMfaConfig(s.t.Context(), &cip.SetUserPoolMfaConfigInput{UserPoolId: s.pool,
		WebAuthnConfiguration: &types.WebAuthnConfigurationType{RelyingPartyId: aws.String(passkeyDomain)}})
	s.must(err)
	u, err := s.server.Store().FindUser(*s.pool, ines)
	s.must(err)
	_, err = s.server.Store().UpdateUser(*s.pool, u.Username, state.KeepAliases, func(u *state.User) error {
		u.Passkeys = []state.Passkey{{ID: s.passkey.ID, Key: key, RelyingParty: passkeyDomain}}
		return nil
	})
	s.must(err)
}

// requireMFA turns authenticator apps on, with passkeys for both factors.
func (s *stage) requireMFA(mode string) {
	s.t.Helper()
	_, err := s.SetUserPoolMfaConfig(s.t.Context(), &cip.SetUserPoolMfaConfigInput{UserPoolId: s.pool,
		MfaConfiguration:              types.UserPoolMfaType(mode),
		SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
		WebAuthnConfiguration: &types.WebAuthnConfigurationType{RelyingPartyId: aws.String(passkeyDomain),
			FactorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION"}})
	s.must(err)
}

func answerWithPasskey(s *stage) error {
	credential, err := s.passkey.Get(s.asked["CREDENTIAL_REQUEST_OPTIONS"], passkeyPage)
	if err != nil {
		return err
	}
	return answering("WEB_AUTHN", "CREDENTIAL", credential)(s)
}

// Whether a user with a passkey is offered it where a second factor is demanded, and what the passkey must show.
func TestPasskeysAndMFA(t *testing.T) {
	t.Parallel()
	const both = "MULTI_FACTOR_WITH_USER_VERIFICATION"
	totp := object{"Enabled": true}
	for name, c := range map[string]struct {
		mode, factor     string
		app, preference  bool // the user has an authenticator app, and wants passkeys as second factor
		offered, refused bool // the passkey is offered, and refused without user verification
	}{
		"OFF":                            {mode: "OFF", offered: true},
		"OPTIONAL, user without MFA":     {mode: "OPTIONAL", offered: true},
		"OPTIONAL, user with MFA":        {mode: "OPTIONAL", app: true},
		"OPTIONAL, both, not the user's": {mode: "OPTIONAL", factor: both, app: true},
		"OPTIONAL, both, user's choice": {mode: "OPTIONAL", factor: both, app: true, preference: true, offered: true,
			refused: true},
		"OPTIONAL, both, user without MFA": {mode: "OPTIONAL", factor: both, offered: true},
		"ON, both":                         {mode: "ON", factor: both, offered: true, refused: true},
		"ON, both, user with an app":       {mode: "ON", factor: both, app: true, offered: true, refused: true},
		"ON, both, and the user's choice": {mode: "ON", factor: both, app: true, preference: true, offered: true,
			refused: true},
		"OPTIONAL, single, user without it": {mode: "OPTIONAL", factor: "SINGLE_FACTOR", offered: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startPasskeys(t, object{"Policies": object{"SignInPolicy": object{
				"AllowedFirstAuthFactors": []string{"PASSWORD", "WEB_AUTHN"}}}})
			a, access := d.passkey("ines"), d.access("ines")
			if c.app {
				d.addApp(access)
			}
			config := object{"MfaConfiguration": c.mode,
				"WebAuthnConfiguration": object{"RelyingPartyId": passkeyDomain, "FactorConfiguration": c.factor}}
			if c.factor == "" {
				delete(config["WebAuthnConfiguration"].(object), "FactorConfiguration")
			}
			if c.mode != "OFF" {
				config["SoftwareTokenMfaConfiguration"] = totp
			}
			d.do("SetUserPoolMfaConfig", config)
			if c.preference {
				d.do("SetUserMFAPreference", object{"AccessToken": access, "WebAuthnMfaSettings": object{"Enabled": true}})
			}
			out := d.do("InitiateAuth", withPasskey("ines"))
			if offered := out["ChallengeName"] == "WEB_AUTHN"; offered != c.offered {
				t.Fatalf("offered: %t, want %t: %v", offered, c.offered, out)
			}
			if !c.offered {
				return
			}
			verification := "preferred"
			if c.refused {
				verification = "required"
			}
			session, options := d.asked("ines")
			if got := userVerification(t, options); got != verification {
				t.Errorf("user verification is %s, want %s", got, verification)
			}
			unverified := proof("ines", session, d.signed(a, options,
				func(a *authenticator.Answer) { a.Flags &^= authenticator.UserVerified }))
			if c.refused {
				d.fails("RespondToAuthChallenge", unverified, "NotAuthorizedException", passkeyFailed)
			} else {
				d.do("RespondToAuthChallenge", unverified)
			}
			session, options = d.asked("ines")
			if got := d.do("RespondToAuthChallenge", proof("ines", session, d.signed(a, options))); at(got,
				"AuthenticationResult.AccessToken") == nil {
				t.Errorf("a verified passkey is not enough: %v", got)
			}
		})
	}
}

// addApp turns an authenticator app on for the user of an access token.
func (d *direct) addApp(access string) {
	d.t.Helper()
	d.do("SetUserPoolMfaConfig", object{"MfaConfiguration": "OPTIONAL",
		"SoftwareTokenMfaConfiguration": object{"Enabled": true}})
	secret := d.do("AssociateSoftwareToken", object{"AccessToken": access})["SecretCode"].(string)
	d.do("VerifySoftwareToken", object{"AccessToken": access, "UserCode": d.totpCode(secret)})
	d.do("SetUserMFAPreference", object{"AccessToken": access, "SoftwareTokenMfaSettings": object{"Enabled": true}})
}

func userVerification(t *testing.T, options string) string {
	t.Helper()
	var asked struct{ UserVerification string }
	if err := json.Unmarshal([]byte(options), &asked); err != nil {
		t.Fatal(err)
	}
	return asked.UserVerification
}
