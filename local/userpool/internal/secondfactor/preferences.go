package secondfactor

import (
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// Preference is a user's setting for a factor.
type Preference struct{ Enabled, PreferredMfa bool }

// PasskeyPreference says whether a user's passkeys count as both factors.
type PasskeyPreference struct{ Enabled bool }

// Preferences holds the settings to change. Those that are nil stay unchanged.
type Preferences struct {
	SMSMfaSettings           *Preference
	SoftwareTokenMfaSettings *Preference
	EmailMfaSettings         *Preference
	WebAuthnMfaSettings      *PasskeyPreference
}

func (p Preferences) of(factor string) *Preference {
	switch factor {
	case SMS:
		return p.SMSMfaSettings
	case Email:
		return p.EmailMfaSettings
	}
	return p.SoftwareTokenMfaSettings
}

// Apply changes a user's settings.
func (p Preferences) Apply(pool state.Pool, u *state.User) error {
	preferred := ""
	for _, factor := range names() {
		wanted := p.of(factor)
		switch {
		case wanted == nil || !wanted.PreferredMfa:
			continue
		case !wanted.Enabled:
			return fault.New(fault.Invalid, "A preferred MFA method must be enabled: "+factor)
		case preferred != "":
			return fault.New(fault.Invalid, "Only one MFA method can be preferred, not both "+preferred+" and "+factor)
		}
		preferred = factor
	}
	passkeys := u.PasskeyMFA
	for _, factor := range names() {
		wanted := p.of(factor)
		if wanted == nil {
			continue
		}
		if !wanted.Enabled {
			TurnOff(u, factor)
			continue
		}
		if err := mayTurnOn(pool, *u, factor); err != nil {
			return err
		}
		turnOn(u, factor)
		if u.PreferredMFA == factor {
			u.PreferredMFA = ""
		}
	}
	if preferred != "" {
		u.PreferredMFA = preferred
	}
	u.PasskeyMFA = passkeys && len(u.MFA) > 0
	return p.applyToPasskeys(pool, u)
}

// mayTurnOn returns an error if the user lacks what the factor needs. An SMS or an e-mail factor that the pool has not
// is taken, as on AWS: sign-ins do not ask for it.
func mayTurnOn(pool state.Pool, u state.User, factor string) error {
	switch {
	case factor == SoftwareToken && (!pool.TOTP || !SetUp(u, factor)):
		return fault.New(fault.TOTPNotSetUp)
	case factor == SMS && !SetUp(u, factor):
		return fault.New(fault.NoPhoneForMFA)
	case factor == Email && !SetUp(u, factor):
		return fault.New(fault.NoEmailForMFA)
	}
	return nil
}

func (p Preferences) applyToPasskeys(pool state.Pool, u *state.User) error {
	if p.WebAuthnMfaSettings == nil {
		return nil
	}
	switch {
	case !p.WebAuthnMfaSettings.Enabled:
		u.PasskeyMFA = false
		return nil
	case !pool.MFASettings().WebAuthnConfiguration.AreBothFactors():
		return fault.New(fault.Invalid, "Passkeys are no MFA method of this user pool: its FactorConfiguration is not "+
			state.MultiFactor)
	case len(u.MFA) == 0:
		return fault.New(fault.Invalid, "WebAuthn MFA needs another enabled MFA method")
	}
	u.PasskeyMFA = true
	return nil
}

// Prefer turns a factor on and makes it the preferred one, as setting it up in a sign-in does.
func Prefer(u *state.User, factor string) {
	turnOn(u, factor)
	u.PreferredMFA = factor
}

func turnOn(u *state.User, factor string) {
	have := append(slices.Clone(u.MFA), factor)
	u.MFA = slices.DeleteFunc(names(), func(name string) bool { return !slices.Contains(have, name) })
}

// TurnOff turns a factor off. Passkeys are no second factor without another one.
func TurnOff(u *state.User, factor string) {
	u.MFA = slices.DeleteFunc(slices.Clone(u.MFA), func(name string) bool { return name == factor })
	if u.PreferredMFA == factor {
		u.PreferredMFA = ""
	}
	u.PasskeyMFA = u.PasskeyMFA && len(u.MFA) > 0
}
