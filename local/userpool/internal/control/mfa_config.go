package control

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// MFAConfig is a pool's MFA configuration. Members without effect are kept as raw JSON.
type MFAConfig struct {
	SmsMfaConfiguration           *state.SMSMFA   `json:",omitempty"`
	EmailMfaConfiguration         *state.EmailMFA `json:",omitempty"`
	WebAuthnConfiguration         *state.WebAuthn `json:",omitempty"`
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
	if err := config.checkMessages(); err != nil {
		return nil, err
	}
	if err := checkPasskeys(config.WebAuthnConfiguration); err != nil {
		return nil, err
	}
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
	if sms := c.SmsMfaConfiguration; sms != nil && string(sms.SmsConfiguration) == "null" {
		c.SmsMfaConfiguration = &state.SMSMFA{SmsAuthenticationMessage: sms.SmsAuthenticationMessage}
	}
	return c
}

// The lengths of messages with codes, in characters.
const (
	minMessage                = 6
	maxSMS, maxMail, maxTitle = 140, 20_000, 131_072
	codePlaceholder           = "{####}"
)

// checkMessages returns an error if a message for sign-in codes breaks the API's constraints.
func (c MFAConfig) checkMessages() error {
	if sms := c.SmsMfaConfiguration; sms != nil {
		const path = "smsMfaConfiguration.smsAuthenticationMessage"
		if err := checkMessage(path, sms.SmsAuthenticationMessage, maxSMS); err != nil {
			return err
		}
	}
	mail := c.EmailMfaConfiguration
	if mail == nil {
		return nil
	}
	if utf8.RuneCountInString(mail.Subject) > maxTitle {
		return fault.Constrain("emailMfaConfiguration.subject",
			"Member must have length less than or equal to "+strconv.Itoa(maxTitle))
	}
	return checkMessage("emailMfaConfiguration.message", mail.Message, maxMail)
}

func checkMessage(path, text string, most int) error {
	switch length := utf8.RuneCountInString(text); {
	case text == "":
		return nil
	case length < minMessage:
		return fault.Constrain(path, "Member must have length greater than or equal to "+strconv.Itoa(minMessage))
	case length > most:
		return fault.Constrain(path, "Member must have length less than or equal to "+strconv.Itoa(most))
	case !strings.Contains(text, codePlaceholder):
		return fault.Constrain(path, `Member must satisfy regular expression pattern: .*\{####\}.*`)
	}
	return nil
}

// maxRelyingParty is the length of a relying party's id, in characters.
const maxRelyingParty = 127

// checkPasskeys returns an error if the rules for passkeys break the API's constraints.
func checkPasskeys(w *state.WebAuthn) error {
	const path = "webAuthnConfiguration."
	switch {
	case w == nil:
		return nil
	case utf8.RuneCountInString(w.RelyingPartyId) > maxRelyingParty:
		return fault.Constrain(path+"relyingPartyId",
			"Member must have length less than or equal to "+strconv.Itoa(maxRelyingParty))
	case !slices.Contains([]string{"", "required", "preferred"}, w.UserVerification):
		return fault.Constrain(path+"userVerification", fault.OneOf("required", "preferred"))
	case !slices.Contains([]string{"", singleFactor, state.MultiFactor}, w.FactorConfiguration):
		return fault.Constrain(path+"factorConfiguration", fault.OneOf(singleFactor, state.MultiFactor))
	}
	return nil
}
