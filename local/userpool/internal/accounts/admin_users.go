package accounts

import (
	"context"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// AdminDeleteUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html
func (r *Room) AdminDeleteUser(_ context.Context, in *directory.UserInput) (*wire.Empty, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return &wire.Empty{}, directory.Gone(r.store.DeleteUser(pool.ID, u.Username))
}

// AdminEnableUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminEnableUser.html
func (r *Room) AdminEnableUser(_ context.Context, in *directory.UserInput) (*wire.Empty, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	_, err = r.directory.Change(pool, u.Username, func(u *state.User) error {
		u.Disabled, u.Modified = false, r.now()
		return nil
	})
	return &wire.Empty{}, err
}

// AdminDisableUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html
// It also ends the user's sign-ins.
func (r *Room) AdminDisableUser(_ context.Context, in *directory.UserInput) (*wire.Empty, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	_, err = r.directory.Change(pool, u.Username, func(u *state.User) error {
		u.Disabled, u.Modified = true, r.now()
		return nil
	})
	r.store.RevokeFamilies(pool.ID, u.Username)
	return &wire.Empty{}, err
}
