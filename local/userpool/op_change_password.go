package userpool

import "cognito-triggers/local/userpool/state"

type changePasswordInput struct {
	AccessToken      string `v:"required"`
	PreviousPassword string
	ProposedPassword string `v:"required"`
}

// changePassword serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html
func changePassword(c *call, in *changePasswordInput) (any, error) {
	b, err := c.authorize(in.AccessToken)
	if err != nil {
		return nil, err
	}
	if err := c.take(changes, c.subjectOf(b.pool, b.user, "")); err != nil {
		return nil, err
	}
	a := &signIn{call: c, pool: b.pool, client: b.client, user: b.user}
	v := a.verifier()
	if err := a.password(func() bool { return v.Check(in.PreviousPassword) }); err != nil {
		return nil, err
	}
	if err := checkPassword(b.pool, in.ProposedPassword); err != nil {
		return nil, err
	}
	return struct{}{}, a.change(func(u *state.User) error {
		u.Modified = c.options.Now()
		return setPassword(b.pool, u, in.ProposedPassword)
	})
}

// deleteUser serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUser.html
func deleteUser(c *call, in *accessTokenInput) (any, error) {
	b, err := c.authorize(in.AccessToken)
	if err != nil {
		return nil, err
	}
	return struct{}{}, gone(c.store.DeleteUser(b.pool.ID, b.user.Username))
}
