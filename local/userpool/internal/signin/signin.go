// Package signin signs users in: flows and challenges, second factors, the lock after wrong passwords, sessions, and
// tokens.
//
// All sign-ins go through the phases of one pipeline (pipeline.go); flows and challenges add their own steps.
// USER_AUTH, passkeys and one-time codes would be new flows and challenges, device challenges would follow the second
// factor, and managed login would use the same pipeline.
package signin

import (
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/state"
)

// Directory finds clients and users, and changes users.
type Directory interface {
	Pool(id string) (state.Pool, error)
	Client(id string) (state.Client, state.Pool, error)
	ClientOf(poolID, id string) (state.Client, state.Pool, error)
	User(pool state.Pool, name string) (state.User, error)
	PoolUser(poolID, name string) (state.Pool, state.User, error)
	Change(pool state.Pool, username string, change func(*state.User) error) (state.User, error)
}

// Triggers fires the pool's functions.
type Triggers interface {
	Fire(ctx context.Context, c triggers.Call) (triggers.Response, error)
}

// Migration imports a user who is not in the pool and checks the password. It returns nil if it finds none.
type Migration interface {
	OfSignIn(
		ctx context.Context, c directory.Caller, password string, validation map[string]string,
	) (*state.User, error)
}

// Delivery sends codes.
type Delivery interface {
	SendSignInCode(
		ctx context.Context, m delivery.Outgoing, digits int, expires time.Time,
	) (delivery.Details, state.Code, error)
	PretendedAt(pool state.Pool, name, attribute string) delivery.Details
}

// Deps are the dependencies of a Room.
type Deps struct {
	Store     state.Store
	Directory Directory
	Triggers  Triggers
	Migration Migration
	Delivery  Delivery
	Tokens    *Tokens
	Limits    *limits.Attempts
	Decoy     *directory.Decoy
	Now       func() time.Time

	Reuse         Reuse  // of refresh tokens that were rotated away
	RefreshSource string // the trigger source of GetTokensFromRefreshToken
}

// Reuse says what happens to a sign-in when somebody presents a refresh token that was rotated away, after its grace
// period. AWS documents the error alone.
type Reuse string

// The values of Reuse.
const (
	ReuseRefused Reuse = "refused" // the sign-in goes on with its newest refresh token
	ReuseRevokes Reuse = "revokes" // all tokens of the sign-in are revoked
)

// Room serves the operations that sign in and out. It is safe for concurrent use.
type Room struct {
	store     state.Store
	directory Directory
	triggers  Triggers
	migration Migration
	delivery  Delivery
	tokens    *Tokens
	limits    *limits.Attempts
	decoy     *directory.Decoy
	now       func() time.Time

	reuse         Reuse
	refreshSource string

	flows      map[string]Flow
	challenges map[string]Challenge
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("signing in", d); err != nil {
		return nil, err
	}
	r := &Room{
		store: d.Store, directory: d.Directory, triggers: d.Triggers, migration: d.Migration, delivery: d.Delivery,
		tokens: d.Tokens, limits: d.Limits, decoy: d.Decoy, now: d.Now, reuse: d.Reuse,
		refreshSource: d.RefreshSource, flows: map[string]Flow{}, challenges: map[string]Challenge{},
	}
	for _, flow := range []Flow{passwordFlow{"USER_PASSWORD_AUTH"}, passwordFlow{adminPassword}, srpFlow{}, customFlow{}, choiceFlow{}} {
		r.flows[flow.Name()] = flow
	}
	for _, challenge := range []Challenge{
		passwordVerifier{}, newPassword{}, customChallenge{}, softwareToken{}, mfaSetup{}, selectChallenge{},
	} {
		r.challenges[challenge.Name()] = challenge
	}
	for _, challenge := range sentCodes() {
		r.challenges[challenge.Name()] = challenge
	}
	return r, nil
}
