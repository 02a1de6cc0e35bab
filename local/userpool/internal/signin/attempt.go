package signin

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Attempt is one sign-in in the hands of one request.
type Attempt struct {
	Request wire.Request
	Pool    state.Pool
	Client  state.Client
	User    state.User
	Unknown bool // there is no such user, and the client must not learn it

	room       *Room
	typed      string            // the name of the unknown user, as triggers get it
	migrated   bool              // the user came from elsewhere just now, with the right password
	custom     bool              // CUSTOM_AUTH
	validation map[string]string // ClientMetadata of InitiateAuth
	metadata   map[string]string // ClientMetadata of RespondToAuthChallenge
	rounds     []state.Round
	secret     string // the TOTP secret of a session
}

func (a *Attempt) bearer() directory.Bearer {
	return directory.Bearer{Pool: a.Pool, Client: a.Client, User: a.User}
}

// identify finds the user. Of one who does not exist, a discreet client is shown the same as of others.
func (a *Attempt) identify(name string) error {
	u, err := a.room.directory.User(a.Pool, name)
	if err == nil {
		a.User = u
		return nil
	}
	if !directory.Discreet(a.Client) {
		return fault.New(fault.UserNotFound)
	}
	a.pretend(name)
	return nil
}

// pretend goes on with a user who does not exist.
func (a *Attempt) pretend(name string) {
	a.Unknown, a.typed = true, name
	a.User = state.User{
		Username: a.pretendedName(name), Attributes: map[string]string{}, Status: state.Confirmed,
	}
}

// name is the user's for triggers: what was typed where there is no user.
func (a *Attempt) name() string {
	if a.Unknown {
		return a.typed
	}
	return a.User.Username
}

// pretendedName is the user name that a user who does not exist would have. It is the same for a name every time, and
// of the form that real ones have where that name signs a user in.
func (a *Attempt) pretendedName(name string) string {
	s, name := a.Pool.Settings, directory.Folded(a.Pool, name)
	byEmail := directory.IsEmail(name) && slices.Contains(s.AliasAttributes, directory.Email)
	byPhone := directory.IsPhone(name) && slices.Contains(s.AliasAttributes, directory.Phone)
	if len(s.UsernameAttributes) == 0 && !byEmail && !byPhone || isUUID(name) {
		return name
	}
	seed := a.room.decoy.Bytes(a.Pool, name)
	id := uuid.UUID(seed[:16])
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // version 4
	return id.String()
}

// isUUID takes the form that subs have alone, of those that package uuid reads.
func isUUID(text string) bool { return len(text) == 36 && uuid.Validate(text) == nil }

// named reports whether a name means the user of this sign-in.
func (a *Attempt) named(name string) bool {
	if strings.EqualFold(name, a.User.Username) {
		return true
	}
	if a.Unknown {
		return a.pretendedName(name) == a.User.Username
	}
	other, err := a.room.directory.User(a.Pool, name)
	return err == nil && other.Username == a.User.Username
}

// attributes are the user's for a trigger.
func (a *Attempt) attributes() map[string]string {
	if a.Unknown {
		return map[string]string{}
	}
	return triggers.Attributes(a.Pool, a.User)
}

// notFound is the flag that triggers get from clients that hide which users exist.
func (a *Attempt) notFound() *bool {
	if !directory.Discreet(a.Client) {
		return nil
	}
	unknown := a.Unknown
	return &unknown
}

// fire fires the trigger of a step of the sign-in, whose hook has one source.
func (a *Attempt) fire(ctx context.Context, hook cognito.Hook, request any) (triggers.Response, error) {
	return a.room.triggers.Fire(ctx, triggers.Call{
		Pool: a.Pool, Hook: hook, Source: hook.Sources()[0], UserName: a.name(), ClientID: a.Client.ID, Request: request,
	})
}

func (a *Attempt) preAuthentication(ctx context.Context) error {
	validation := a.validation
	if validation == nil {
		validation = map[string]string{}
	}
	request := events.PreAuthenticationRequest{
		UserAttributes: a.attributes(), ValidationData: validation, UserNotFound: a.notFound(),
	}
	_, err := a.fire(ctx, cognito.PreAuthentication, request)
	return err
}

// verifier is what a password is held against; that of a user without one fits no password. The decoy is made for all,
// so that a user takes as long as a stranger.
func (a *Attempt) verifier() srp.Verifier {
	decoy := srp.Decoy(a.room.decoy.Key(), srp.PoolName(a.Pool.ID), a.User.Username)
	if a.Unknown || a.User.Verifier == nil {
		return decoy
	}
	return *a.User.Verifier
}

func (a *Attempt) change(change func(*state.User) error) error {
	u, err := a.room.directory.Change(a.Pool, a.User.Username, change)
	if err == nil {
		a.User = u
	}
	return err
}

// admitted tells why a user who has proved who they are may still not sign in.
func (a *Attempt) admitted() error {
	switch {
	case a.Unknown:
		return fault.New(fault.WrongPassword)
	case a.User.Disabled:
		return fault.New(fault.UserDisabled)
	case a.User.Status == state.Unconfirmed:
		return fault.New(fault.UserNotConfirmed)
	case a.User.Status == state.ResetRequired:
		return fault.New(fault.ResetRequired)
	}
	return nil
}

// toldOfReset is the error of a user who hears before the password that it must be reset. A client that hides which
// users exist learns it after the right password only.
func (a *Attempt) toldOfReset() error {
	if a.Unknown || directory.Discreet(a.Client) || a.User.Status != state.ResetRequired {
		return nil
	}
	return a.admitted()
}
