package directory

import (
	"crypto/rand"
	"math/big"

	"cognito-triggers/local/userpool/state"
)

// Temporary passwords are typed from a screen or paper, so no two characters look alike. As in Cognito's, some of the
// symbols must be escaped in e-mail.
const (
	easyLower   = "abcdefghijkmnopqrstuvwxyz"
	easyUpper   = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	easyNumbers = "23456789"
	easySymbols = "!#$%&*<>?@^_"
)

const shortestTemporary = 12

// TemporaryPassword generates a password that meets the policy.
func TemporaryPassword(p state.PasswordPolicy) string {
	classes := []string{easyLower, easyNumbers} // a policy may require nothing, but one class alone is weak
	if p.RequireUppercase {
		classes = append(classes, easyUpper)
	}
	if p.RequireSymbols {
		classes = append(classes, easySymbols)
	}
	every := ""
	for _, class := range classes {
		every += class
	}
	password := make([]byte, min(max(p.MinimumLength, shortestTemporary), maxPassword))
	for i := range password {
		from := every
		if i < len(classes) {
			from = classes[i]
		}
		password[i] = from[below(len(from))]
	}
	for i := len(password) - 1; i > 0; i-- { // shuffle, so that the classes are in random order
		j := below(i + 1)
		password[i], password[j] = password[j], password[i]
	}
	return string(password)
}

func below(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return int(i.Int64())
}
