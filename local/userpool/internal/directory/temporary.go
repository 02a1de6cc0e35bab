package directory

import (
	"crypto/rand"
	"math/big"

	"cognito-triggers/local/userpool/state"
)

// Temporary passwords are typed off a screen or paper: no character looks like another. The symbols are among those
// that e-mail must escape, as Cognito's are.
const (
	easyLower   = "abcdefghijkmnopqrstuvwxyz"
	easyUpper   = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	easyNumbers = "23456789"
	easySymbols = "!#$%&*<>?@^_"
)

const shortestTemporary = 12

// TemporaryPassword makes up a password that fits the policy.
func TemporaryPassword(p state.PasswordPolicy) string {
	classes := []string{easyLower, easyNumbers} // a pool may demand nothing, and a password of one class is a weak one
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
