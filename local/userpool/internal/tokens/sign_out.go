package tokens

import (
	"context"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
)

// TokenInput is the input of operations that take only an access token.
type TokenInput struct {
	AccessToken string `v:"required"`
}

// GlobalSignOut serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html
func (t *Room) GlobalSignOut(_ context.Context, at wire.Request, in *TokenInput) (*wire.Empty, error) {
	b, err := t.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	t.store.RevokeFamilies(b.Pool.ID, b.User.Username)
	return &wire.Empty{}, nil
}

// AdminGlobalSignOut serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html
func (t *Room) AdminGlobalSignOut(_ context.Context, in *directory.UserInput) (*wire.Empty, error) {
	pool, u, err := t.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	t.store.RevokeFamilies(pool.ID, u.Username)
	return &wire.Empty{}, nil
}

// RevokeInput is the input of RevokeToken.
type RevokeInput struct {
	Token        string `v:"required"`
	ClientId     string `v:"required,max=128"`
	ClientSecret string
	// RevokeAssociatedSessions may be LINKED, which revokes nothing else: no session comes through another one.
	RevokeAssociatedSessions string
}

// RevokeToken serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html
func (t *Room) RevokeToken(_ context.Context, in *RevokeInput) (*wire.Empty, error) {
	if err := checkAssociated(in.RevokeAssociatedSessions); err != nil {
		return nil, err
	}
	client, _, err := t.directory.Client(in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := directory.CheckClientSecret(client, in.ClientSecret); err != nil {
		return nil, err
	}
	if !revocable(client) {
		return nil, fault.New(fault.RevocationDisabled)
	}
	family, _, err := t.store.FamilyOf(in.Token)
	if err != nil {
		if poolOf(in.Token) != "" {
			return nil, fault.New(fault.TokenTypeUnsupported)
		}
		return &wire.Empty{}, nil // AWS ignores unknown tokens
	}
	if family.Client != client.ID {
		return nil, fault.New(fault.TokenOfAnotherClient)
	}
	return &wire.Empty{}, t.End(family)
}
