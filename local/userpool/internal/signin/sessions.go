package signin

import (
	"cmp"
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
	"cognito-triggers/shared/cognito"
)

// RefreshInput is the input of GetTokensFromRefreshToken.
type RefreshInput struct {
	RefreshToken   string `v:"required"`
	ClientId       string `v:"required,max=128"`
	ClientSecret   string
	DeviceKey      string `v:"max=55"`
	ClientMetadata map[string]string
}

// RefreshOutput is the output of GetTokensFromRefreshToken.
type RefreshOutput struct{ AuthenticationResult *tokens.Issued }

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
	a.metadata, a.device, a.refreshSource = in.ClientMetadata, in.DeviceKey, r.refreshSource
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
func (r *Room) refresh(
	ctx context.Context, a *Attempt, refreshToken string, check func() error,
) (*tokens.Issued, error) {
	family, current, err := r.store.FamilyOf(refreshToken)
	now := r.now()
	grace := !current && family.InGrace(state.HashToken(refreshToken), now)
	switch {
	case err != nil || family.Client != a.Client.ID || family.Pool != a.Pool.ID:
		return nil, fault.New(fault.RefreshTokenInvalid)
	case family.Revoked:
		return nil, fault.New(fault.RefreshTokenRevoked)
	case now.After(family.Expires):
		return nil, fault.New(fault.RefreshTokenExpired)
	case !current && !grace:
		return nil, r.reused(family)
	}
	a.User, err = r.directory.User(a.Pool, family.Username)
	if err != nil || family.Sub != "" && family.Sub != a.User.Sub() { // the user is gone, or somebody else has the name
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
	source := cmp.Or(a.refreshSource, cognito.TokenGenerationRefreshTokens)
	out, err := r.tokens.Issue(ctx, a.Request, a.bearer(), family, source, a.metadata)
	if err != nil {
		return nil, err
	}
	if err := r.tokens.Active(a.Request, a.Pool, family); err != nil {
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

// reused returns the error for a refresh token that was rotated away, and ends the sign-in where that is the choice.
func (r *Room) reused(family state.Family) error {
	if r.reuse == ReuseRevokes {
		if err := r.tokens.End(family); err != nil {
			return err
		}
	}
	return fault.New(fault.RefreshTokenReused)
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
		case f.Current != family.Current && f.InGrace(family.Current, now):
			next = ""
			return nil
		case f.Current != family.Current:
			return fault.New(fault.RefreshTokenReused)
		}
		f.Rotate(state.HashToken(next), now.Add(time.Duration(graceSeconds)*time.Second))
		return nil
	})
	return next, err
}

// Authorize returns the user of an access token, which must have the scope token.SelfService.
func (r *Room) Authorize(at wire.Request, accessToken string) (directory.Bearer, error) {
	return r.tokens.Authorize(at, accessToken)
}
