// Package authenticator is a browser's authenticator in software: it makes passkeys and signs with them, for tests and
// benchmarks of sign-ins. Tests can spoil each part of an answer before it is signed.
package authenticator

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/fxamacker/cbor/v2"

	"cognito-triggers/local/userpool/webauthn"
)

// The flags of authenticator data.
const (
	UserPresent    = 1 << 0
	UserVerified   = 1 << 2
	BackupEligible = 1 << 3
	BackedUp       = 1 << 4
	hasCredential  = 1 << 6
	HasExtensions  = 1 << 7
)

// Authenticator holds one passkey.
type Authenticator struct {
	ID      []byte
	Counter uint32 // of signatures
	Flags   byte   // of the next answers: UserPresent and UserVerified at first

	key  crypto.Signer
	user []byte // the user's handle, from the registration
}

// New returns an authenticator with a new key for webauthn.ES256 or webauthn.RS256.
func New(algorithm int) (*Authenticator, error) {
	a := &Authenticator{ID: make([]byte, 32), Flags: UserPresent | UserVerified}
	if _, err := rand.Read(a.ID); err != nil {
		return nil, err
	}
	var err error
	if algorithm == webauthn.RS256 {
		a.key, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	return a, err
}

// Key returns the public key in COSE's form.
func (a *Authenticator) Key() ([]byte, error) {
	switch key := a.key.Public().(type) {
	case *ecdsa.PublicKey:
		return webauthn.EncodeKey(key)
	case *rsa.PublicKey:
		return cbor.Marshal(map[int]any{
			1: 3, 3: webauthn.RS256, -1: key.N.Bytes(), -2: big.NewInt(int64(key.E)).Bytes(),
		})
	}
	return nil, fmt.Errorf("the key is a %T", a.key)
}

// Answer is what a browser answers, before it is signed.
type Answer struct {
	ID              []byte
	Type            string // public-key
	Ceremony        string // webauthn.create or webauthn.get
	Challenge       string
	Origin          string
	CrossOrigin     bool
	TopOrigin       string // left out if empty
	RelyingParty    string
	Flags           byte
	Counter         uint32
	User            []byte   // the user's handle
	Key             []byte   // of a new passkey, in COSE's form
	Extensions      []byte   // CBOR, with the flag HasExtensions
	Attachment      string   // of a new passkey
	Transports      []string // of a new passkey
	Statement       any      // of the attestation, a map
	WrongSignature  bool
	ExtraDataAtEnd  []byte // behind the authenticator data
	AttestationData []byte // in place of the attestation object, if set
}

// Create answers the options of navigator.credentials.create, on a page at an origin. It returns the credential's JSON.
func (a *Authenticator) Create(options []byte, origin string, spoil ...func(*Answer)) (json.RawMessage, error) {
	var asked struct {
		Challenge string
		RP        struct{ ID string }
		User      struct{ ID string }
	}
	if err := json.Unmarshal(options, &asked); err != nil {
		return nil, err
	}
	var err error
	if a.user, err = base64.RawURLEncoding.DecodeString(asked.User.ID); err != nil {
		return nil, err
	}
	answer := a.answer("webauthn.create", asked.Challenge, asked.RP.ID, origin)
	answer.Flags |= hasCredential
	answer.Attachment, answer.Transports, answer.Statement = "platform", []string{"internal"}, map[string]any{}
	if answer.Key, err = a.Key(); err != nil {
		return nil, err
	}
	for _, change := range spoil {
		change(&answer)
	}
	client, err := answer.clientData()
	if err != nil {
		return nil, err
	}
	object := answer.AttestationData
	if object == nil {
		if object, err = cbor.Marshal(map[string]any{
			"fmt": "none", "attStmt": answer.Statement, "authData": answer.authenticatorData(),
		}); err != nil {
			return nil, err
		}
	}
	return json.Marshal(answer.credential(map[string]any{
		"clientDataJSON": webauthn.Encode(client), "attestationObject": webauthn.Encode(object),
		"transports": answer.Transports, "publicKeyAlgorithm": webauthn.ES256,
		"authenticatorData": webauthn.Encode(answer.authenticatorData()),
	}))
}

// Get answers the options of navigator.credentials.get, on a page at an origin. It returns the credential's JSON.
func (a *Authenticator) Get(options, origin string, spoil ...func(*Answer)) (string, error) {
	var asked struct{ Challenge, RPID string }
	if err := json.Unmarshal([]byte(options), &asked); err != nil {
		return "", err
	}
	answer := a.answer("webauthn.get", asked.Challenge, asked.RPID, origin)
	for _, change := range spoil {
		change(&answer)
	}
	client, err := answer.clientData()
	if err != nil {
		return "", err
	}
	sum, data := sha256.Sum256(client), answer.authenticatorData()
	digest := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	if answer.WrongSignature {
		digest[0]++
	}
	signature, err := a.key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(answer.credential(map[string]any{
		"clientDataJSON": webauthn.Encode(client), "authenticatorData": webauthn.Encode(data),
		"signature": webauthn.Encode(signature), "userHandle": webauthn.Encode(answer.User),
	}))
	return string(text), err
}

// answer returns a right answer. It counts.
func (a *Authenticator) answer(ceremony, challenge, relyingParty, origin string) Answer {
	a.Counter++
	return Answer{
		ID: a.ID, Type: "public-key", Ceremony: ceremony, Challenge: challenge, Origin: origin,
		RelyingParty: relyingParty, Flags: a.Flags, Counter: a.Counter, User: a.user,
	}
}

func (a Answer) clientData() ([]byte, error) {
	members := map[string]any{
		"type": a.Ceremony, "challenge": a.Challenge, "origin": a.Origin, "crossOrigin": a.CrossOrigin,
		"other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
	}
	if a.TopOrigin != "" {
		members["topOrigin"] = a.TopOrigin
	}
	return json.Marshal(members)
}

func (a Answer) authenticatorData() []byte {
	sum := sha256.Sum256([]byte(a.RelyingParty))
	data := append(sum[:], a.Flags)
	data = binary.BigEndian.AppendUint32(data, a.Counter)
	if a.Flags&hasCredential != 0 {
		data = append(data, make([]byte, 16)...) // AAGUID
		data = binary.BigEndian.AppendUint16(data, uint16(len(a.ID)))
		data = append(append(data, a.ID...), a.Key...)
	}
	return append(append(data, a.Extensions...), a.ExtraDataAtEnd...)
}

func (a Answer) credential(response map[string]any) map[string]any {
	all := map[string]any{
		"id": webauthn.Encode(a.ID), "rawId": webauthn.Encode(a.ID), "type": a.Type, "response": response,
		"clientExtensionResults": map[string]any{},
	}
	if a.Attachment != "" {
		all["authenticatorAttachment"] = a.Attachment
	}
	return all
}
