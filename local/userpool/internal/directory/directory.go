// Package directory manages what is in a user pool: users, groups, app clients, the schema, the rules for names,
// passwords and attributes, and linked identities. The other packages look things up here. It also serves the
// operations that only read or write this data and fire no trigger.
//
// Identities of federated users belong next to identities.go.
package directory

import (
	"errors"
	"time"

	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// Deps are the dependencies of a Room.
type Deps struct {
	Store state.Store
	Now   func() time.Time
}

// Room is the directory of all pools of a server. It is safe for concurrent use.
type Room struct {
	store state.Store
	now   func() time.Time
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("the directory", d); err != nil {
		return nil, err
	}
	return &Room{store: d.Store, now: d.Now}, nil
}

// Pool returns a pool.
func (r *Room) Pool(id string) (state.Pool, error) {
	pool, err := r.store.Pool(id)
	if err != nil {
		return state.Pool{}, fault.New(fault.PoolNotFound, id)
	}
	return pool, nil
}

// Client returns an app client and its pool.
func (r *Room) Client(id string) (state.Client, state.Pool, error) {
	client, err := r.store.Client(id)
	if err != nil {
		return state.Client{}, state.Pool{}, fault.New(fault.ClientNotFound, id)
	}
	pool, err := r.Pool(client.Pool)
	return client, pool, err
}

// ClientOf is Client for operations that also name the pool.
func (r *Room) ClientOf(poolID, id string) (state.Client, state.Pool, error) {
	pool, err := r.Pool(poolID)
	if err != nil {
		return state.Client{}, state.Pool{}, err
	}
	client, err := r.store.Client(id)
	if err != nil || client.Pool != pool.ID {
		return state.Client{}, state.Pool{}, fault.New(fault.ClientNotFound, id)
	}
	return client, pool, nil
}

// User finds a user by user name, sub or alias.
func (r *Room) User(pool state.Pool, name string) (state.User, error) {
	u, err := r.store.FindUser(pool.ID, name)
	return u, Gone(err)
}

// PoolUser returns a pool and one of its users, for administrators' operations.
func (r *Room) PoolUser(poolID, name string) (state.Pool, state.User, error) {
	pool, err := r.Pool(poolID)
	if err != nil {
		return pool, state.User{}, err
	}
	u, err := r.User(pool, name)
	return pool, u, err
}

// Change modifies a user in one transaction.
func (r *Room) Change(pool state.Pool, username string, change func(*state.User) error) (state.User, error) {
	u, err := r.store.UpdateUser(pool.ID, username, state.KeepAliases, change)
	return u, Gone(err)
}

// Gone translates the store's ErrNotFound into the error for a missing user.
func Gone(err error) error {
	if errors.Is(err, state.ErrNotFound) {
		return fault.New(fault.UserNotFound)
	}
	return err
}

// Caller is the caller of an operation without an access token.
type Caller struct {
	Pool   state.Pool
	Client state.Client
	Name   string     // as the caller wrote it
	User   state.User // zero if Missing is set
	// Missing is the error for a user who does not exist. Room.Caller does not return it as its error, because what the
	// client gets depends on whether the app client hides which users exist.
	Missing error
}

// Caller looks up the caller of an operation. It checks the secret hash first, so that nobody without the client's
// secret learns which users exist.
func (r *Room) Caller(clientID, secretHash, name string) (Caller, error) {
	client, pool, err := r.Client(clientID)
	if err != nil {
		return Caller{}, err
	}
	c := Caller{Pool: pool, Client: client, Name: name}
	c.User, c.Missing = r.User(pool, name)
	return c, CheckSecretHash(client, secretHash, name, c.User.Username)
}

// Bearer is the user that an access token was issued for, with pool and client.
type Bearer struct {
	Pool   state.Pool
	Client state.Client
	User   state.User
	Device string // the key of the device that the user signed in with; empty if there is none
}
