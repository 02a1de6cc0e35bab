package directory

import "crypto/rand"

// The alphabets of IDs and secrets.
const (
	LowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789"
	Alphanumeric      = LowerAlphanumeric + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// RandomText returns n random letters of the alphabet.
func RandomText(alphabet string, n int) string {
	out := make([]byte, 0, n)
	limit := 256 - 256%len(alphabet)
	var raw [64]byte
	for len(out) < n {
		_, _ = rand.Read(raw[:]) // never fails
		for _, b := range raw {
			if int(b) < limit && len(out) < n {
				out = append(out, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(out)
}
