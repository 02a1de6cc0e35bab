package control

import (
	"context"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

const (
	maxTokenSessions = 100     // that MaxPerUser may be
	defaultSSO       = 60      // minutes
	maxSSO           = 129_600 // minutes, 90 days
)

// TokenSessions are the settings of sessions that begin with the user pools API.
type TokenSessions struct{ MaxPerUser int }

// PoolSessions is the input of SetUserPoolSessionConfiguration, and the output of it and its counterpart.
type PoolSessions struct {
	UserPoolId          string         `v:"required,max=55"`
	UserSessionTracking string         `v:"required"`
	TokenSession        *TokenSessions `v:"required"`
}

func poolSessions(p state.Pool) *PoolSessions {
	out := &PoolSessions{UserPoolId: p.ID, UserSessionTracking: disabled,
		TokenSession: &TokenSessions{p.TokenSessions()}}
	if p.SessionTracking {
		out.UserSessionTracking = enabled
	}
	return out
}

// GetSessions serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolSessionConfiguration.html
func (r *Room) GetSessions(_ context.Context, in *PoolInput) (*PoolSessions, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	return poolSessions(pool), nil
}

// SetSessions serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolSessionConfiguration.html
func (r *Room) SetSessions(_ context.Context, in *PoolSessions) (*PoolSessions, error) {
	switch {
	case in.UserSessionTracking != enabled && in.UserSessionTracking != disabled:
		return nil, fault.Constrain("userSessionTracking", fault.OneOf(enabled, disabled))
	case in.TokenSession.MaxPerUser < 1 || in.TokenSession.MaxPerUser > maxTokenSessions:
		return nil, fault.Constrain("tokenSession.maxPerUser", "Member must have value between 1 and 100")
	}
	pool, err := r.change(in.UserPoolId, func(p *state.Pool) error {
		if p.Settings.UserPoolTier == lite {
			return fault.New(fault.FeatureOfTier, "User session tracking")
		}
		p.SessionTracking, p.MaxTokenSessions = in.UserSessionTracking == enabled, in.TokenSession.MaxPerUser
		return nil
	})
	if err != nil {
		return nil, err
	}
	return poolSessions(pool), nil
}

// SSOSessions are the settings of sessions of managed login: for how long a sign-in serves.
type SSOSessions struct{ MaxValidityMinutes *int }

// ClientSessions is the input of SetUserPoolClientSessionConfiguration, and the output of it and its counterpart.
type ClientSessions struct {
	UserPoolId string       `v:"required,max=55"`
	ClientId   string       `v:"required,max=128"`
	SSOSession *SSOSessions `v:"required"`
}

func clientSessions(c state.Client) *ClientSessions {
	minutes := defaultSSO
	if c.SSOMinutes != nil {
		minutes = *c.SSOMinutes
	}
	return &ClientSessions{UserPoolId: c.Pool, ClientId: c.ID, SSOSession: &SSOSessions{&minutes}}
}

// GetClientSessions serves the operation GetUserPoolClientSessionConfiguration:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/
func (r *Room) GetClientSessions(_ context.Context, in *ClientInput) (*ClientSessions, error) {
	client, _, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	return clientSessions(client), nil
}

// SetClientSessions serves the operation SetUserPoolClientSessionConfiguration:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/
func (r *Room) SetClientSessions(_ context.Context, in *ClientSessions) (*ClientSessions, error) {
	client, pool, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	minutes := in.SSOSession.MaxValidityMinutes
	switch {
	case err != nil:
		return nil, err
	case minutes == nil:
		return nil, fault.Constrain("sSOSession.maxValidityMinutes", "Member must not be null")
	case *minutes < 0 || *minutes > maxSSO:
		return nil, fault.Constrain("sSOSession.maxValidityMinutes", "Member must have value between 0 and 129600")
	case pool.Settings.UserPoolTier == lite:
		return nil, fault.New(fault.FeatureOfTier, "User session tracking")
	case !pool.SessionTracking:
		return nil, fault.New(fault.Invalid, "User session tracking is not enabled for this user pool.")
	}
	client, err = r.store.UpdateClient(client.ID, func(c *state.Client) error {
		c.SSOMinutes = minutes
		return nil
	})
	if err != nil {
		return nil, err
	}
	return clientSessions(client), nil
}
