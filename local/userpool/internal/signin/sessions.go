package signin

import (
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
	"cognito-triggers/shared/cognito"
)

// TokenInput is the input of operations that take only an access token.
type TokenInput struct {
	AccessToken string `v:"required"`
}

// GlobalSignOut serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html
func (r *Room) GlobalSignOut(_ context.Context, at wire.Request, in *TokenInput) (*wire.Empty, error) {
	b, err := r.tokens.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	r.store.RevokeFamilies(b.Pool.ID, b.User.Username)
	return &wire.Empty{}, nil
}

// AdminGlobalSignOut serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html
func (r *Room) AdminGlobalSignOut(_ context.Context, in *directory.UserInput) (*wire.Empty, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	r.store.RevokeFamilies(pool.ID, u.Username)
	return &wire.Empty{}, nil
}

// RevokeInput is the input of RevokeToken.
type RevokeInput struct {
	Token        string `v:"required"`
	ClientId     string `v:"required,max=128"`
	ClientSecret string
}

// Revoke serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html
func (r *Room) Revoke(_ context.Context, in *RevokeInput) (*wire.Empty, error) {
	client, _, err := r.directory.Client(in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := directory.CheckClientSecret(client, in.ClientSecret); err != nil {
		return nil, err
	}
	if !revocable(client) {
		return nil, fault.New(fault.RevocationDisabled)
	}
	family, _, err := r.store.FamilyOf(in.Token)
	if err != nil {
		if poolOfToken(in.Token) != "" {
			return nil, fault.New(fault.TokenTypeUnsupported)
		}
		return &wire.Empty{}, nil // AWS ignores unknown tokens
	}
	if family.Client != client.ID {
		return nil, fault.New(fault.TokenOfAnotherClient)
	}
	_, err = r.store.UpdateFamily(family.OriginJTI, func(f *state.Family) error { f.Revoked = true; return nil })
	return &wire.Empty{}, err
}

func revocable(client state.Client) bool {
	setting := client.Settings.EnableTokenRevocation
	return setting == nil || *setting
}

// RefreshInput is the input of GetTokensFromRefreshToken.
type RefreshInput struct {
	RefreshToken   string `v:"required"`
	ClientId       string `v:"required,max=128"`
	ClientSecret   string
	DeviceKey      string `v:"max=55"`
	ClientMetadata map[string]string
}

// RefreshOutput is the output of GetTokensFromRefreshToken.
type RefreshOutput struct{ AuthenticationResult *Issued }

// Refresh serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html
func (r *Room) Refresh(ctx context.Context, at wire.Request, in *RefreshInput) (*RefreshOutput, error) {
	client, pool, err := r.directory.Client(in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := directory.CheckClientSecret(client, in.ClientSecret); err != nil {
		return nil, err
	}
	a := r.attempt(at, client, pool)
	a.metadata, a.device = in.ClientMetadata, in.DeviceKey
	issued, err := r.refresh(ctx, a, in.RefreshToken, func() error { return nil })
	return &RefreshOutput{issued}, err
}

// checkRefreshHash checks the SECRET_HASH of a refresh. It is made with the user name, also where users sign in with an
// alias; in pools without user names that is the sub.
func (a *Attempt) checkRefreshHash(hash string) error {
	err := directory.CheckSecretHash(a.Client, hash, a.User.Username)
	if fault.Is(err, fault.SecretHashWrong) {
		return fault.New(fault.RefreshHashWrong, a.Client.ID)
	}
	return err
}

// refresh exchanges a refresh token for new tokens. It calls check once the user is known.
func (r *Room) refresh(ctx context.Context, a *Attempt, refreshToken string, check func() error) (*Issued, error) {
	family, current, err := r.store.FamilyOf(refreshToken)
	now := r.now()
	grace := !current && now.Before(family.PreviousUntil)
	switch {
	case err != nil || family.Client != a.Client.ID || family.Pool != a.Pool.ID:
		return nil, fault.New(fault.RefreshTokenInvalid)
	case family.Revoked:
		return nil, fault.New(fault.RefreshTokenRevoked)
	case now.After(family.Expires):
		return nil, fault.New(fault.RefreshTokenExpired)
	case !current && !grace:
		return nil, fault.New(fault.RefreshTokenReused)
	}
	if a.User, err = r.directory.User(a.Pool, family.Username); err != nil {
		return nil, fault.New(fault.RefreshTokenInvalid)
	}
	if err := check(); err != nil {
		return nil, err
	}
	if err := a.deviceMayRefresh(family); err != nil {
		return nil, err
	}
	if a.User.Disabled {
		return nil, fault.New(fault.UserDisabled)
	}
	source := cognito.TokenGenerationRefreshTokens
	out, err := r.tokens.issue(ctx, a.Request, a.bearer(), family, source, a.metadata)
	if err != nil {
		return nil, err
	}
	rotation := a.Client.Settings.RefreshTokenRotation
	if rotation != nil && rotation.Feature == "ENABLED" && current {
		if out.RefreshToken, err = r.rotate(family, rotation.RetryGracePeriodSeconds); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// rotate creates the next refresh token of a family. Of two requests with the same token, only the first gets a new
// one; the second is rejected, or treated as a reuse within the grace period.
func (r *Room) rotate(family state.Family, graceSeconds int) (string, error) {
	next := token.NewRefresh()
	_, err := r.store.UpdateFamily(family.OriginJTI, func(f *state.Family) error {
		now := r.now()
		switch {
		case f.Revoked:
			return fault.New(fault.RefreshTokenRevoked)
		case f.Current != family.Current && f.Previous == family.Current && now.Before(f.PreviousUntil):
			next = ""
			return nil
		case f.Current != family.Current:
			return fault.New(fault.RefreshTokenReused)
		}
		f.Previous, f.PreviousUntil = f.Current, now.Add(time.Duration(graceSeconds)*time.Second)
		f.Current = state.HashToken(next)
		return nil
	})
	return next, err
}
