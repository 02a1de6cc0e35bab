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
	kept, err := json.Marshal(keptMFA{in.SmsMfaConfiguration, in.EmailMfaConfiguration, in.WebAuthnConfiguration})
	if err != nil {
		return nil, err
	}
	pool, err = r.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		settings := *p.Settings
		settings.MfaConfiguration = in.MfaConfiguration
		if settings.MfaConfiguration == "" {
			settings.MfaConfiguration = "OFF"
		}
		p.Settings, p.MFA, p.Modified = &settings, kept, r.now()
		p.TOTP = in.SoftwareTokenMfaConfiguration != nil && in.SoftwareTokenMfaConfiguration.Enabled
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

// keptMFA is the stored part of a configuration, which has no effect.
type keptMFA struct {
	SmsMfaConfiguration   json.RawMessage `json:",omitempty"`
	EmailMfaConfiguration json.RawMessage `json:",omitempty"`
	WebAuthnConfiguration json.RawMessage `json:",omitempty"`
}

func mfaConfigOf(p state.Pool) *MFAConfig {
	var kept keptMFA
	_ = json.Unmarshal(p.MFA, &kept) // empty before the first SetUserPoolMfaConfig
	out := &MFAConfig{
		SmsMfaConfiguration: kept.SmsMfaConfiguration, EmailMfaConfiguration: kept.EmailMfaConfiguration,
		WebAuthnConfiguration: kept.WebAuthnConfiguration, MfaConfiguration: p.Settings.MfaConfiguration,
	}
	if p.TOTP {
		out.SoftwareTokenMfaConfiguration = &SoftwareTokens{Enabled: true}
	}
	return out
}
