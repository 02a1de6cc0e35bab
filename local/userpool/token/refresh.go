package token

import (
	"crypto/rand"
	"encoding/base64"
)

// refreshHeader is what every refresh token of Cognito begins with: an encrypted JWT that only the pool can read.
const refreshHeader = `{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}`

// NewRefresh makes a refresh token. It has the look and the length of Cognito's, and holds nothing but random bytes: the
// pool knows it by its hash.
func NewRefresh() string {
	text := base64.RawURLEncoding.EncodeToString([]byte(refreshHeader))
	for _, length := range []int{keyBits / 8, 12, 740, 16} { // encrypted key, nonce, text, tag
		part := make([]byte, length)
		_, _ = rand.Read(part) // never fails
		text += "." + base64.RawURLEncoding.EncodeToString(part)
	}
	return text
}
