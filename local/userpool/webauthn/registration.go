package webauthn

import (
	"slices"

	"github.com/fxamacker/cbor/v2"
)

// Registration is the answer to navigator.credentials.create.
type Registration struct {
	attachment string
	transports []string
	client     clientData
	authData   authenticatorData
}

// Credential is a new credential.
type Credential struct {
	ID, Key        []byte // the key in COSE's form
	Counter        uint32
	BackupEligible bool     // whether the credential may be on several devices
	Attachment     string   // platform, cross-platform, or "" if the browser does not say
	Transports     []string // usb, internal, hybrid, ...
}

// Bounds of what an authenticator says about itself.
const (
	maxTransports   = 8
	maxTransport    = 32   // bytes
	maxKey          = 1024 // bytes
	platform        = "platform"
	roaming         = "cross-platform"
	maxAttestations = 16 << 10 // bytes
)

// ParseRegistration decodes the JSON of a new credential: what PublicKeyCredential.toJSON returns. Of its response,
// only clientDataJSON and attestationObject are needed.
func ParseRegistration(text []byte) (r Registration, err error) {
	var in struct {
		answer
		Response struct {
			ClientDataJSON    bytes
			AttestationObject bytes
			Transports        []string
		}
	}
	if err := decode(text, &in); err != nil {
		return r, err
	}
	if err := in.check(); err != nil {
		return r, err
	}
	r.attachment, r.transports = in.AuthenticatorAttachment, in.Response.Transports
	if !slices.Contains([]string{"", platform, roaming}, r.attachment) || len(r.transports) > maxTransports ||
		slices.ContainsFunc(r.transports, func(name string) bool { return name == "" || len(name) > maxTransport }) {
		return r, ErrMalformed
	}
	if r.client, err = parseClientData(in.Response.ClientDataJSON); err != nil {
		return r, err
	}
	if r.authData, err = parseAttestation(in.Response.AttestationObject); err != nil {
		return r, err
	}
	if string(r.authData.id) != string(in.ID) || len(r.authData.key) > maxKey {
		return r, ErrMalformed
	}
	return r, nil
}

// parseAttestation decodes an attestation object. Its statement, by which the maker of an authenticator vouches for it,
// must be well-formed, and is not judged.
func parseAttestation(raw []byte) (d authenticatorData, err error) {
	var object struct {
		Format    string          `cbor:"fmt"`
		Statement cbor.RawMessage `cbor:"attStmt"`
		Data      []byte          `cbor:"authData"`
	}
	if len(raw) > maxAttestations {
		return d, ErrMalformed
	}
	if err := decodeCBOR(raw, &object); err != nil {
		return d, err
	}
	if object.Format == "" || !isMap(object.Statement) {
		return d, ErrMalformed
	}
	if d, err = parseAuthenticatorData(object.Data); err != nil {
		return d, err
	}
	if !d.has(hasCredential) {
		return d, ErrMalformed
	}
	return d, nil
}

// Challenge returns the challenge that the browser answered, before anything is checked.
func (r Registration) Challenge() string { return r.client.challenge }

// Verify returns the credential if the registration fits the ceremony.
func (r Registration) Verify(c Ceremony) (Credential, error) {
	if err := r.client.check(create, c); err != nil {
		return Credential{}, err
	}
	if err := r.authData.check(c); err != nil {
		return Credential{}, err
	}
	if _, err := parseKey(r.authData.key); err != nil {
		return Credential{}, err
	}
	return Credential{
		ID: slices.Clone(r.authData.id), Key: slices.Clone(r.authData.key), Counter: r.authData.counter,
		BackupEligible: r.authData.has(backupEligible), Attachment: r.attachment, Transports: r.transports,
	}, nil
}
