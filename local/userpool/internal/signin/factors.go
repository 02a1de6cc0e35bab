package signin

import (
	"context"
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// FactorsOutput is the output of GetUserAuthFactors and AdminGetUserAuthFactors.
type FactorsOutput struct {
	Username string
	directory.MFASettings
	ConfiguredUserAuthFactors []string `json:",omitempty"`
}

// AuthFactors serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAuthFactors.html
func (r *Room) AuthFactors(_ context.Context, at wire.Request, in *tokens.TokenInput) (*FactorsOutput, error) {
	b, err := r.tokens.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return r.factorsOf(b.Pool, b.User), nil
}

// AdminAuthFactors serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUserAuthFactors.html
func (r *Room) AdminAuthFactors(_ context.Context, in *directory.UserInput) (*FactorsOutput, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return r.factorsOf(pool, u), nil
}

// factorsOf lists the factors of choice-based sign-in that the user has and the pool allows, whatever its MFA demands.
func (r *Room) factorsOf(pool state.Pool, u state.User) *FactorsOutput {
	out := &FactorsOutput{Username: u.Username, MFASettings: directory.MFASettingsOf(u)}
	a := &Attempt{room: r, Pool: pool, User: u}
	for _, f := range firstFactors() {
		listed := slices.Contains(out.ConfiguredUserAuthFactors, f.allowed)
		if !listed && pool.Settings.AllowsFirst(f.allowed) && f.has(a) {
			out.ConfiguredUserAuthFactors = append(out.ConfiguredUserAuthFactors, f.allowed)
		}
	}
	return out
}
