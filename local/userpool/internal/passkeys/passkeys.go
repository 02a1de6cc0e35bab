// Package passkeys registers, lists and deletes the passkeys of users, and checks those that they sign in with. Package
// webauthn knows what a right answer of a browser is; this package knows whose it must be: it keeps the challenges and
// the credentials.
package passkeys

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"time"

	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/webauthn"
)

// Tokens verifies access tokens.
type Tokens interface {
	// Authorize returns the user of an access token, which must have the scope token.SelfService.
	Authorize(r wire.Request, accessToken string) (directory.Bearer, error)
}

// Directory changes users.
type Directory interface {
	Change(pool state.Pool, username string, change func(*state.User) error) (state.User, error)
}

// Deps are the dependencies of a Room.
type Deps struct {
	Store     state.Store
	Directory Directory
	Tokens    Tokens
	Decoy     *directory.Decoy
	Now       func() time.Time
	// RelyingParty returns the domain that a pool's passkeys belong to, "" if there is none; RelyingParty of this package
	// does it as Cognito does.
	RelyingParty func(state.Pool) string
}

// Room serves the operations on passkeys. It is safe for concurrent use.
type Room struct {
	store        state.Store
	directory    Directory
	tokens       Tokens
	decoy        *directory.Decoy
	now          func() time.Time
	relyingParty func(state.Pool) string
	decoyKey     []byte // of made-up passkeys; nobody has its private part
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("passkeys", d); err != nil {
		return nil, err
	}
	unused, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	key, err := webauthn.EncodeKey(&unused.PublicKey)
	return &Room{d.Store, d.Directory, d.Tokens, d.Decoy, d.Now, d.RelyingParty, key}, err
}
