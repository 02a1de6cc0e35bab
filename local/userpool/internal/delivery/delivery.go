// Package delivery sends what users read: it makes codes and keeps their hashes with the user, has the custom message
// trigger or the pool's templates word the message, and puts it into the inbox.
//
// Custom senders, which deliver in place of the inbox, belong here.
package delivery

import (
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/state"
)

// Triggers fires custom message.
type Triggers interface {
	Fire(ctx context.Context, c triggers.Call) (triggers.Response, error)
}

// Directory changes users.
type Directory interface {
	Change(pool state.Pool, username string, change func(*state.User) error) (state.User, error)
}

// Deps is what the room works with.
type Deps struct {
	Store     state.Store
	Directory Directory
	Triggers  Triggers
	Inbox     *Inbox
	Decoy     *directory.Decoy
	Now       func() time.Time
	Code      func() string // a confirmation code of six digits
}

// Room delivers for all pools of a server. It is safe for parallel use.
type Room struct {
	store     state.Store
	directory Directory
	triggers  Triggers
	inbox     *Inbox
	decoy     *directory.Decoy
	now       func() time.Time
	code      func() string
}

// New makes the room. It refuses a dependency that is missing.
func New(d Deps) (*Room, error) {
	if err := deps.Check("delivery", d); err != nil {
		return nil, err
	}
	return &Room{d.Store, d.Directory, d.Triggers, d.Inbox, d.Decoy, d.Now, d.Code}, nil
}
