package state

import (
	"time"

	"cognito-triggers/local/userpool/srp"
)

// Session is a sign-in that waits for the answer to a challenge.
type Session struct {
	Pool, Client, Username string
	Challenge              string // the name of the challenge
	Expires                time.Time
	Custom                 bool         // the sign-in is CUSTOM_AUTH
	Unknown                bool         // there is no such user, and the client must not learn it
	SRP                    *srp.Session // PASSWORD_VERIFIER; the session is kept under its secret block
	Token                  [32]byte     // and this is the hash of its token
	Rounds                 []Round      // what the challenge triggers are told
	Private                map[string]string
	Secret                 string // the TOTP secret that AssociateSoftwareToken made in this session
	Verified               bool   // and that VerifySoftwareToken has accepted
	Tries                  int
}

// Round is one answered challenge.
type Round struct {
	Name     string
	Result   bool
	Metadata *string
}

// Family is one sign-in and the refresh tokens that came of it.
type Family struct {
	OriginJTI, Pool, Client, Username string
	AuthTime, Expires                 time.Time
	Revoked                           bool
	Current                           [32]byte // hash of the newest refresh token
	Previous                          [32]byte // the one before it
	PreviousUntil                     time.Time
}
