// Package delivery sends messages to users: it generates codes and stores their hashes with the user, takes the text
// from the custom message trigger or the pool's templates, and puts the message into the inbox. In a pool with a custom
// sender for the medium, it gives the code, encrypted, to that function instead.
package delivery

import (
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/state"
)

// Triggers fires the custom message trigger and the custom senders.
type Triggers interface {
	Fire(ctx context.Context, c triggers.Call) (triggers.Response, error)
	Send(ctx context.Context, c triggers.Call, request func(context.Context) (any, error))
}

// Seal encrypts a code under the KMS key with this ARN, for the functions of a pool, and returns the message as an
// event has it.
type Seal func(ctx context.Context, key, poolID, code string) (string, error)

// Directory changes users.
type Directory interface {
	Change(pool state.Pool, username string, change func(*state.User) error) (state.User, error)
}

// Deps are the dependencies of a Room.
type Deps struct {
	Store     state.Store
	Directory Directory
	Triggers  Triggers
	Inbox     *Inbox
	Decoy     *directory.Decoy
	Now       func() time.Time
	Code      func(digits int) string // returns a confirmation code
	Seal      Seal
	// Besides says whether custom message is fired for a medium that has a custom sender, too.
	Besides Besides
}

// Besides says whether custom message is fired for a message that a custom sender delivers. AWS does not say.
type Besides string

// The values of Besides.
const (
	SenderAlone Besides = "sender alone"
	BothFire    Besides = "both" // custom message first; its answer is checked and not used
)

// Room delivers messages for all pools of a server. It is safe for concurrent use.
type Room struct {
	store     state.Store
	directory Directory
	triggers  Triggers
	inbox     *Inbox
	decoy     *directory.Decoy
	now       func() time.Time
	code      func(digits int) string
	seal      Seal
	besides   Besides
	pace      pace
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("delivery", d); err != nil {
		return nil, err
	}
	return &Room{
		store: d.Store, directory: d.Directory, triggers: d.Triggers, inbox: d.Inbox, decoy: d.Decoy, now: d.Now,
		code: d.Code, seal: d.Seal, besides: d.Besides,
	}, nil
}
