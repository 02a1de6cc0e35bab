package directory

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
)

const (
	maxPassword = 256
	symbols     = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- "
)

// DefaultPasswordPolicy returns the policy of pools that do not set one.
func DefaultPasswordPolicy() state.PasswordPolicy {
	return state.PasswordPolicy{
		MinimumLength: 8, RequireUppercase: true, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true,
		TemporaryPasswordValidityDays: 7,
	}
}

// PasswordPolicy returns the pool's policy.
func PasswordPolicy(pool state.Pool) state.PasswordPolicy {
	if p := pool.Settings.Policies; p != nil && p.PasswordPolicy != nil {
		return *p.PasswordPolicy
	}
	return DefaultPasswordPolicy()
}

// CheckPassword checks a password against the pool's policy.
func CheckPassword(pool state.Pool, password string) error {
	p := PasswordPolicy(pool)
	has := func(is func(rune) bool) bool { return strings.ContainsFunc(password, is) }
	switch {
	case utf8.RuneCountInString(password) > maxPassword:
		return fault.Constrain("password", "Member must have length less than or equal to 256")
	case utf8.RuneCountInString(password) < p.MinimumLength:
		return fault.New(fault.PasswordPolicy, "Password not long enough")
	case p.RequireLowercase && !has(func(r rune) bool { return r >= 'a' && r <= 'z' }):
		return fault.New(fault.PasswordPolicy, "Password must have lowercase characters")
	case p.RequireUppercase && !has(func(r rune) bool { return r >= 'A' && r <= 'Z' }):
		return fault.New(fault.PasswordPolicy, "Password must have uppercase characters")
	case p.RequireNumbers && !has(unicode.IsDigit):
		return fault.New(fault.PasswordPolicy, "Password must have numeric characters")
	case p.RequireSymbols && !strings.ContainsAny(password, symbols):
		return fault.New(fault.PasswordPolicy, "Password must have symbol characters")
	case strings.TrimSpace(password) != password:
		return fault.New(fault.Invalid, "Password should not contain leading or trailing spaces")
	}
	return nil
}

// SetPassword stores a password's verifier. It rejects recent passwords if the pool's policy has a history.
func SetPassword(pool state.Pool, u *state.User, password string) error {
	if size := PasswordPolicy(pool).PasswordHistorySize; size > 0 {
		old := u.History
		if u.Verifier != nil {
			old = append([]srp.Verifier{*u.Verifier}, old...)
		}
		for _, v := range old[:min(size, len(old))] {
			if v.Check(password) {
				return fault.New(fault.PasswordReused)
			}
		}
		u.History = old[:min(size, len(old))]
	}
	v := srp.NewVerifier(srp.PoolName(pool.ID), u.Username, password)
	u.Verifier, u.Failures = &v, 0
	return nil
}

// SetTemporaryPassword is SetPassword for a password that expires and that the user must replace.
func SetTemporaryPassword(pool state.Pool, u *state.User, password string, now time.Time) error {
	days := PasswordPolicy(pool).TemporaryPasswordValidityDays
	u.TemporaryUntil = now.Add(time.Duration(days) * 24 * time.Hour)
	return SetPassword(pool, u, password)
}
