package accounts

import (
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/internal/secondfactor"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// ForgotInput is the input of ForgotPassword.
type ForgotInput struct {
	ClientId       string `v:"required,max=128"`
	SecretHash     string
	Username       string `v:"required,max=128"`
	ClientMetadata map[string]string
}

// ForgotPassword serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html
func (r *Room) ForgotPassword(ctx context.Context, at wire.Request, in *ForgotInput) (*Delivered, error) {
	c, err := r.directory.Caller(in.ClientId, in.SecretHash, in.Username)
	if err != nil {
		return nil, err
	}
	who, discreet := limits.UserOr(c.Pool, c.User, c.Name), directory.Discreet(c.Client)
	if err := r.limits.Take(limits.Resets, who, r.now()); err != nil {
		return nil, err
	}
	u := c.User
	if c.Missing != nil {
		migrated, failed := r.migration.OfForgotten(ctx, c, in.ClientMetadata)
		switch {
		case failed == nil && migrated != nil:
			u = *migrated
		case discreet:
			return r.pretendReset(c, who), nil
		case failed != nil:
			return nil, failed
		default:
			return nil, c.Missing
		}
	}
	none := u.Disabled || hasNoneToReset(u) || secondfactor.Recovery(c.Pool, u) == ""
	if discreet && none {
		return r.pretendReset(c, who), nil
	}
	sent, err := r.sendReset(ctx, delivery.Outgoing{
		Pool: c.Pool, User: u, ClientID: c.Client.ID, Metadata: in.ClientMetadata, BaseURL: at.BaseURL,
	})
	return &Delivered{sent}, err
}

// pretendReset counts a request for a code, so that a caller who guesses names gets the same answers as for existing
// users.
func (r *Room) pretendReset(c directory.Caller, who limits.Subject) *Delivered {
	now := r.now()
	r.limits.Update(who, limits.ResetCodes, now, func(t *limits.Tally) {
		t.Tries, t.Expires = 0, now.Add(delivery.ResetLifetime)
	})
	return &Delivered{r.delivery.Pretended(c.Pool, c.Name)}
}

// pretendedTry returns the error for a code of a user who was not sent one.
func (r *Room) pretendedTry(who limits.Subject) error {
	var code fault.Code
	now := r.now()
	r.limits.Update(who, limits.ResetCodes, now, func(t *limits.Tally) {
		switch {
		case now.After(t.Expires):
			code = fault.CodeExpired
		case t.Tries >= delivery.MaxTries:
			code = fault.TooManyTries
		default:
			t.Tries++
			code = fault.CodeMismatch
		}
	})
	return fault.New(code)
}

// hasNoneToReset reports whether the user has no password of their own: a temporary one, or, as a federated user, none.
func hasNoneToReset(u state.User) bool {
	return u.Status == state.ForceChangePassword || u.Status == state.ExternalProvider
}

// sendReset sends a code for a new password to the address with the highest priority in the pool's settings.
func (r *Room) sendReset(ctx context.Context, m delivery.Outgoing) (delivery.Details, error) {
	m.Purpose, m.Source = delivery.Reset, cognito.CustomMessageForgotPassword
	m.Attribute = secondfactor.Recovery(m.Pool, m.User)
	switch {
	case m.User.Disabled:
		return delivery.Details{}, fault.New(fault.UserDisabled)
	case hasNoneToReset(m.User):
		return delivery.Details{}, fault.New(fault.CannotReset)
	case m.Attribute == "":
		return delivery.Details{}, fault.New(fault.Invalid,
			"Cannot reset password for the user as there is no registered/verified email or phone_number")
	}
	m.Address = m.User.Attributes[m.Attribute]
	return r.delivery.SendCode(ctx, m)
}

// ConfirmForgotInput is the input of ConfirmForgotPassword.
type ConfirmForgotInput struct {
	ClientId         string `v:"required,max=128"`
	SecretHash       string
	Username         string `v:"required,max=128"`
	ConfirmationCode string `v:"required,max=2048"`
	Password         string `v:"required"`
	ClientMetadata   map[string]string
}

// ConfirmForgotPassword serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html
func (r *Room) ConfirmForgotPassword(ctx context.Context, in *ConfirmForgotInput) (*wire.Empty, error) {
	c, err := r.directory.Caller(in.ClientId, in.SecretHash, in.Username)
	if err != nil {
		return nil, err
	}
	if err := directory.CheckPassword(c.Pool, in.Password); err != nil {
		return nil, err
	}
	who := limits.UserOr(c.Pool, c.User, c.Name)
	if err := r.limits.Take(limits.Resets, who, r.now()); err != nil {
		return nil, err
	}
	_, sent := c.User.Codes[string(delivery.Reset)]
	switch {
	case directory.Discreet(c.Client) && (!sent || c.User.Disabled):
		return nil, r.pretendedTry(who)
	case c.Missing != nil:
		return nil, c.Missing
	}
	u, err := r.delivery.UseCode(c.Pool, c.User.Username, delivery.Reset, in.ConfirmationCode, state.KeepAliases,
		func(u *state.User, code state.Code) error {
			u.Status, u.TemporaryUntil, u.LockedUntil = state.Confirmed, time.Time{}, time.Time{}
			verify(u, code)
			return directory.SetPassword(c.Pool, u, in.Password)
		})
	if err != nil {
		return nil, err
	}
	source := cognito.PostConfirmationConfirmForgotPassword
	return &wire.Empty{}, r.triggers.PostConfirmation(ctx, c.Pool, u, source, c.Client.ID, in.ClientMetadata)
}

// AdminResetPassword serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminResetUserPassword.html
func (r *Room) AdminResetPassword(ctx context.Context, at wire.Request, in *AdminMetadataInput) (*wire.Empty, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	if u.Status == state.Unconfirmed {
		return nil, fault.New(fault.CannotReset)
	}
	m := delivery.Outgoing{Pool: pool, User: u, Metadata: in.ClientMetadata, BaseURL: at.BaseURL}
	if _, err := r.sendReset(ctx, m); err != nil {
		return nil, err
	}
	_, err = r.directory.Change(pool, u.Username, func(u *state.User) error {
		u.Status, u.Modified = state.ResetRequired, r.now()
		return nil
	})
	return &wire.Empty{}, err
}
