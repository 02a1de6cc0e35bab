package userpool

import (
	"time"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

type adminMetadataInput struct {
	adminUserInput
	ClientMetadata map[string]string
}

// adminConfirmSignUp serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminConfirmSignUp.html
func adminConfirmSignUp(c *call, in *adminMetadataInput) (any, error) {
	pool, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	u, err = c.store.UpdateUser(pool.ID, u.Username, false, func(u *state.User) error {
		if u.Status != state.Unconfirmed {
			return cannotConfirm(*u)
		}
		u.Status, u.Modified = state.Confirmed, c.options.Now()
		delete(u.Codes, forSignUp)
		return nil
	})
	if err != nil {
		return nil, gone(err)
	}
	return struct{}{}, c.firePostConfirmation(pool, u, cognito.PostConfirmationConfirmSignUp, "", in.ClientMetadata)
}

type adminSetPasswordInput struct {
	adminUserInput
	Password  string `v:"required"`
	Permanent bool
}

// adminSetUserPassword serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html
func adminSetUserPassword(c *call, in *adminSetPasswordInput) (any, error) {
	pool, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(pool, in.Password); err != nil {
		return nil, err
	}
	_, err = c.store.UpdateUser(pool.ID, u.Username, false, func(u *state.User) error {
		u.Modified, u.LockedUntil = c.options.Now(), time.Time{}
		if in.Permanent {
			u.Status, u.TemporaryUntil = state.Confirmed, time.Time{}
			return setPassword(pool, u, in.Password)
		}
		u.Status = state.ForceChangePassword
		return c.temporary(pool, u, in.Password)
	})
	return struct{}{}, gone(err)
}

// adminResetUserPassword serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminResetUserPassword.html
func adminResetUserPassword(c *call, in *adminMetadataInput) (any, error) {
	pool, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	if u.Status == state.Unconfirmed {
		return nil, notAuthorized("User password cannot be reset in the current state.")
	}
	if _, err := c.sendReset(pool, u, "", in.ClientMetadata); err != nil {
		return nil, err
	}
	_, err = c.store.UpdateUser(pool.ID, u.Username, false, func(u *state.User) error {
		u.Status, u.Modified = state.ResetRequired, c.options.Now()
		return nil
	})
	return struct{}{}, gone(err)
}

// adminDeleteUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html
func adminDeleteUser(c *call, in *adminUserInput) (any, error) {
	pool, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return struct{}{}, gone(c.store.DeleteUser(pool.ID, u.Username))
}

// adminEnableUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminEnableUser.html
func adminEnableUser(c *call, in *adminUserInput) (any, error) { return c.setDisabled(in, false) }

// adminDisableUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html
// It also ends the user's sign-ins.
func adminDisableUser(c *call, in *adminUserInput) (any, error) { return c.setDisabled(in, true) }

func (c *call) setDisabled(in *adminUserInput, disabled bool) (any, error) {
	pool, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	_, err = c.store.UpdateUser(pool.ID, u.Username, false, func(u *state.User) error {
		u.Disabled, u.Modified = disabled, c.options.Now()
		return nil
	})
	if disabled {
		c.store.RevokeFamilies(pool.ID, u.Username)
	}
	return struct{}{}, gone(err)
}
