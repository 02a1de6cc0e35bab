package webauthn

import (
	"crypto/sha256"
	"crypto/subtle"
)

// Assertion is the answer to navigator.credentials.get.
type Assertion struct {
	id, user          []byte
	client            clientData
	authData          authenticatorData
	signed, signature []byte
}

// maxSignature bounds a signature's size, in bytes: one by the largest key.
const maxSignature = maxModulus

// ParseAssertion decodes the JSON of an assertion: what PublicKeyCredential.toJSON returns.
func ParseAssertion(text []byte) (a Assertion, err error) {
	var in struct {
		answer
		Response struct {
			ClientDataJSON    bytes
			AuthenticatorData bytes
			Signature         bytes
			UserHandle        bytes
		}
	}
	if err := decode(text, &in); err != nil {
		return a, err
	}
	if err := in.check(); err != nil {
		return a, err
	}
	if len(in.Response.Signature) == 0 || len(in.Response.Signature) > maxSignature {
		return a, ErrMalformed
	}
	if a.client, err = parseClientData(in.Response.ClientDataJSON); err != nil {
		return a, err
	}
	if a.authData, err = parseAuthenticatorData(in.Response.AuthenticatorData); err != nil {
		return a, err
	}
	sum := sha256.Sum256(in.Response.ClientDataJSON)
	a.id, a.user, a.signature = in.ID, in.Response.UserHandle, in.Response.Signature
	a.signed = append(append([]byte{}, in.Response.AuthenticatorData...), sum[:]...)
	return a, nil
}

// ID returns the id of the credential that the assertion claims to be by.
func (a Assertion) ID() []byte { return a.id }

// Challenge returns the challenge that the browser answered, before anything is checked.
func (a Assertion) Challenge() string { return a.client.challenge }

// Verify checks that the assertion is by a user's credential and fits the ceremony. It returns the authenticator's
// counter of signatures, which must be stored if, by WentUp, nothing newer was stored meanwhile.
func (a Assertion) Verify(c Ceremony, of Credential, user string) (counter uint32, err error) {
	if subtle.ConstantTimeCompare(a.id, of.ID) != 1 || len(a.user) > 0 && string(a.user) != user {
		return 0, ErrUser
	}
	if err := a.client.check(get, c); err != nil {
		return 0, err
	}
	if err := a.authData.check(c); err != nil {
		return 0, err
	}
	if a.authData.has(backupEligible) != of.BackupEligible {
		return 0, ErrMalformed
	}
	right, err := signed(of.Key, a.signed, a.signature)
	switch {
	case err != nil:
		return 0, err
	case !right:
		return 0, ErrSignature
	case !WentUp(of.Counter, a.authData.counter):
		return 0, ErrCounter
	}
	return a.authData.counter, nil
}

// WentUp reports whether a counter of signatures may follow another one. An authenticator without a counter says 0
// every time.
func WentUp(from, to uint32) bool { return to > from || from == 0 && to == 0 }
