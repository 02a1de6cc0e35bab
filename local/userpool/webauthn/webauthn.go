// Package webauthn checks what a browser answers to navigator.credentials.create and get: who asked, for which relying
// party, with which key, signed by whom. It is the server's side of Web Authentication Level 3, as far as Cognito has
// it: keys for ES256 and RS256, and attestation that is not judged.
//
// CBOR is decoded by fxamacker/cbor, and signatures are checked by crypto/ecdsa and crypto/rsa; docs/architecture.md
// says why not by go-webauthn.
//
// See https://www.w3.org/TR/webauthn-3/
package webauthn

import (
	"encoding/base64"
	"encoding/json"
	"errors"
)

// What is wrong with a credential. The errors of this package wrap one of these.
var (
	ErrMalformed    = errors.New("the credential is not one")
	ErrUnsupported  = errors.New("the credential's type or key is not supported")
	ErrChallenge    = errors.New("the credential answers another question")
	ErrOrigin       = errors.New("the page does not belong to the relying party")
	ErrRelyingParty = errors.New("the credential belongs to another relying party")
	ErrPresence     = errors.New("the user was not there, or was not verified")
	ErrSignature    = errors.New("the signature is wrong")
	ErrCounter      = errors.New("the signature counter went back: the authenticator was copied")
	ErrUser         = errors.New("the credential belongs to another user")
)

// MaxCredential bounds the size of a credential's JSON, in bytes. Browsers send a few thousand.
const MaxCredential = 64 << 10

// publicKey is the only type of credentials.
const publicKey = "public-key"

// Ceremony is what an answer must fit.
type Ceremony struct {
	RelyingParty string // a domain
	Challenge    string // as it was sent, in base64url
	Verified     bool   // whether the authenticator must have verified the user, by a PIN or a finger
}

// bytes is binary data in JSON: base64url without padding.
type bytes []byte

// UnmarshalJSON implements json.Unmarshaler.
func (b *bytes) UnmarshalJSON(text []byte) error {
	var encoded string
	if err := json.Unmarshal(text, &encoded); err != nil {
		return err
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	*b = raw
	return err
}

// Encode returns binary data as it is written in JSON.
func Encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// answer is the part that both kinds of credentials have.
type answer struct {
	ID                      bytes
	RawID                   bytes
	Type                    string
	AuthenticatorAttachment string
}

// check checks the part that does not depend on the question.
func (a answer) check() error {
	switch {
	case a.Type != publicKey && a.Type != "":
		return ErrUnsupported
	case a.Type == "" || len(a.ID) == 0 || a.RawID != nil && string(a.RawID) != string(a.ID):
		return ErrMalformed
	}
	return nil
}

// decode decodes a credential's JSON.
func decode(text []byte, into any) error {
	if len(text) > MaxCredential || json.Unmarshal(text, into) != nil {
		return ErrMalformed
	}
	return nil
}
