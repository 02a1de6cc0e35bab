// Package accounts manages the lifecycle of users: sign-up, confirmation by code or link, passwords and their reset,
// attributes, administrators' operations on users, and user migration.
package accounts

import (
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// Directory finds callers and users, and changes users.
type Directory interface {
	Pool(id string) (state.Pool, error)
	Client(id string) (state.Client, state.Pool, error)
	User(pool state.Pool, name string) (state.User, error)
	PoolUser(poolID, name string) (state.Pool, state.User, error)
	Caller(clientID, secretHash, name string) (directory.Caller, error)
	Change(pool state.Pool, username string, change func(*state.User) error) (state.User, error)
}

// Delivery sends and checks codes.
type Delivery interface {
	AddCode(u *state.User, m *delivery.Outgoing)
	Deliver(ctx context.Context, m delivery.Outgoing) (delivery.Details, error)
	SendCode(ctx context.Context, m delivery.Outgoing) (delivery.Details, error)
	Invite(ctx context.Context, m delivery.Outgoing, password string) (delivery.Details, error)
	Pretended(pool state.Pool, name string) delivery.Details
	UseCode(
		pool state.Pool, username string, purpose delivery.Purpose, code string, aliases state.Aliases,
		change func(*state.User, state.Code) error,
	) (state.User, error)
}

// Triggers fires the pool's functions.
type Triggers interface {
	Fire(ctx context.Context, c triggers.Call) (triggers.Response, error)
	PostConfirmation(
		ctx context.Context, pool state.Pool, u state.User, source, clientID string, metadata map[string]string,
	) error
}

// SignIns verifies access tokens and passwords.
type SignIns interface {
	// Authorize returns the user of an access token, which must have the scope token.SelfService.
	Authorize(r wire.Request, accessToken string) (directory.Bearer, error)
	// CheckPassword checks the password of the token's user and counts wrong ones.
	CheckPassword(b directory.Bearer, password string) error
	// BeginAutoSignIn returns the session of SignUp's answer, or "".
	BeginAutoSignIn(b directory.Bearer, attribute string) (session string)
	// ContinueAutoSignIn takes that session; proceed returns the session of ConfirmSignUp's answer, or "".
	ContinueAutoSignIn(b directory.Bearer, session string) (proceed func(attribute string) string)
}

// Deps are the dependencies of a Room.
type Deps struct {
	Store     state.Store
	Directory Directory
	Delivery  Delivery
	Triggers  Triggers
	SignIns   SignIns
	Migration *Migration
	Limits    *limits.Attempts
	Now       func() time.Time
}

// Room serves the operations on accounts. It is safe for concurrent use.
type Room struct {
	store     state.Store
	directory Directory
	delivery  Delivery
	triggers  Triggers
	signIns   SignIns
	migration *Migration
	limits    *limits.Attempts
	now       func() time.Time
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("accounts", d); err != nil {
		return nil, err
	}
	return &Room{d.Store, d.Directory, d.Delivery, d.Triggers, d.SignIns, d.Migration, d.Limits, d.Now}, nil
}

// Delivered is the output of operations that send a code: where it went.
type Delivered struct{ CodeDeliveryDetails delivery.Details }
