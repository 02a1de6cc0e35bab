package state

import (
	"crypto/sha256"
	"crypto/subtle"
	"maps"
	"slices"
	"time"

	"cognito-triggers/local/userpool/srp"
)

// The statuses of a user.
const (
	Unconfirmed         = "UNCONFIRMED"
	Confirmed           = "CONFIRMED"
	ForceChangePassword = "FORCE_CHANGE_PASSWORD"
	ResetRequired       = "RESET_REQUIRED"
	ExternalProvider    = "EXTERNAL_PROVIDER"
)

// User is a user of a pool.
type User struct {
	Username          string
	Attributes        map[string]string // sub and the rest; identities as a text that holds a JSON list
	Status            string
	Disabled          bool
	Created, Modified time.Time
	Verifier          *srp.Verifier     // nil: no password
	History           []srp.Verifier    // earlier passwords, the newest first
	TemporaryUntil    time.Time         // of a temporary password; zero for others
	Codes             map[string]Code   // by purpose
	Pending           map[string]string // attribute values that wait for their code
	TOTPSecret        string            // base32
	TOTPPending       string            // a secret that no code has been given for yet
	TOTPLast          int64             // the step of the last accepted code, which is not accepted again
	MFA               []string          // enabled: SOFTWARE_TOKEN_MFA, SMS_MFA
	PreferredMFA      string
	Failures          int // wrong passwords in a row
	LockedUntil       time.Time
}

// Sub is the user's id.
func (u *User) Sub() string { return u.Attributes["sub"] }

func (u User) clone() User {
	u.Attributes = maps.Clone(u.Attributes)
	if u.Attributes == nil {
		u.Attributes = map[string]string{}
	}
	u.Codes, u.Pending = maps.Clone(u.Codes), maps.Clone(u.Pending)
	u.History, u.MFA = slices.Clone(u.History), slices.Clone(u.MFA)
	return u
}

// Code is a confirmation code that was sent.
type Code struct {
	Hash    [sha256.Size]byte
	Expires time.Time
	Tries   int // wrong ones
	// Attribute and Address say where it went.
	Attribute, Address string
}

// NewCode keeps the hash of a code, bound to its user and purpose.
func NewCode(sub, purpose, code string, expires time.Time) Code {
	return Code{Hash: hashCode(sub, purpose, code), Expires: expires}
}

// Fits tells whether the code is the one that was sent.
func (c Code) Fits(sub, purpose, code string) bool {
	sum := hashCode(sub, purpose, code)
	return subtle.ConstantTimeCompare(sum[:], c.Hash[:]) == 1
}

func hashCode(sub, purpose, code string) [sha256.Size]byte {
	return sha256.Sum256([]byte(sub + "\x00" + purpose + "\x00" + code))
}

// Group is a group of users.
type Group struct {
	Name, Description, RoleARN string
	Precedence                 *int
	Created, Modified          time.Time
}
