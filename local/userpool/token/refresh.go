package token

import (
	"crypto/rand"
	"encoding/base64"
)

// refreshHeader is what every refresh token of Cognito begins with: an encrypted JWT that only the pool can read.
const refreshHeader = `{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}`

// NewRefresh makes a refresh token. It has the look and the length of Cognito's, and holds nothing but random bytes:
// the pool knows it by its hash.
func NewRefresh() string {
	parts := []int{keyBits / 8, 12, 740, 16} // bytes of encrypted key, nonce, text, tag
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
