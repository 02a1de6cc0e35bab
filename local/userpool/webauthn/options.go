package webauthn

import "crypto/rand"

// timeout is how long a browser lets the user take, in milliseconds.
const timeout = 60_000

// challengeSize is the size of a challenge, in bytes.
const challengeSize = 16

// NewChallenge returns a random challenge in base64url.
func NewChallenge() string {
	raw := make([]byte, challengeSize)
	_, _ = rand.Read(raw) // never fails
	return Encode(raw)
}

// CreationOptions are the options of navigator.credentials.create, as PublicKeyCredential.parseCreationOptionsFromJSON
// takes them, with the members that Cognito has.
type CreationOptions struct {
	AuthenticatorSelection selection     `json:"authenticatorSelection"`
	Challenge              string        `json:"challenge"`
	ExcludeCredentials     []Descriptor  `json:"excludeCredentials"`
	PubKeyCredParams       []parameter   `json:"pubKeyCredParams"`
	RP                     relyingParty  `json:"rp"`
	Timeout                int           `json:"timeout"`
	User                   userOfOptions `json:"user"`
}

type (
	selection struct {
		RequireResidentKey bool   `json:"requireResidentKey"`
		ResidentKey        string `json:"residentKey"`
		UserVerification   string `json:"userVerification"`
	}
	parameter struct {
		Alg  int    `json:"alg"`
		Type string `json:"type"`
	}
	relyingParty struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	userOfOptions struct {
		DisplayName string `json:"displayName"`
		ID          string `json:"id"`
		Name        string `json:"name"`
	}
)

// Descriptor names a credential.
type Descriptor struct {
	ID         string   `json:"id"`
	Type       string   `json:"type"`
	Transports []string `json:"transports,omitempty"`
}

// Describe returns the descriptor of a credential.
func Describe(id []byte, transports ...string) Descriptor {
	return Descriptor{ID: Encode(id), Type: publicKey, Transports: transports}
}

// NewCreationOptions returns the options for a new credential. The browser refuses an authenticator that has one of the
// excluded credentials.
func NewCreationOptions(c Ceremony, name, userID string, excluded []Descriptor) CreationOptions {
	return CreationOptions{
		AuthenticatorSelection: selection{RequireResidentKey: true, ResidentKey: "required",
			UserVerification: verification(c)},
		Challenge: c.Challenge, ExcludeCredentials: excluded,
		PubKeyCredParams: []parameter{{ES256, publicKey}, {RS256, publicKey}},
		RP:               relyingParty{c.RelyingParty, c.RelyingParty}, Timeout: timeout,
		User: userOfOptions{DisplayName: name, ID: Encode([]byte(userID)), Name: name},
	}
}

// RequestOptions are the options of navigator.credentials.get, as PublicKeyCredential.parseRequestOptionsFromJSON takes
// them, with the members that Cognito has.
type RequestOptions struct {
	Challenge        string       `json:"challenge"`
	RPID             string       `json:"rpId"`
	Timeout          int          `json:"timeout"`
	AllowCredentials []Descriptor `json:"allowCredentials"`
	UserVerification string       `json:"userVerification"`
}

// NewRequestOptions returns the options for a sign-in with one of the credentials.
func NewRequestOptions(c Ceremony, allowed []Descriptor) RequestOptions {
	return RequestOptions{Challenge: c.Challenge, RPID: c.RelyingParty, Timeout: timeout, AllowCredentials: allowed,
		UserVerification: verification(c)}
}

func verification(c Ceremony) string {
	if c.Verified {
		return "required"
	}
	return "preferred"
}
