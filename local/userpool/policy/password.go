// Package policy holds rules of a user pool that need neither its state nor its API: the temporary passwords that it makes
// up and the one-time passwords of authenticator apps.
package policy

import (
	"crypto/rand"
	"math/big"
)

// Password says what a pool demands of passwords.
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_PasswordPolicyType.html
type Password struct {
	MinimumLength                                                      int
	RequireUppercase, RequireLowercase, RequireNumbers, RequireSymbols bool
}

// Temporary passwords are typed off a screen or paper: no character looks like another. The symbols are among those that
// e-mail must escape, as Cognito's are.
const (
	lower   = "abcdefghijkmnopqrstuvwxyz"
	upper   = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	numbers = "23456789"
	symbols = "!#$%&*<>?@^_"
)

const (
	shortestTemporary = 12
	longestPassword   = 256
)

// Temporary makes up a password that fits.
func (p Password) Temporary() string {
	classes := []string{lower, numbers} // a pool may demand nothing, and a password of one class is a weak one
	if p.RequireUppercase {
		classes = append(classes, upper)
	}
	if p.RequireSymbols {
		classes = append(classes, symbols)
	}
	every := ""
	for _, class := range classes {
		every += class
	}
	password := make([]byte, min(max(p.MinimumLength, shortestTemporary), longestPassword))
	for i := range password {
		from := every
		if i < len(classes) {
			from = classes[i]
		}
		password[i] = from[below(len(from))]
	}
	for i := len(password) - 1; i > 0; i-- { // so that the classes stand in no order
		j := below(i + 1)
		password[i], password[j] = password[j], password[i]
	}
	return string(password)
}

func below(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // the system's source of randomness never fails
	}
	return int(i.Int64())
}
