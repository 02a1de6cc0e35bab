package token

import (
	"crypto/rand"
	"encoding/base64"
)

// refreshHeader is the header of Cognito's refresh tokens: encrypted JWTs that only the pool can read.
const refreshHeader = `{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}`

// NewRefresh generates a refresh token. It looks like Cognito's and has the same length, but holds random bytes; the
// pool finds it by its hash.
func NewRefresh() string {
	parts := []int{keyBits / 8, 12, 740, 16} // bytes of encrypted key, nonce, ciphertext and tag
	var random [keyBits/8 + 12 + 740 + 16]byte
	_, _ = rand.Read(random[:]) // never fails
	text := base64.RawURLEncoding.AppendEncode(make([]byte, 0, 2*len(random)), []byte(refreshHeader))
	rest := random[:]
	for _, length := range parts {
		text = base64.RawURLEncoding.AppendEncode(append(text, '.'), rest[:length])
		rest = rest[length:]
	}
	return string(text)
}
