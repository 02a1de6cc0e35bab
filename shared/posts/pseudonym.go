package posts

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// Pseudonym returns the public name of an owner in the table with the secret: 26 lower-case letters and digits. It is
// the same for all of the owner's posts, and nobody without the secret can compute it or lead it back to the sub, which
// must stay private: in most pools it signs its user in, so whoever knows it can lock the user out with wrong
// passwords.
func Pseudonym(secret []byte, owner string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("owner\x00" + owner))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:16]))
}

// Public returns the post as everybody may see it: with the owner's pseudonym in place of the sub.
func (p Post) Public(secret []byte) Post {
	p.Owner = Pseudonym(secret, p.Owner)
	return p
}
