// Package secondfactor holds the rules of second factors: which ones a pool has, what a sign-in asks a user for, what a
// user may turn on, and which address is left for a forgotten password.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
package secondfactor

import (
	"cmp"
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/state"
)

// The second factors, with the names of their challenges.
const (
	SMS           = "SMS_MFA"
	Email         = "EMAIL_OTP"
	SoftwareToken = "SOFTWARE_TOKEN_MFA"
)

const off, required = "OFF", "ON" // values of MfaConfiguration

// names lists the factors in the order in which they are offered.
func names() []string { return []string{SMS, SoftwareToken, Email} }

// attributeOf returns the attribute that a factor's codes are sent to, "" for authenticator apps.
func attributeOf(factor string) string {
	switch factor {
	case SMS:
		return directory.Phone
	case Email:
		return directory.Email
	}
	return ""
}

// Has reports whether users of the pool can have the factor.
func Has(pool state.Pool, factor string) bool {
	if mode := pool.Settings.MfaConfiguration; mode == off || mode == "" {
		return false
	}
	config := pool.MFASettings()
	switch factor {
	case SMS:
		// Before SetUserPoolMfaConfig, SMS is the only factor, and an SMS configuration is enough.
		none := config.SmsMfaConfiguration == nil && config.EmailMfaConfiguration == nil && !pool.TOTP
		return config.SmsMfaConfiguration != nil || none && state.SendsSMS(pool.Settings.SmsConfiguration)
	case Email:
		return config.EmailMfaConfiguration != nil
	}
	return factor == SoftwareToken && pool.TOTP
}

// SetUp reports whether the user has what the factor needs: an address, verified or not, or an authenticator app.
func SetUp(u state.User, factor string) bool {
	if attribute := attributeOf(factor); attribute != "" {
		return u.Attributes[attribute] != ""
	}
	return factor == SoftwareToken && u.TOTPSecret != ""
}

// Next is what follows the first factor. The zero value stands for tokens.
type Next struct {
	Ask    []string // factors that the user can be asked for; of several, the user selects one
	CanAdd []string // factors that the user must set up one of
	Stuck  bool     // the pool requires a factor, and the user cannot set up any
}

// After returns what follows the user's first factor.
func After(pool state.Pool, u state.User) Next {
	mode := pool.Settings.MfaConfiguration
	usable := func(factor string) bool { return Has(pool, factor) && SetUp(u, factor) }
	var next Next
	switch {
	case mode == off || mode == "":
		return next
	case usable(u.PreferredMFA):
		return Next{Ask: []string{u.PreferredMFA}}
	}
	for _, factor := range names() {
		may := slices.Contains(u.MFA, factor)
		if mode == required { // users cannot turn factors on and off
			may = attributeOf(factor) == "" || attributeOf(factor) != primaryRecovery(pool)
		}
		if may && usable(factor) {
			next.Ask = append(next.Ask, factor)
		}
	}
	if mode != required || len(next.Ask) > 0 {
		return next
	}
	next.CanAdd = addable(pool, u)
	next.Stuck = len(next.CanAdd) == 0
	return next
}

// addable lists the factors that a user without a factor can set up during the sign-in. Who has an address that cannot
// be used can only set up an app.
func addable(pool state.Pool, u state.User) (factors []string) {
	for _, factor := range names() {
		attribute, addressless := attributeOf(factor), !SetUp(u, SMS) && !SetUp(u, Email)
		if Has(pool, factor) && (attribute == "" || addressless && attribute != primaryRecovery(pool)) {
			factors = append(factors, factor)
		}
	}
	return factors
}

// recovery lists the attributes that the pool's setting recovers accounts with, the first one first.
func recovery(pool state.Pool) []string {
	setting := pool.Settings.AccountRecoverySetting
	if setting == nil || len(setting.RecoveryMechanisms) == 0 {
		return []string{directory.Phone, directory.Email}
	}
	ranked := slices.Clone(setting.RecoveryMechanisms)
	slices.SortStableFunc(ranked, func(a, b state.RecoveryMechanism) int { return cmp.Compare(a.Priority, b.Priority) })
	var order []string
	for _, mechanism := range ranked {
		switch mechanism.Name {
		case "verified_email":
			order = append(order, directory.Email)
		case "verified_phone_number":
			order = append(order, directory.Phone)
		}
	}
	return order
}

// primaryRecovery returns the attribute with which the pool recovers accounts first, "" if it leaves that open or has
// none. It is no second factor for users who did not choose one.
func primaryRecovery(pool state.Pool) string {
	setting := pool.Settings.AccountRecoverySetting
	if order := recovery(pool); setting != nil && len(setting.RecoveryMechanisms) > 0 && len(order) > 0 {
		return order[0]
	}
	return ""
}

// Recovery returns the attribute that a code for a new password is sent to: the first in the pool's setting that the
// user has verified and that is not a second factor of the user. It returns "" if there is none. Without a setting, the
// phone number comes before the e-mail address.
func Recovery(pool state.Pool, u state.User) (attribute string) {
	asked := After(pool, u).Ask
	for _, name := range recovery(pool) {
		isFactor := slices.ContainsFunc(asked, func(factor string) bool { return attributeOf(factor) == name })
		if u.Attributes[name] != "" && directory.IsVerified(u, name) && !isFactor {
			return name
		}
	}
	return ""
}
