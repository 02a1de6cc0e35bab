package accounts

import (
	"context"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// ResendInput is the input of ResendConfirmationCode.
type ResendInput struct {
	ClientId       string `v:"required,max=128"`
	SecretHash     string
	Username       string `v:"required,max=128"`
	ClientMetadata map[string]string
}

// ResendCode serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
func (r *Room) ResendCode(ctx context.Context, at wire.Request, in *ResendInput) (*Delivered, error) {
	c, err := r.directory.Caller(in.ClientId, in.SecretHash, in.Username)
	if err != nil {
		return nil, err
	}
	if err := r.limits.Take(limits.Resends, limits.UserOr(c.Pool, c.User, c.Name), r.now()); err != nil {
		return nil, err
	}
	if directory.Discreet(c.Client) && (c.Missing != nil || c.User.Disabled) {
		return &Delivered{r.delivery.Pretended(c.Pool, c.Name)}, nil
	}
	if c.Missing != nil {
		return nil, c.Missing
	}
	if c.User.Status != state.Unconfirmed {
		return nil, fault.New(fault.Invalid, "User is already confirmed.")
	}
	to := delivery.Recipient(c.Pool, c.User)
	if to == "" {
		return nil, fault.New(fault.Invalid, "Cannot resend codes. Auto verification not turned on.")
	}
	sent, err := r.delivery.SendCode(ctx, delivery.Outgoing{
		Pool: c.Pool, User: c.User, Purpose: delivery.SignUp, Source: cognito.CustomMessageResendCode,
		ClientID: c.Client.ID, Metadata: in.ClientMetadata, Attribute: to, Address: c.User.Attributes[to],
		BaseURL: at.BaseURL,
	})
	return &Delivered{sent}, err
}
