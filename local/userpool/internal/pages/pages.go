// Package pages keeps what belongs to the pages of app clients: terms, branding styles of managed login, and
// customizations of the classic hosted UI. They are stored and returned; the pages themselves are managed login's,
// which has none for an app client without a style.
package pages

import (
	"time"

	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/state"
)

// Directory finds pools and clients.
type Directory interface {
	Pool(id string) (state.Pool, error)
	ClientOf(poolID, id string) (state.Client, state.Pool, error)
}

// Deps are the dependencies of a Room.
type Deps struct {
	Store     state.Store
	Now       func() time.Time
	Directory Directory
}

// Room serves the operations on what belongs to pages. It is safe for concurrent use.
type Room struct {
	store     state.Store
	now       func() time.Time
	directory Directory
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("pages", d); err != nil {
		return nil, err
	}
	return &Room{store: d.Store, now: d.Now, directory: d.Directory}, nil
}
