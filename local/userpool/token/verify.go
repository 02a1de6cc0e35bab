package token

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

// Errors for tokens that clients send.
var (
	// ErrInvalid means that the pool did not issue the token, or issued it for another purpose.
	ErrInvalid = errors.New("the token was not issued by this pool")
	// ErrExpired means that the token was valid but has expired.
	ErrExpired = errors.New("the token has expired")
)

// maxToken limits the size of a token that a client sends, in bytes.
const maxToken = 1 << 20

// Claims are the claims of an access token that the pool reads.
type Claims struct {
	Sub       string
	Username  string
	ClientID  string
	Scopes    []string
	JTI       string
	OriginJTI string // empty if the app client had token revocation disabled
	EventID   string
	DeviceKey string // empty if the sign-in has no device
	AuthTime  time.Time
	IssuedAt  time.Time
	Expires   time.Time
	Actor     json.RawMessage // the claim act of an exchanged token; nil without
}

// VerifyAccess verifies an access token of this signer. It returns ErrInvalid or ErrExpired. It does not check whether
// the token was revoked.
func (s Signer) VerifyAccess(text string, now time.Time) (Claims, error) {
	return s.verify(text, s.Keys.access, "access", now)
}

// VerifyID is VerifyAccess for an ID token. ClientID is its audience, and it has no scopes.
func (s Signer) VerifyID(text string, now time.Time) (Claims, error) {
	return s.verify(text, s.Keys.id, "id", now)
}

func (s Signer) verify(text string, by *key, use string, now time.Time) (Claims, error) {
	if len(text) > maxToken {
		return Claims{}, ErrInvalid
	}
	signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return Claims{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if signed.Signatures[0].Header.KeyID != by.public.KeyID { // may be all that differs between pools
		return Claims{}, ErrInvalid
	}
	payload, err := signed.Verify(by.public)
	if err != nil {
		return Claims{}, ErrInvalid
	}
	var set claimSet
	if json.Unmarshal(payload, &set) != nil || set.text("iss") != s.Issuer || set.text("token_use") != use {
		return Claims{}, ErrInvalid
	}
	c := Claims{
		Sub:       set.text("sub"),
		Username:  set.text("username"),
		ClientID:  set.text("client_id"),
		Scopes:    strings.Fields(set.text("scope")),
		JTI:       set.text("jti"),
		OriginJTI: set.text("origin_jti"),
		EventID:   set.text("event_id"),
		DeviceKey: set.text("device_key"),
		AuthTime:  set.time("auth_time"),
		IssuedAt:  set.time("iat"),
		Expires:   set.time("exp"),
		Actor:     set["act"],
	}
	if use == "id" {
		c.Username, c.ClientID, c.Scopes = set.text("cognito:username"), set.text("aud"), nil
	}
	if !now.Before(c.Expires) {
		return c, ErrExpired
	}
	return c, nil
}

// claimSet looks claims up by exact name: a trigger may add "Scope", which is not "scope".
type claimSet map[string]json.RawMessage

func (c claimSet) text(name string) string {
	var text string
	_ = json.Unmarshal(c[name], &text) // another type counts as empty
	return text
}

func (c claimSet) time(name string) time.Time {
	var seconds int64
	_ = json.Unmarshal(c[name], &seconds) // another type counts as 1970, long expired
	return time.Unix(seconds, 0)
}
