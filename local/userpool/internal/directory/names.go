package directory

import (
	"slices"
	"strings"
	"unicode"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// The attributes that hold addresses.
const (
	Email = "email"
	Phone = "phone_number"
)

// IsEmail reports whether text is a single bare e-mail address: not a list, without a display name or a quoted part.
func IsEmail(text string) bool {
	local, domain, _ := strings.Cut(text, "@")
	switch {
	case local == "", strings.ContainsAny(text, `,;:<>()[]\"`), strings.Contains(domain, "@"):
		return false
	case slices.Contains(strings.Split(domain, "."), ""):
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
}

// IsPhone reports whether text is a plus sign and up to 15 digits.
func IsPhone(text string) bool {
	digits, plus := strings.CutPrefix(text, "+")
	return plus && len(digits) > 0 && len(digits) <= 15 &&
		!strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
}

// Folded returns the form of a name that the pool uses for look-ups.
func Folded(pool state.Pool, name string) string {
	if pool.Settings.CaseSensitive() {
		return name
	}
	return strings.ToLower(name)
}

// SignInAttribute returns which username attribute a name is, in a pool with username attributes.
func SignInAttribute(pool state.Pool, name string) (string, error) {
	email := slices.Contains(pool.Settings.UsernameAttributes, Email)
	phone := slices.Contains(pool.Settings.UsernameAttributes, Phone)
	switch {
	case email && IsEmail(name):
		return Email, nil
	case phone && IsPhone(name):
		return Phone, nil
	case email && phone:
		return "", fault.New(fault.Invalid, "Username should be either an email or a phone number.")
	case email:
		return "", fault.New(fault.Invalid, "Username should be an email.")
	}
	return "", fault.New(fault.Invalid, "Username should be a phone number.")
}

// UserExists returns the error for a name that is taken.
func UserExists(pool state.Pool) error {
	if names := pool.Settings.UsernameAttributes; len(names) > 0 {
		return fault.New(fault.AccountExists, names[0])
	}
	return fault.New(fault.UserExists)
}
