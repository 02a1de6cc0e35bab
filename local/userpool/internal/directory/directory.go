// Package directory knows who and what is in a user pool: users, groups, app clients, the schema, the rules for names,
// passwords and attributes, and linked identities. The other rooms look things up here; the operations that only read
// or write the directory, and fire no trigger, are here too.
//
// Identities of users who sign in with a provider (federation) belong beside identities.go.
package directory

import (
	"errors"
	"time"

	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// Deps is what the directory works with.
type Deps struct {
	Store state.Store
	Now   func() time.Time
}

// Room is the directory of all pools of a server. It is safe for parallel use.
type Room struct {
	store state.Store
	now   func() time.Time
}

// New makes the directory. It refuses a dependency that is missing.
func New(d Deps) (*Room, error) {
	if err := deps.Check("the directory", d); err != nil {
		return nil, err
	}
	return &Room{store: d.Store, now: d.Now}, nil
}

// Pool finds a pool.
func (r *Room) Pool(id string) (state.Pool, error) {
	pool, err := r.store.Pool(id)
	if err != nil {
		return state.Pool{}, fault.New(fault.PoolNotFound, id)
	}
	return pool, nil
}

// Client finds an app client and its pool.
func (r *Room) Client(id string) (state.Client, state.Pool, error) {
	client, err := r.store.Client(id)
	if err != nil {
		return state.Client{}, state.Pool{}, fault.New(fault.ClientNotFound, id)
	}
	pool, err := r.Pool(client.Pool)
	return client, pool, err
}

// ClientOf is Client for the operations that name the pool, too.
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

// User finds a user by any name that signs in.
func (r *Room) User(pool state.Pool, name string) (state.User, error) {
	u, err := r.store.FindUser(pool.ID, name)
	return u, Gone(err)
}

// PoolUser finds a pool and a user in it, as the operations for administrators do.
func (r *Room) PoolUser(poolID, name string) (state.Pool, state.User, error) {
	pool, err := r.Pool(poolID)
	if err != nil {
		return pool, state.User{}, err
	}
	u, err := r.User(pool, name)
	return pool, u, err
}

// Change changes a user in one transaction.
func (r *Room) Change(pool state.Pool, username string, change func(*state.User) error) (state.User, error) {
	u, err := r.store.UpdateUser(pool.ID, username, state.KeepAliases, change)
	return u, Gone(err)
}

// Gone turns the store's way to say that a user is not there into the domain's.
func Gone(err error) error {
	if errors.Is(err, state.ErrNotFound) {
		return fault.New(fault.UserNotFound)
	}
	return err
}

// Caller is who calls an operation without a token.
type Caller struct {
	Pool   state.Pool
	Client state.Client
	Name   string     // as it was typed
	User   state.User // the zero User where Missing is set
	// Missing says that there is no such user. It is apart from the error of Caller: what a client is told depends on
	// whether it hides which users exist.
	Missing error
}

// Caller looks up who calls. The secret hash is judged before Missing is known, so that nobody without the client's
// secret learns who exists.
func (r *Room) Caller(clientID, secretHash, name string) (Caller, error) {
	client, pool, err := r.Client(clientID)
	if err != nil {
		return Caller{}, err
	}
	c := Caller{Pool: pool, Client: client, Name: name}
	c.User, c.Missing = r.User(pool, name)
	return c, CheckSecretHash(client, secretHash, name, c.User.Username)
}

// Bearer is the user of an access token, and the client that the token was issued to.
type Bearer struct {
	Pool   state.Pool
	Client state.Client
	User   state.User
}
