package control

import (
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// rule is a contradiction between settings that AWS refuses. The settings are those that would result from the request,
// so a request that repeats what the pool has is judged like the one that created it.
type rule[T any] struct {
	broken func(T) bool
	text   string     // AWS's, word for word
	code   fault.Code // fault.Invalid unless set
}

// judge returns the error of the first rule that is broken.
func judge[T any](rules []rule[T], of T) error {
	for _, r := range rules {
		if !r.broken(of) {
			continue
		}
		if r.code == "" {
			r.code = fault.Invalid
		}
		return fault.New(r.code, r.text)
	}
	return nil
}

// whole is a pool as it would be after a request.
type whole struct {
	*state.PoolSettings
	mfa MFAConfig // the factors of SetUserPoolMfaConfig; its MfaConfiguration is not used
}

// Values of settings that contradict others.
const (
	mfaOff, mfaOn    = "OFF", "ON"
	developer        = "DEVELOPER"
	cognitoDefault   = "COGNITO_DEFAULT"
	lite             = "LITE"
	adminOnly        = "admin_only"
	phoneNumber      = "phone_number"
	password         = "PASSWORD"
	emailOTP, smsOTP = "EMAIL_OTP", "SMS_OTP"
	webAuthn         = "WEB_AUTHN"
	singleFactor     = "SINGLE_FACTOR"
)

// onlyPasswords is the text for one-time codes as the first factor of a pool that requires a second one.
const onlyPasswords = "Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled"

// poolRules are those of CreateUserPool and UpdateUserPool. docs/aws-behaviour.md says how each is known.
func poolRules() []rule[whole] {
	return []rule[whole]{
		{broken: func(w whole) bool { return len(w.UsernameAttributes) > 0 && len(w.AliasAttributes) > 0 },
			text: "Only one of the aliasAttributes or usernameAttributes can be set in a User pool."},
		{broken: whole.recoversByAdministratorAndMore,
			text: "Invalid account recovery setting parameter. Account Recovery Setting cannot use admin_only setting with " +
				"any other recovery mechanisms."},
		{broken: whole.repeatsRecovery,
			text: "Invalid account recovery setting parameter. Account Recovery Setting cannot have duplicate priorities or " +
				"recovery mechanisms."},
		{broken: func(w whole) bool {
			return w.EmailConfiguration.EmailSendingAccount == developer && w.EmailConfiguration.SourceArn == ""
		}, text: "Source ARN is required to use DEVELOPER email sending owner"},
		{broken: whole.verifiesMoreThanItSends,
			text: "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes"},
		{broken: func(w whole) bool { return slices.Contains(w.AutoVerifiedAttributes, phoneNumber) && !w.sendsSMS() },
			text: "SMS configuration is required when phone_number is selected for auto verification"},
		{broken: func(w whole) bool { return w.allows(smsOTP) && !w.sendsSMS() },
			text: "SMS_OTP can not be configured as AuthFactor as user pool is missing valid SMS configuration"},
		{broken: func(w whole) bool { return len(w.firstFactors()) > 0 && !w.allows(password) },
			text: "Password should be configured as one of the allowed first auth factors."},
		{broken: func(w whole) bool { return w.UserPoolTier == lite && w.allows(emailOTP, smsOTP, webAuthn) },
			code: fault.FeatureOfTier, text: "Passwordless Sign-In"},
		{broken: func(w whole) bool { return w.UserPoolTier == lite && w.tokenVersion() == "V2_0" },
			code: fault.FeatureOfTier, text: "Token Customization with Pre-Token Generation Lambda V2_0"},
		{broken: func(w whole) bool { return w.UserPoolTier == lite && w.tokenVersion() == "V3_0" },
			code: fault.FeatureOfTier, text: "Token Customization with Pre-Token Generation Lambda V3_0"},
		{broken: func(w whole) bool { return w.MfaConfiguration != mfaOff && !w.sendsSMS() && !w.mfa.active() },
			text: "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"},
		{broken: func(w whole) bool { return w.MfaConfiguration == mfaOn && w.allows(emailOTP, smsOTP) },
			text: onlyPasswords},
		{broken: func(w whole) bool {
			return w.MfaConfiguration == mfaOn && w.allows(webAuthn) && !w.mfa.WebAuthnConfiguration.AreBothFactors()
		}, text: "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA"},
	}
}

// mfaChange is a request of SetUserPoolMfaConfig and the pool that it is for.
type mfaChange struct {
	MFAConfig
	pool whole
}

// mfaRules are those of SetUserPoolMfaConfig.
func mfaRules() []rule[mfaChange] {
	return []rule[mfaChange]{
		{broken: func(m mfaChange) bool { return m.MfaConfiguration == mfaOff && m.hasFactorBlock() },
			text: "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."},
		{broken: func(m mfaChange) bool {
			return m.MfaConfiguration != mfaOff && !m.hasFactorBlock() && m.WebAuthnConfiguration == nil
		}, text: "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration."},
		{broken: func(m mfaChange) bool { return m.MfaConfiguration != mfaOff && !m.active() },
			text: "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled."},
		{broken: func(m mfaChange) bool { return m.MfaConfiguration == mfaOn && m.pool.allows(emailOTP, smsOTP) },
			text: onlyPasswords},
		{broken: func(m mfaChange) bool {
			return m.MfaConfiguration == mfaOn && m.pool.allows(webAuthn) && !m.WebAuthnConfiguration.AreBothFactors()
		}, text: "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed " +
			"first auth factor"},
		{broken: func(m mfaChange) bool {
			return m.EmailMfaConfiguration != nil && m.pool.EmailConfiguration.EmailSendingAccount == cognitoDefault
		}, text: "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of " +
			"COGNITO_DEFAULT. Update the value of EmailSendingAccount."},
	}
}

func (w whole) firstFactors() []string { return firstFactors(w.PoolSettings) }

func firstFactors(s *state.PoolSettings) []string {
	if s.Policies == nil || s.Policies.SignInPolicy == nil {
		return nil
	}
	return s.Policies.SignInPolicy.AllowedFirstAuthFactors
}

// allows reports whether one of these is a first factor.
func (w whole) allows(factors ...string) bool {
	return slices.ContainsFunc(w.firstFactors(), func(name string) bool { return slices.Contains(factors, name) })
}

// sendsSMS reports whether the pool can send SMS messages.
func (w whole) sendsSMS() bool {
	return state.SendsSMS(w.SmsConfiguration) || state.SendsSMS(w.mfa.sms().SmsConfiguration)
}

func (w whole) tokenVersion() string {
	if w.LambdaConfig == nil {
		return ""
	}
	function, _ := w.LambdaConfig.Function(cognito.PreTokenGeneration)
	return function.Version
}

func (w whole) recovery() []state.RecoveryMechanism {
	if w.AccountRecoverySetting == nil {
		return nil
	}
	return w.AccountRecoverySetting.RecoveryMechanisms
}

func (w whole) recoversByAdministratorAndMore() bool {
	byAdministrator := func(m state.RecoveryMechanism) bool { return m.Name == adminOnly }
	return len(w.recovery()) > 1 && slices.ContainsFunc(w.recovery(), byAdministrator)
}

func (w whole) repeatsRecovery() bool {
	for i, m := range w.recovery() {
		for _, other := range w.recovery()[:i] {
			if m.Name == other.Name || m.Priority == other.Priority {
				return true
			}
		}
	}
	return false
}

func (w whole) verifiesMoreThanItSends() bool {
	if w.UserAttributeUpdateSettings == nil {
		return false
	}
	return slices.ContainsFunc(w.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate,
		func(name string) bool { return !slices.Contains(w.AutoVerifiedAttributes, name) })
}

// hasFactorBlock reports whether the configuration names a second factor, turned on or not. Passkeys are none.
func (c MFAConfig) hasFactorBlock() bool {
	return c.SmsMfaConfiguration != nil || c.EmailMfaConfiguration != nil || c.SoftwareTokenMfaConfiguration != nil
}

// active reports whether a second factor is on.
func (c MFAConfig) active() bool {
	return c.SmsMfaConfiguration != nil || c.EmailMfaConfiguration != nil ||
		c.SoftwareTokenMfaConfiguration != nil && c.SoftwareTokenMfaConfiguration.Enabled
}

// sms returns the configuration of SMS as a second factor.
func (c MFAConfig) sms() state.SMSMFA {
	if c.SmsMfaConfiguration == nil {
		return state.SMSMFA{}
	}
	return *c.SmsMfaConfiguration
}
