package oauth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/internal/expiring"
)

// codeLifetime is how long an app may wait before it exchanges a code.
const codeLifetime = 5 * time.Minute

// maxCodes bounds how many codes wait for their exchange. Beyond it, the oldest are forgotten.
const maxCodes = 10_000

// Grant is what a user has granted to an app by signing in.
type Grant struct {
	Request  *Request
	Pool     string
	Sub      string    // of the user: another user may have the name by the time of the exchange
	Source   string    // the trigger source of the tokens
	AuthTime time.Time // when the user proved who they are
	Methods  []string  // with which the user did
}

// Codes keeps the grants that wait for their app, by code. It is safe for concurrent use.
type Codes struct{ grants *expiring.Store[Grant] }

// NewCodes returns an empty list.
func NewCodes(now func() time.Time) *Codes { return &Codes{expiring.New[Grant](now, maxCodes)} }

// Add returns a code for a grant. Codes are UUIDs, as Cognito's are.
func (c *Codes) Add(g Grant) string {
	code := uuid.NewString()
	c.grants.Put(code, g, codeLifetime)
	return code
}

// Take returns the grant of a code and forgets it: whatever becomes of the exchange, the code cannot be used again. ok
// is false for a code that is unknown, used or too old.
func (c *Codes) Take(code string) (g Grant, ok bool) { return c.grants.Take(code) }

// Proves reports whether a verifier proves that the app which exchanges the code is the one that asked for it. Without
// PKCE, there must be no verifier, so that nobody can exchange a code that was asked for without it.
func (r *Request) Proves(verifier string) bool {
	if r.Challenge == "" || verifier == "" {
		return r.Challenge == "" && verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(r.Challenge)) == 1
}
