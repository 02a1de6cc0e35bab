package accounts

import (
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// ChangePasswordInput is the input of ChangePassword.
type ChangePasswordInput struct {
	AccessToken      string `v:"required"`
	PreviousPassword string
	ProposedPassword string `v:"required"`
}

// ChangePassword serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html
func (r *Room) ChangePassword(_ context.Context, at wire.Request, in *ChangePasswordInput) (*wire.Empty, error) {
	b, err := r.signIns.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	if err := r.limits.Take(limits.Changes, limits.User(b.Pool, b.User), r.now()); err != nil {
		return nil, err
	}
	first := b.User.Verifier == nil && b.User.Status != state.ExternalProvider && in.PreviousPassword == ""
	if !first {
		if err := r.signIns.CheckPassword(b, in.PreviousPassword); err != nil {
			return nil, err
		}
	}
	if err := directory.CheckPassword(b.Pool, in.ProposedPassword); err != nil {
		return nil, err
	}
	_, err = r.directory.Change(b.Pool, b.User.Username, func(u *state.User) error {
		if u.Verifier != nil && b.User.Verifier == nil { // another request was first
			return fault.New(fault.WrongPassword)
		}
		u.Modified = r.now()
		return directory.SetPassword(b.Pool, u, in.ProposedPassword)
	})
	return &wire.Empty{}, err
}

// AdminSetPasswordInput is the input of AdminSetUserPassword.
type AdminSetPasswordInput struct {
	directory.UserInput
	Password  string `v:"required"`
	Permanent bool
}

// AdminSetPassword serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html
func (r *Room) AdminSetPassword(_ context.Context, in *AdminSetPasswordInput) (*wire.Empty, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	if err := directory.CheckPassword(pool, in.Password); err != nil {
		return nil, err
	}
	_, err = r.directory.Change(pool, u.Username, func(u *state.User) error {
		u.Modified, u.LockedUntil = r.now(), time.Time{}
		if in.Permanent {
			u.Status, u.TemporaryUntil = state.Confirmed, time.Time{}
			return directory.SetPassword(pool, u, in.Password)
		}
		u.Status = state.ForceChangePassword
		return directory.SetTemporaryPassword(pool, u, in.Password, u.Modified)
	})
	return &wire.Empty{}, err
}
