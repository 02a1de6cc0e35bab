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

// Attempt is the state of one sign-in during one request.
type Attempt struct {
	Request wire.Request
	Pool    state.Pool
	Client  state.Client
	User    state.User
	Unknown bool // there is no such user, which the client must not learn

	room       *Room
	resumed    bool              // the request answers a challenge
	typed      string            // the name of an unknown user, for triggers
	migrated   bool              // the user was just migrated, with the right password
	sought     bool              // user migration was asked already
	custom     bool              // whether the flow is CUSTOM_AUTH
	choice     bool              // whether the flow is USER_AUTH
	hosted     bool              // whether the user is on the pages of a domain
	validation map[string]string // ClientMetadata of InitiateAuth
	metadata   map[string]string // ClientMetadata of RespondToAuthChallenge
	rounds     []state.Round
	methods    []string // with which the user has proved who they are, see methodsOf
	secret     string   // the TOTP secret of the session
	token      string   // what the session of the answered challenge was stored under
	device     string   // the key of the device that the client named

	refreshSource string // the trigger source of a refresh; "": TokenGeneration_RefreshTokens
}

func (a *Attempt) bearer() directory.Bearer {
	return directory.Bearer{Pool: a.Pool, Client: a.Client, User: a.User}
}

// identify finds the user. If there is none and the app client hides which users exist, it goes on with a made-up one.
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

// pretend goes on with a made-up user.
func (a *Attempt) pretend(name string) {
	a.Unknown, a.typed = true, name
	a.User = state.User{
		Username: a.pretendedName(name), Attributes: map[string]string{}, Status: state.Confirmed,
		Passkeys: a.pretendedPasskeys(name),
	}
}

// name returns the user name for triggers: the name in the request if there is no user.
func (a *Attempt) name() string {
	if a.Unknown {
		return a.typed
	}
	return a.User.Username
}

// pretendedName returns a made-up user name for a user who does not exist. It is the same every time and looks like the
// user names of the pool.
func (a *Attempt) pretendedName(name string) string {
	s, name := a.Pool.Settings, directory.Folded(a.Pool, name)
	byEmail := directory.IsEmail(name) && slices.Contains(s.AliasAttributes, directory.Email)
	byPhone := directory.IsPhone(name) && slices.Contains(s.AliasAttributes, directory.Phone)
	if len(s.UsernameAttributes) == 0 && !byEmail && !byPhone || isUUID(name) {
		return name
	}
	seed := a.room.decoy.Bytes(a.Pool, name)
	id := uuid.UUID(seed[:16])
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // UUID version 4
	return id.String()
}

// isUUID reports whether text has the form of a sub. Package uuid accepts other forms, too.
func isUUID(text string) bool { return len(text) == 36 && uuid.Validate(text) == nil }

// named reports whether a name identifies the user of this sign-in.
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

// attributes returns the user's attributes for a trigger.
func (a *Attempt) attributes() map[string]string {
	if a.Unknown {
		return map[string]string{}
	}
	return triggers.Attributes(a.Pool, a.User)
}

// notFound returns the userNotFound flag, which only triggers of clients that hide which users exist get.
func (a *Attempt) notFound() *bool {
	if !directory.Discreet(a.Client) {
		return nil
	}
	unknown := a.Unknown
	return &unknown
}

// fire fires the trigger of a step. The hook must have exactly one source.
func (a *Attempt) fire(ctx context.Context, hook cognito.Hook, request any) (triggers.Response, error) {
	return a.room.triggers.Fire(ctx, triggers.Call{
		Pool: a.Pool, Hook: hook, Source: hook.Sources()[0], UserName: a.name(), ClientID: a.Client.ID, Request: request,
	})
}

func (a *Attempt) preAuthentication(ctx context.Context) error {
	request := events.PreAuthenticationRequest{
		UserAttributes: a.attributes(), ValidationData: a.validation, UserNotFound: a.notFound(),
	}
	_, err := a.fire(ctx, cognito.PreAuthentication, request)
	return err
}

// verifier returns the verifier for checking the user's password; for a user without a password, one that nothing
// matches. It always computes the decoy, so that timing does not reveal who exists.
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

// admitted returns an error if the user may not sign in even with the right password.
func (a *Attempt) admitted() error {
	switch {
	case a.Unknown, a.User.Status == state.ExternalProvider: // federated users sign in at their identity provider
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

// stillAdmitted is admitted after the last step of a sign-in. A temporary password that the user got meanwhile must be
// used first.
func (a *Attempt) stillAdmitted() error {
	if a.User.Status == state.ForceChangePassword && !a.custom {
		return fault.New(fault.SessionInvalid)
	}
	return a.admitted()
}

// toldOfReset returns an error if the user's password must be reset. If the client hides which users exist, it returns
// none: the client gets that error only after the right password.
func (a *Attempt) toldOfReset() error {
	if a.Unknown || directory.Discreet(a.Client) || a.User.Status != state.ResetRequired {
		return nil
	}
	return a.admitted()
}
