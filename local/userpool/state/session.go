package state

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"time"

	"cognito-triggers/local/userpool/srp"
)

// Session is a sign-in that waits for the answer to a challenge.
type Session struct {
	Pool, Client, Username string
	Sub                    string // of the user; empty if there is no such user
	Challenge              string // the challenge's name
	Expires                time.Time
	Custom                 bool         // whether the flow is CUSTOM_AUTH
	Choice                 bool         // whether the flow is USER_AUTH
	Hosted                 bool         // whether the user is on the pages of a domain
	First                  bool         // whether the challenge is the first factor of USER_AUTH
	Offered                []string     // the answers that SELECT_CHALLENGE or SELECT_MFA_TYPE offers
	Code                   Code         // the one-time code that was sent for the challenge
	Device                 string       // the key of the device that the client named
	Passkey                string       // the challenge that a passkey must sign
	Unknown                bool         // there is no such user, which the client must not learn
	SRP                    *srp.Session // for PASSWORD_VERIFIER and DEVICE_PASSWORD_VERIFIER
	// Token is the hash of the session's token if clients may leave it out, so that the session is stored under another.
	Token [32]byte
	// StandsFor is the token of another session, which a client may leave out; such a session has no user.
	StandsFor string
	Rounds    []Round  // passed to the challenge triggers
	Methods   []string // with which the user has proved who they are so far, as in the claim amr
	Private   map[string]string
	Secret    string // the TOTP secret that AssociateSoftwareToken generated in this session
	Verified  bool   // whether VerifySoftwareToken accepted a code for it
	SetsUp    bool   // the right code makes Code.Address the user's, as a second factor
	Tries     int
	Spent     bool // it was taken; only Pool, Client, Challenge and Expires are kept
}

// Round is one answered challenge.
type Round struct {
	Name     string
	Result   bool
	Metadata *string
}

// Family is one sign-in and its refresh tokens.
type Family struct {
	OriginJTI, Pool, Client, Username string
	Sub                               string // of the user; empty in the data of earlier versions
	Device                            string // the key of the device; empty if the sign-in has none
	AuthTime, Expires                 time.Time
	Scopes                            []string // of an OAuth 2.0 grant; nil for sign-ins by the API
	Resource                          string   // the aud claim of access tokens that the app asked for
	Methods                           []string // of an OAuth 2.0 grant: how the user proved who they are, as in amr
	Revoked                           bool
	Current                           [32]byte // hash of the newest refresh token
	Previous                          [32]byte // hash of the one before
	PreviousUntil                     time.Time
	Rotated                           []Rotated // those before, at most MaxRotated, the newest last
	LastActive                        time.Time // of the last refresh; zero: none yet, or the pool tracked no sessions
	Address, DeviceType               string    // where the last sign-in or refresh came from
}

// Rotated is a refresh token that another one has replaced.
type Rotated struct {
	Token [32]byte  // its hash
	Until time.Time // the end of its grace period
}

// MaxRotated is how many refresh tokens that were rotated away a family remembers, beside the previous one. Older ones
// are unknown.
const MaxRotated = 8

// Rotate replaces the family's refresh token. The one that was current is good until then.
func (f *Family) Rotate(next [32]byte, until time.Time) {
	if f.Previous != ([32]byte{}) {
		f.Rotated = append(slices.Clone(f.Rotated), Rotated{f.Previous, f.PreviousUntil})
		f.Rotated = f.Rotated[max(0, len(f.Rotated)-MaxRotated):]
	}
	f.Previous, f.PreviousUntil, f.Current = f.Current, until, next
}

// InGrace reports whether a refresh token, given by its hash, was rotated away and is in its own grace period.
func (f *Family) InGrace(token [32]byte, now time.Time) bool {
	return slices.ContainsFunc(append(slices.Clone(f.Rotated), Rotated{f.Previous, f.PreviousUntil}),
		func(r Rotated) bool { return r.Token == token && now.Before(r.Until) })
}

// tokens returns the hashes of all refresh tokens that the family remembers.
func (f *Family) tokens() [][32]byte {
	all := [][32]byte{f.Current}
	for _, r := range f.Rotated {
		all = append(all, r.Token)
	}
	if f.Previous != ([32]byte{}) {
		all = append(all, f.Previous)
	}
	return all
}

// sessionAlphabet is that of base32 in lower case.
const sessionAlphabet = "abcdefghijklmnopqrstuvwxyz234567"

// SessionID returns the ID of the sign-in as a session of its user: tkn and 25 letters and digits. It follows from
// OriginJTI, which does not follow from it.
func (f Family) SessionID() string {
	sum := sha256.Sum256([]byte("session\x00" + f.OriginJTI))
	return "tkn" + base32.NewEncoding(sessionAlphabet).EncodeToString(sum[:])[:25]
}

// Active returns when the session was last active.
func (f Family) Active() time.Time {
	if f.LastActive.IsZero() {
		return f.AuthTime
	}
	return f.LastActive
}
