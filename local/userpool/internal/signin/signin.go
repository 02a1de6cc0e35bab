// Package signin signs users in: flows and challenges, second factors, the lock after wrong passwords, and refreshes.
//
// All sign-ins go through the phases of one pipeline (pipeline.go); flows and challenges add their own steps.
// Package passkeys checks passkeys, and package tokens issues what a sign-in ends with. A remembered device goes
// through challenges of its own in place of the second factor (devices.go).
package signin

import (
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/internal/passkeys"
	"cognito-triggers/local/userpool/internal/tokens"
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
	PostConfirmation(
		ctx context.Context, pool state.Pool, u state.User, source, clientID string, metadata map[string]string,
	) error
}

// Moment says when pre authentication is fired in USER_AUTH. AWS does not say whether it waits for the choice.
type Moment string

// The values of Moment.
const (
	AtInitiateAuth Moment = "InitiateAuth" // before anything is asked
	AtTheChoice    Moment = "choice"       // before the chosen factor begins
)

// Confirmation says whether post confirmation is fired when a code as the first factor confirms a user. AWS does not
// say.
type Confirmation string

// The values of Confirmation.
const (
	Silent    Confirmation = "silent"
	Announced Confirmation = "announced"
)

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
	HoldSignInCode(ctx context.Context, pool state.Pool, began time.Time)
}

// Passkeys asks for passkeys and checks them.
type Passkeys interface {
	CanSignIn(pool state.Pool, u state.User) bool
	Ask(b directory.Bearer, verified bool, lives time.Duration) (passkeys.Question, error)
	Check(b directory.Bearer, credential, challenge string, verified bool) error
	// Pretended returns the made-up passkeys of a user who does not exist.
	Pretended(pool state.Pool, name string) []state.Passkey
}

// Deps are the dependencies of a Room.
type Deps struct {
	Store     state.Store
	Directory Directory
	Triggers  Triggers
	Migration Migration
	Delivery  Delivery
	Passkeys  Passkeys
	Tokens    *tokens.Room
	Limits    *limits.Attempts
	Decoy     *directory.Decoy
	Now       func() time.Time

	Reuse               Reuse  // of refresh tokens that were rotated away
	RefreshSource       string // the trigger source of GetTokensFromRefreshToken
	PreAuthenticationAt Moment
	Confirmation        Confirmation
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
	passkeys  Passkeys
	tokens    *tokens.Room
	limits    *limits.Attempts
	decoy     *directory.Decoy
	now       func() time.Time

	reuse             Reuse
	refreshSource     string
	preAuthentication Moment
	confirmation      Confirmation

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
		passkeys: d.Passkeys,
		tokens:   d.Tokens, limits: d.Limits, decoy: d.Decoy, now: d.Now, preAuthentication: d.PreAuthenticationAt,
		confirmation: d.Confirmation, reuse: d.Reuse, refreshSource: d.RefreshSource,
		flows: map[string]Flow{}, challenges: map[string]Challenge{},
	}
	for _, flow := range []Flow{
		passwordFlow{"USER_PASSWORD_AUTH"}, passwordFlow{adminPassword}, srpFlow{}, customFlow{}, choiceFlow{},
	} {
		r.flows[flow.Name()] = flow
	}
	for _, challenge := range []Challenge{
		passwordVerifier{}, newPassword{}, customChallenge{}, softwareToken{}, mfaSetup{}, selectMFAType{},
		deviceSRP{}, devicePassword{}, passkey{},
	} {
		r.challenges[challenge.Name()] = challenge
	}
	for _, challenge := range choices() {
		r.challenges[challenge.Name()] = challenge
	}
	for _, challenge := range sentCodes() {
		r.challenges[challenge.Name()] = challenge
	}
	return r, nil
}
