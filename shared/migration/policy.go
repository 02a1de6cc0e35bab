package migration

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/strictjson"
)

// Policy is a password policy, with the names that pool.auto.tfvars.json has in password_policy.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
type Policy struct {
	MinimumLength    int  `json:"minimum_length"`
	RequireLowercase bool `json:"require_lowercase"`
	RequireUppercase bool `json:"require_uppercase"`
	RequireNumbers   bool `json:"require_numbers"`
	RequireSymbols   bool `json:"require_symbols"`
	// TemporaryPasswordValidityDays is not used: it is here so that the pool's policy can be copied as it is.
	TemporaryPasswordValidityDays int `json:"temporary_password_validity_days,omitempty"`
}

// Lengths of a password in Cognito.
const (
	minMinimumLength = 6
	maxPassword      = 256
)

// symbols are what Cognito counts as special characters; a space counts unless it is the first or last character.
const symbols = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- "

// ParsePolicy reads a policy as JSON.
func ParsePolicy(text string) (Policy, error) {
	var p Policy
	if err := strictjson.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("is not a password policy: %w", err)
	}
	if p.MinimumLength < minMinimumLength || p.MinimumLength > 99 {
		return p, fmt.Errorf("needs minimum_length from %d to 99", minMinimumLength)
	}
	return p, nil
}

// Allows reports whether somebody could choose the password in the pool.
func (p Policy) Allows(password string) bool {
	length := utf8.RuneCountInString(password)
	has := func(is func(rune) bool) bool { return strings.ContainsFunc(password, is) }
	switch {
	case length < p.MinimumLength || length > maxPassword:
	case p.RequireLowercase && !has(func(r rune) bool { return r >= 'a' && r <= 'z' }):
	case p.RequireUppercase && !has(func(r rune) bool { return r >= 'A' && r <= 'Z' }):
	case p.RequireNumbers && !has(func(r rune) bool { return r >= '0' && r <= '9' }):
	case p.RequireSymbols && !strings.ContainsAny(password, symbols):
	case strings.TrimFunc(password, unicode.IsSpace) != password:
	default:
		return true
	}
	return false
}
