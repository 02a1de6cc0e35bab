package state

import (
	"time"

	"cognito-triggers/local/userpool/srp"
)

// Session is a sign-in that waits for the answer to a challenge.
type Session struct {
	Pool, Client, Username string
	Challenge              string // the challenge's name
	Expires                time.Time
	Custom                 bool         // whether the flow is CUSTOM_AUTH
	Choice                 bool         // whether the flow is USER_AUTH
	First                  bool         // whether the challenge is the first factor of USER_AUTH
	Offered                []string     // the answers that SELECT_CHALLENGE or SELECT_MFA_TYPE offers
	Code                   Code         // the one-time code that was sent for the challenge
	Passkey                string       // the challenge that a passkey must sign
	Device                 string       // the key of the device that the client named
	Unknown                bool         // there is no such user, which the client must not learn
	SRP                    *srp.Session // for PASSWORD_VERIFIER and DEVICE_PASSWORD_VERIFIER
	// Token is the hash of the session's token if clients may leave it out, so that the session is stored under another.
	Token    [32]byte
	Rounds   []Round // passed to the challenge triggers
	Private  map[string]string
	Secret   string // the TOTP secret that AssociateSoftwareToken generated in this session
	Verified bool   // whether VerifySoftwareToken accepted a code for it
	SetsUp   bool   // the right code makes Code.Address the user's, as a second factor
	Tries    int
	Spent    bool // it was taken; only Pool, Client, Challenge and Expires are kept
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
	Device                            string // the key of the device; empty if the sign-in has none
	AuthTime, Expires                 time.Time
	Revoked                           bool
	Current                           [32]byte // hash of the newest refresh token
	Previous                          [32]byte // hash of the one before
	PreviousUntil                     time.Time
}
