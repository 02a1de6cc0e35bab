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
	Attributes        map[string]string // including sub; identities is a JSON list in a string
	Status            string
	Disabled          bool
	Created, Modified time.Time
	Verifier          *srp.Verifier     // nil: no password
	History           []srp.Verifier    // earlier passwords, newest first
	TemporaryUntil    time.Time         // when a temporary password expires; zero for others
	Codes             map[string]Code   // by purpose
	Pending           map[string]string // new attribute values that await verification
	TOTPSecret        string            // base32
	TOTPPending       string            // not yet confirmed with a code
	TOTPLast          int64             // step of the last accepted code, which is not accepted again
	TOTPDevice        string            // the app's name, which the user gave
	MFA               []string          // SMS_MFA, SOFTWARE_TOKEN_MFA and EMAIL_OTP, if turned on
	PreferredMFA      string
	PasskeyMFA        bool     // a passkey with user verification counts as both factors
	Devices           []Device // that the user signed in with, in this order
	Failures          int      // consecutive wrong passwords
	LockedUntil       time.Time
	Passkeys          []Passkey // oldest first
}

// Sub returns the user's ID.
func (u *User) Sub() string { return u.Attributes["sub"] }

func (u User) clone() User {
	u.Attributes = maps.Clone(u.Attributes)
	if u.Attributes == nil {
		u.Attributes = map[string]string{}
	}
	u.Codes, u.Pending = maps.Clone(u.Codes), maps.Clone(u.Pending)
	u.History, u.MFA, u.Devices = slices.Clone(u.History), slices.Clone(u.MFA), slices.Clone(u.Devices)
	u.Passkeys = slices.Clone(u.Passkeys)
	return u
}

// Code is a confirmation code that was sent.
type Code struct {
	Hash    [sha256.Size]byte
	Expires time.Time
	Tries   int // wrong tries so far
	// Attribute and Address say where the code was sent.
	Attribute, Address string
}

// NewCode stores the hash of a code, bound to its user and purpose.
func NewCode(sub, purpose, code string, expires time.Time) Code {
	return Code{Hash: hashCode(sub, purpose, code), Expires: expires}
}

// Fits reports whether code is the one that was sent.
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
