package webauthn_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/webauthn"
	"cognito-triggers/local/userpool/webauthn/authenticator"
)

// The attestation object, in it the authenticator data and the key, as an authenticator would send them.
func FuzzAttestation(f *testing.F) {
	asked := webauthn.Ceremony{RelyingParty: domain, Challenge: "AAAAAAAAAAAAAAAAAAAAAA"}
	a := device(f, webauthn.ES256)
	key, err := a.Key()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{0xa0}, key, []byte{}, byte(authenticator.UserPresent))
	f.Add([]byte(strings.Repeat("\x81", 100)), []byte{0xbf, 0xff}, []byte{0xa1, 0x01, 0x01},
		byte(authenticator.UserPresent|authenticator.HasExtensions))
	f.Fuzz(func(t *testing.T, object, key, end []byte, flags byte) {
		for _, whole := range []bool{false, true} {
			_, _ = register(created(t, a, asked, func(answer *authenticator.Answer) {
				answer.Key, answer.ExtraDataAtEnd = key, end
				answer.Flags |= flags
				if whole {
					answer.AttestationData = object
				}
			}), asked)
		}
	})
}

// The parts of an assertion: what the browser says, what the authenticator says, and the signature. Nobody has the key,
// so none is accepted.
func FuzzAssertion(f *testing.F) {
	asked := webauthn.Ceremony{RelyingParty: domain, Challenge: "AAAAAAAAAAAAAAAAAAAAAA"}
	a := device(f, webauthn.ES256)
	of, err := register(created(f, a, asked), asked)
	if err != nil {
		f.Fatal(err)
	}
	var right struct {
		Response struct{ ClientDataJSON, AuthenticatorData, Signature string }
	}
	if err := json.Unmarshal(asserted(f, a, asked), &right); err != nil {
		f.Fatal(err)
	}
	part := func(encoded string) []byte {
		raw, err := base64.RawURLEncoding.DecodeString(encoded)
		if err != nil {
			f.Fatal(err)
		}
		return raw
	}
	f.Add(part(right.Response.ClientDataJSON), part(right.Response.AuthenticatorData), []byte{0x30, 0})
	f.Fuzz(func(t *testing.T, client, data, signature []byte) {
		text, err := json.Marshal(map[string]any{"id": webauthn.Encode(a.ID), "type": "public-key",
			"response": map[string]string{"clientDataJSON": webauthn.Encode(client),
				"authenticatorData": webauthn.Encode(data), "signature": webauthn.Encode(signature)}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := check(text, asked, of); err == nil {
			t.Errorf("accepted: %s", text)
		}
	})
}

// The JSON of a credential.
func FuzzCredential(f *testing.F) {
	asked := webauthn.Ceremony{RelyingParty: domain, Challenge: "AAAAAAAAAAAAAAAAAAAAAA"}
	f.Add(created(f, device(f, webauthn.ES256), asked))
	f.Fuzz(func(t *testing.T, text []byte) {
		if c, err := register(text, asked); err == nil && (len(c.ID) == 0 || len(c.Key) == 0) {
			t.Errorf("a credential without id or key: %+v", c)
		}
		_, _ = check(text, asked, webauthn.Credential{})
	})
}
