package state

import "encoding/json"

// MFASettings are the members of the last SetUserPoolMfaConfig that sign-ins depend on.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
type MFASettings struct {
	SmsMfaConfiguration   *SMSMFA
	EmailMfaConfiguration *EmailMFA
	WebAuthnConfiguration *WebAuthn
}

// SMSMFA allows codes by SMS as the second factor.
type SMSMFA struct {
	SmsAuthenticationMessage string          `json:",omitempty"`
	SmsConfiguration         json.RawMessage `json:",omitempty"`
}

// EmailMFA allows codes by e-mail as the second factor. The text is also that of codes as the first factor.
type EmailMFA struct {
	Message string `json:",omitempty"`
	Subject string `json:",omitempty"`
}

// WebAuthn holds the rules for passkeys.
type WebAuthn struct {
	RelyingPartyId      string `json:",omitempty"`
	UserVerification    string `json:",omitempty"`
	FactorConfiguration string `json:",omitempty"`
}

// MultiFactor is the FactorConfiguration with which a passkey counts as both factors.
const MultiFactor = "MULTI_FACTOR_WITH_USER_VERIFICATION"

// AreBothFactors reports whether a passkey whose authenticator verified the user stands for the second factor, too.
func (w *WebAuthn) AreBothFactors() bool { return w != nil && w.FactorConfiguration == MultiFactor }

// SendsSMS reports whether an SmsConfiguration names the role that sends.
func SendsSMS(config json.RawMessage) bool {
	var c struct {
		SnsCallerArn string
		EumsSms      struct{ CallerArn string }
	}
	return json.Unmarshal(config, &c) == nil && c.SnsCallerArn+c.EumsSms.CallerArn != ""
}

// MFASettings returns what SetUserPoolMfaConfig set last.
func (p Pool) MFASettings() (s MFASettings) {
	_ = json.Unmarshal(p.MFA, &s) // validated by SetUserPoolMfaConfig; empty before
	return s
}

// AllowsFirst reports whether users of the pool may begin a choice-based sign-in with a factor. A password is always
// allowed.
func (s *PoolSettings) AllowsFirst(factor string) bool {
	if factor == "PASSWORD" {
		return true
	}
	if s.Policies == nil || s.Policies.SignInPolicy == nil {
		return false
	}
	for _, allowed := range s.Policies.SignInPolicy.AllowedFirstAuthFactors {
		if allowed == factor {
			return true
		}
	}
	return false
}
