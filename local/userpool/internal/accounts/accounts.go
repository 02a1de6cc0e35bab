// Package accounts is the life of a user: sign-up and confirmation, by code and by link, passwords and their reset,
// changes of attributes, what administrators do to users, and the migration of users from elsewhere.
//
// Registering and deleting passkeys, and forgetting devices, belong here; signing in with them belongs to signin.
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

// Directory finds who calls and who is meant, and changes users.
type Directory interface {
	Pool(id string) (state.Pool, error)
	Client(id string) (state.Client, state.Pool, error)
	User(pool state.Pool, name string) (state.User, error)
	PoolUser(poolID, name string) (state.Pool, state.User, error)
	Caller(clientID, secretHash, name string) (directory.Caller, error)
	Change(pool state.Pool, username string, change func(*state.User) error) (state.User, error)
}

// Delivery sends codes and takes them back.
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

// SignIns knows access tokens and judges passwords.
type SignIns interface {
	// Authorize finds the user of an access token, which must carry the scope of the user's own operations.
	Authorize(r wire.Request, accessToken string) (directory.Bearer, error)
	// CheckPassword holds a password against the bearer's, and counts wrong ones.
	CheckPassword(b directory.Bearer, password string) error
}

// Deps is what the room works with.
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

// Room serves the operations on accounts. It is safe for parallel use.
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

// New makes the room. It refuses a dependency that is missing.
func New(d Deps) (*Room, error) {
	if err := deps.Check("accounts", d); err != nil {
		return nil, err
	}
	return &Room{d.Store, d.Directory, d.Delivery, d.Triggers, d.SignIns, d.Migration, d.Limits, d.Now}, nil
}

// Delivered tells where a message went.
type Delivered struct{ CodeDeliveryDetails delivery.Details }
