package accounts

import (
	"context"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/wire"
)

// TokenInput is the input of operations that take only an access token.
type TokenInput struct {
	AccessToken string `v:"required"`
}

// UserOutput is the output of GetUser.
type UserOutput struct {
	Username       string
	UserAttributes []wire.Attribute
	directory.MFASettings
}

// GetUser serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
func (r *Room) GetUser(_ context.Context, at wire.Request, in *TokenInput) (*UserOutput, error) {
	b, err := r.signIns.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return &UserOutput{
		Username: b.User.Username, UserAttributes: wire.AttributeList(directory.ReadableAttributes(b.Client, b.User)),
		MFASettings: directory.MFASettingsOf(b.User),
	}, nil
}

// DeleteUser serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUser.html
func (r *Room) DeleteUser(_ context.Context, at wire.Request, in *TokenInput) (*wire.Empty, error) {
	b, err := r.signIns.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return &wire.Empty{}, directory.Gone(r.store.DeleteUser(b.Pool.ID, b.User.Username))
}
