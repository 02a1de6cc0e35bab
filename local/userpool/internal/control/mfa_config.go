package control

import (
	"context"
	"encoding/json"
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// MFAConfig is a pool's MFA configuration. Members without effect are kept as raw JSON.
type MFAConfig struct {
	SmsMfaConfiguration           json.RawMessage `json:",omitempty"`
	EmailMfaConfiguration         json.RawMessage `json:",omitempty"`
	WebAuthnConfiguration         json.RawMessage `json:",omitempty"`
	SoftwareTokenMfaConfiguration *SoftwareTokens `json:",omitempty"`
	MfaConfiguration              string
}

// SoftwareTokens says whether users may register authenticator apps.
type SoftwareTokens struct{ Enabled bool }

// SetMFAConfigInput is the input of SetUserPoolMfaConfig.
type SetMFAConfigInput struct {
	UserPoolId string `v:"required,max=55"`
	MFAConfig
}

// SetMFAConfig serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
func (r *Room) SetMFAConfig(_ context.Context, in *SetMFAConfigInput) (*MFAConfig, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"", "OFF", "ON", "OPTIONAL"}, in.MfaConfiguration) {
		return nil, fault.Constrain("mfaConfiguration", fault.OneOf("OFF", "ON", "OPTIONAL"))
	}
	config := in.MFAConfig.withoutNulls()
	if config.MfaConfiguration == "" {
		config.MfaConfiguration = mfaOff // also of a pool that had another value: AWS resets it
	}
	kept, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	pool, err = r.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		settings := *p.Settings
		if err := judge(mfaRules(), mfaChange{MFAConfig: config, pool: wholeOf(*p)}); err != nil {
			return err
		}
		settings.MfaConfiguration = config.MfaConfiguration
		p.Settings, p.MFA, p.Modified = &settings, kept, r.now()
		p.TOTP = config.SoftwareTokenMfaConfiguration != nil && config.SoftwareTokenMfaConfiguration.Enabled
		return nil
	})
	if err != nil {
		return nil, err
	}
	return mfaConfigOf(pool), nil
}

// GetMFAConfig serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html
func (r *Room) GetMFAConfig(_ context.Context, in *PoolInput) (*MFAConfig, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	return mfaConfigOf(pool), nil
}

// mfaConfigOf returns what the pool has of the last SetUserPoolMfaConfig, and the pool's MfaConfiguration, which
// UpdateUserPool changes, too.
func mfaConfigOf(p state.Pool) *MFAConfig {
	out := &MFAConfig{}
	_ = json.Unmarshal(p.MFA, out) // empty before the first SetUserPoolMfaConfig
	out.MfaConfiguration = p.Settings.MfaConfiguration
	return out
}

// wholeOf returns a pool as rules see it.
func wholeOf(p state.Pool) whole { return whole{PoolSettings: p.Settings, mfa: *mfaConfigOf(p)} }

// withoutNulls returns the configuration without members that are null, which are the same as absent ones.
func (c MFAConfig) withoutNulls() MFAConfig {
	for _, block := range []*json.RawMessage{
		&c.SmsMfaConfiguration, &c.EmailMfaConfiguration, &c.WebAuthnConfiguration,
	} {
		if string(*block) == "null" {
			*block = nil
		}
	}
	return c
}
