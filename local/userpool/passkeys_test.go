package userpool

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"cognito-triggers/local/userpool/webauthn"
	"cognito-triggers/local/userpool/webauthn/authenticator"
)

// The options have the form of the AWS CLI's example.
func TestPasskeyCreationOptions(t *testing.T) {
	t.Parallel()
	d := startPasskeys(t, nil)
	access := d.access("ines")
	device := d.passkey("ines")
	got := d.do("StartWebAuthnRegistration", object{"AccessToken": access})["CredentialCreationOptions"].(object)
	challenge, _ := got["challenge"].(string)
	if len(challenge) != 22 { // 16 bytes
		t.Errorf("challenge %q", challenge)
	}
	sub := ""
	for _, a := range d.do("AdminGetUser", object{"Username": "ines"})["UserAttributes"].([]any) {
		if a.(object)["Name"] == "sub" {
			sub = a.(object)["Value"].(string)
		}
	}
	want := object{
		"authenticatorSelection": object{"requireResidentKey": true, "residentKey": "required",
			"userVerification": "preferred"},
		"challenge":          challenge,
		"excludeCredentials": []any{object{"id": webauthn.Encode(device.ID), "type": "public-key"}},
		"pubKeyCredParams": []any{object{"alg": -7.0, "type": "public-key"},
			object{"alg": -257.0, "type": "public-key"}},
		"rp": object{"id": passkeyDomain, "name": passkeyDomain}, "timeout": 60000.0,
		"user": object{"displayName": "ines", "id": webauthn.Encode([]byte(sub)), "name": "ines"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestPasskeysAreListed(t *testing.T) {
	t.Parallel()
	d := startPasskeys(t, nil)
	access := d.access("ines")
	if list := d.do("ListWebAuthnCredentials", object{"AccessToken": access})["Credentials"].([]any); len(list) != 0 {
		t.Errorf("nobody registered %v", list)
	}
	var ids []string
	for _, attachment := range []string{"platform", "cross-platform", ""} {
		a := newAuthenticator(t, webauthn.ES256)
		credential := d.created(a, access, func(a *authenticator.Answer) {
			a.Attachment, a.Transports = attachment, []string{"usb", "nfc"}
		})
		d.do("CompleteWebAuthnRegistration", object{"AccessToken": access, "Credential": credential})
		ids = append(ids, webauthn.Encode(a.ID))
	}
	page := d.do("ListWebAuthnCredentials", object{"AccessToken": access, "MaxResults": 2})
	first := page["Credentials"].([]any)
	want := object{"CredentialId": ids[1], "FriendlyCredentialName": "Roaming passkey", "RelyingPartyId": passkeyDomain,
		"AuthenticatorAttachment": "cross-platform", "AuthenticatorTransports": []any{"usb", "nfc"},
		"CreatedAt": float64(d.clock.Now().Unix())}
	if len(first) != 2 || !reflect.DeepEqual(first[1], want) {
		t.Errorf("got  %v\nwant %v", first, want)
	}
	rest := d.do("ListWebAuthnCredentials", object{"AccessToken": access, "NextToken": page["NextToken"]})
	last := rest["Credentials"].([]any)
	if len(last) != 1 || last[0].(object)["CredentialId"] != ids[2] || rest["NextToken"] != nil {
		t.Errorf("the second page: %v", rest)
	}
	d.fails("ListWebAuthnCredentials", object{"AccessToken": access, "MaxResults": 21}, "InvalidParameterException", "")
	d.fails("ListWebAuthnCredentials", object{"AccessToken": access, "NextToken": "x"}, "InvalidParameterException", "")
	d.do("DeleteWebAuthnCredential", object{"AccessToken": access, "CredentialId": ids[0]})
	d.fails("DeleteWebAuthnCredential", object{"AccessToken": access, "CredentialId": ids[0]},
		"ResourceNotFoundException", "The credential does not exist.")
	d.user("omar")
	d.fails("DeleteWebAuthnCredential", object{"AccessToken": d.access("omar"), "CredentialId": ids[1]},
		"ResourceNotFoundException", "")
	left := d.do("ListWebAuthnCredentials", object{"AccessToken": access})["Credentials"].([]any)
	if len(left) != 2 || left[0].(object)["CredentialId"] != ids[1] {
		t.Errorf("left: %v", left)
	}
}

// Each refusal of a registration has its name.
func TestPasskeyRegistrationIsRefused(t *testing.T) {
	t.Parallel()
	const invalid = "InvalidParameterException"
	complete := func(d *direct, spoil ...spoil) (string, object) {
		access := d.access("ines")
		return "CompleteWebAuthnRegistration", object{"AccessToken": access,
			"Credential": d.created(newAuthenticator(d.t, webauthn.ES256), access, spoil...)}
	}
	for name, c := range map[string]struct {
		request func(d *direct) (operation string, body object)
		want    string
	}{
		"not enabled": {request: func(d *direct) (string, object) {
			d.do("UpdateUserPool", object{})
			return "StartWebAuthnRegistration", object{"AccessToken": d.access("ines")}
		}, want: "WebAuthnNotEnabledException"},
		"not enabled any more": {request: func(d *direct) (string, object) {
			operation, body := complete(d)
			d.do("UpdateUserPool", object{})
			return operation, body
		}, want: "WebAuthnNotEnabledException"},
		"no relying party": {request: func(d *direct) (string, object) {
			d.relyingParty(object{"UserVerification": "preferred"})
			return "StartWebAuthnRegistration", object{"AccessToken": d.access("ines")}
		}, want: "WebAuthnConfigurationMissingException"},
		"made-up challenge": {request: func(d *direct) (string, object) {
			return complete(d, func(a *authenticator.Answer) { a.Challenge = webauthn.NewChallenge() })
		}, want: "WebAuthnChallengeNotFoundException"},
		"challenge of a sign-in": {request: func(d *direct) (string, object) {
			d.passkey("ines")
			_, options := d.asked("ines")
			var asked struct{ Challenge string }
			if err := json.Unmarshal([]byte(options), &asked); err != nil {
				d.t.Fatal(err)
			}
			return complete(d, func(a *authenticator.Answer) { a.Challenge = asked.Challenge })
		}, want: "WebAuthnChallengeNotFoundException"},
		"too late": {request: func(d *direct) (string, object) {
			operation, body := complete(d)
			d.clock.Advance(5*time.Minute + time.Second)
			return operation, body
		}, want: "WebAuthnChallengeNotFoundException"},
		"twice": {request: func(d *direct) (string, object) {
			operation, body := complete(d)
			d.do(operation, body)
			return operation, body
		}, want: "WebAuthnChallengeNotFoundException"},
		"again after a wrong answer": {request: func(d *direct) (string, object) {
			access := d.access("ines")
			challenge := ""
			wrong := d.created(newAuthenticator(d.t, webauthn.ES256), access, func(a *authenticator.Answer) {
				challenge, a.Origin = a.Challenge, "https://evil.test"
			})
			d.fails("CompleteWebAuthnRegistration", object{"AccessToken": access, "Credential": wrong},
				"WebAuthnOriginNotAllowedException", "")
			return complete(d, func(a *authenticator.Answer) { a.Challenge = challenge })
		}, want: "WebAuthnChallengeNotFoundException"},
		"challenge of another user": {request: func(d *direct) (string, object) {
			operation, body := complete(d)
			d.user("omar")
			body["AccessToken"] = d.access("omar")
			return operation, body
		}, want: "WebAuthnChallengeNotFoundException"},
		"another app client": {request: func(d *direct) (string, object) {
			operation, body := complete(d)
			d.client = at(d.do("CreateUserPoolClient", object{"ClientName": "other",
				"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH"}}), "UserPoolClient.ClientId").(string)
			body["AccessToken"] = d.access("ines")
			return operation, body
		}, want: "WebAuthnClientMismatchException"},
		"wrong origin": {request: func(d *direct) (string, object) {
			return complete(d, func(a *authenticator.Answer) { a.Origin = "https://evil.test" })
		}, want: "WebAuthnOriginNotAllowedException"},
		"wrong relying party": {request: func(d *direct) (string, object) {
			return complete(d, func(a *authenticator.Answer) { a.RelyingParty = "evil.test" })
		}, want: "WebAuthnRelyingPartyMismatchException"},
		"another relying party meanwhile": {request: func(d *direct) (string, object) {
			operation, body := complete(d)
			d.relyingParty(object{"RelyingPartyId": "app.example.org"})
			return operation, body
		}, want: "WebAuthnRelyingPartyMismatchException"},
		"another type": {request: func(d *direct) (string, object) {
			return complete(d, func(a *authenticator.Answer) { a.Type = "password" })
		}, want: "WebAuthnCredentialNotSupportedException"},
		"another algorithm": {request: func(d *direct) (string, object) {
			return complete(d, func(a *authenticator.Answer) { a.Key = []byte{0xa2, 0x01, 0x01, 0x03, 0x27} })
		}, want: "WebAuthnCredentialNotSupportedException"},
		"not verified": {request: func(d *direct) (string, object) {
			d.relyingParty(object{"RelyingPartyId": passkeyDomain, "UserVerification": "required"})
			return complete(d, func(a *authenticator.Answer) { a.Flags &^= authenticator.UserVerified })
		}, want: invalid},
		"a passkey that is registered": {request: func(d *direct) (string, object) {
			first := d.passkey("ines")
			return complete(d, func(a *authenticator.Answer) { a.ID = first.ID })
		}, want: invalid},
		"nothing": {request: func(d *direct) (string, object) {
			return "CompleteWebAuthnRegistration", object{"AccessToken": d.access("ines"), "Credential": object{}}
		}, want: invalid},
		"text": {request: func(d *direct) (string, object) {
			_, body := complete(d)
			body["Credential"] = string(body["Credential"].(json.RawMessage))
			return "CompleteWebAuthnRegistration", body
		}, want: invalid},
		"no access token": {request: ask("StartWebAuthnRegistration", object{"AccessToken": "a.b.c"}),
			want: "NotAuthorizedException"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startPasskeys(t, nil)
			operation, body := c.request(d)
			d.fails(operation, body, c.want, "")
		})
	}
}

// A user has at most 20 passkeys, also if more are registered at once.
func TestPasskeysAreBounded(t *testing.T) {
	t.Parallel()
	d := startPasskeys(t, nil)
	access := d.access("ines")
	for range 18 {
		d.do("CompleteWebAuthnRegistration",
			object{"AccessToken": access, "Credential": d.created(newAuthenticator(t, webauthn.ES256), access)})
	}
	var bodies []object
	for range 5 {
		bodies = append(bodies,
			object{"AccessToken": access, "Credential": d.created(newAuthenticator(t, webauthn.ES256), access)})
	}
	got := make(chan string, len(bodies))
	for _, body := range bodies {
		go func() {
			_, out := d.call("CompleteWebAuthnRegistration", body)
			got <- fmt.Sprint(out["__type"])
		}()
	}
	count := map[string]int{}
	for range bodies {
		count[<-got]++
	}
	if want := (map[string]int{"<nil>": 2, "LimitExceededException": 3}); !reflect.DeepEqual(count, want) {
		t.Errorf("answers %v, want %v", count, want)
	}
	d.fails("StartWebAuthnRegistration", object{"AccessToken": access}, "LimitExceededException", "at most 20")
	list := d.do("ListWebAuthnCredentials", object{"AccessToken": access})
	if n := len(list["Credentials"].([]any)); n != 20 || list["NextToken"] != nil {
		t.Errorf("%d passkeys, next page %v", n, list["NextToken"])
	}
}

// What the settings say: the relying party, or else the pool's domain, and whether the user must be verified.
func TestPasskeySettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rules, domain   object
		party, verified string
	}{
		"relying party": {rules: object{"RelyingPartyId": "example.org", "UserVerification": "required"},
			domain: object{"Domain": "people"}, party: "example.org", verified: "required"},
		"prefix domain": {rules: object{"UserVerification": "preferred"}, domain: object{"Domain": "people"},
			party: "people.auth.eu-west-1.amazoncognito.com", verified: "preferred"},
		"no rules": {domain: object{"Domain": "people"}, party: "people.auth.eu-west-1.amazoncognito.com",
			verified: "preferred"},
		"custom domain": {domain: object{"Domain": "auth.example.org", "CustomDomainConfig": object{
			"CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/a"}}, party: "auth.example.org",
			verified: "preferred"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startPasskeys(t, nil)
			d.do("CreateUserPoolDomain", c.domain)
			d.do("SetUserPoolMfaConfig", object{})
			if c.rules != nil {
				d.relyingParty(c.rules)
			}
			out := d.do("StartWebAuthnRegistration", object{"AccessToken": d.access("ines")})
			if party := at(out, "CredentialCreationOptions.rp.id"); party != c.party {
				t.Errorf("relying party %v, want %s", party, c.party)
			}
			if v := at(out, "CredentialCreationOptions.authenticatorSelection.userVerification"); v != c.verified {
				t.Errorf("verification %v, want %s", v, c.verified)
			}
		})
	}
	d := startPasskeys(t, nil)
	for name, rules := range map[string]object{
		"verification": {"UserVerification": "discouraged"}, "factor": {"FactorConfiguration": "TWO"},
		"long": {"RelyingPartyId": string(slices.Repeat([]byte("x"), 128))},
	} {
		t.Run(name, func(t *testing.T) {
			d.fails("SetUserPoolMfaConfig", object{"WebAuthnConfiguration": rules}, "InvalidParameterException",
				"webAuthnConfiguration.")
		})
	}
}
