package accounts

import (
	"context"
	"errors"
	"unicode/utf8"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// The maximum lengths of names and codes.
const (
	maxName = 128
	maxCode = 2048
)

// ConfirmInput is the input of ConfirmSignUp.
type ConfirmInput struct {
	ClientId           string `v:"required,max=128"`
	SecretHash         string
	Username           string `v:"required,max=128"`
	ConfirmationCode   string `v:"required,max=2048"`
	ForceAliasCreation bool
	ClientMetadata     map[string]string
	Session            string // of SignUp, for signing in at once
}

// ConfirmOutput is the output of ConfirmSignUp.
type ConfirmOutput struct {
	Session string `json:",omitempty"`
}

// ConfirmSignUp serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
func (r *Room) ConfirmSignUp(ctx context.Context, in *ConfirmInput) (*ConfirmOutput, error) {
	caller, err := r.directory.Caller(in.ClientId, in.SecretHash, in.Username)
	if err != nil {
		return nil, err
	}
	session, err := r.confirm(ctx, caller, in)
	return &ConfirmOutput{session}, err
}

// ErrConfirmed means that the user of a link is already confirmed.
var ErrConfirmed = errors.New("the user is already confirmed")

// ConfirmByLink confirms a user who opened the link in a message. It works like ConfirmSignUp, without a secret hash or
// client metadata. It returns ErrConfirmed if the user is already confirmed.
func (r *Room) ConfirmByLink(ctx context.Context, clientID, name, code string) error {
	if !fits(clientID, maxName) || !fits(name, maxName) || !fits(code, maxCode) {
		return fault.New(fault.CodeMismatch)
	}
	client, pool, err := r.directory.Client(clientID)
	if err != nil {
		return err
	}
	caller := directory.Caller{Pool: pool, Client: client, Name: name}
	caller.User, caller.Missing = r.directory.User(pool, name)
	if caller.Missing == nil && caller.User.Status == state.Confirmed {
		return ErrConfirmed
	}
	_, err = r.confirm(ctx, caller, &ConfirmInput{ConfirmationCode: code})
	return err
}

func fits(text string, most int) bool { return text != "" && utf8.RuneCountInString(text) <= most }

// confirm confirms the caller with the code from the input. It returns a session if the user can sign in at once.
func (r *Room) confirm(ctx context.Context, c directory.Caller, in *ConfirmInput) (session string, err error) {
	if err := r.limits.Take(limits.Confirmations, limits.UserOr(c.Pool, c.User, c.Name), r.now()); err != nil {
		return "", err
	}
	if c.Missing != nil {
		if directory.Discreet(c.Client) {
			return "", fault.New(fault.CodeExpired)
		}
		return "", c.Missing
	}
	if c.User.Status != state.Unconfirmed {
		return "", cannotConfirm(c.User)
	}
	bearer := directory.Bearer{Pool: c.Pool, Client: c.Client, User: c.User}
	proceed, attribute := r.signIns.ContinueAutoSignIn(bearer, in.Session), ""
	aliases := state.Aliases(in.ForceAliasCreation)
	u, err := r.delivery.UseCode(c.Pool, c.User.Username, delivery.SignUp, in.ConfirmationCode, aliases,
		func(u *state.User, code state.Code) error {
			u.Status, attribute = state.Confirmed, code.Attribute
			verify(u, code)
			return nil
		})
	if err != nil {
		return "", err
	}
	source := cognito.PostConfirmationConfirmSignUp
	if err := r.triggers.PostConfirmation(ctx, c.Pool, u, source, c.Client.ID, in.ClientMetadata); err != nil {
		return "", err
	}
	return proceed(attribute), nil
}

// verify marks the address that a code went to as verified, if it is still the user's.
func verify(u *state.User, code state.Code) {
	if code.Attribute != "" && u.Attributes[code.Attribute] == code.Address {
		directory.SetVerified(u, code.Attribute, true)
	}
}

func cannotConfirm(u state.User) error { return fault.New(fault.CannotConfirm, u.Status) }

// AdminMetadataInput is the input of administrators' operations on one user, with metadata for the triggers.
type AdminMetadataInput struct {
	directory.UserInput
	ClientMetadata map[string]string
}

// AdminConfirmSignUp serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminConfirmSignUp.html
func (r *Room) AdminConfirmSignUp(ctx context.Context, in *AdminMetadataInput) (*wire.Empty, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	u, err = r.directory.Change(pool, u.Username, func(u *state.User) error {
		if u.Status != state.Unconfirmed {
			return cannotConfirm(*u)
		}
		u.Status, u.Modified = state.Confirmed, r.now()
		delete(u.Codes, string(delivery.SignUp))
		return nil
	})
	if err != nil {
		return nil, err
	}
	source := cognito.PostConfirmationConfirmSignUp
	return &wire.Empty{}, r.triggers.PostConfirmation(ctx, pool, u, source, "", in.ClientMetadata)
}
