package token

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

// Problems of a token that a client sent.
var (
	// ErrInvalid means that the pool did not make the token, or made it for something else.
	ErrInvalid = errors.New("the token is not one of this pool's")
	// ErrExpired means that the token was good once.
	ErrExpired = errors.New("the token has expired")
)

// maxToken bounds the work on a token that a client sends.
const maxToken = 1 << 20

// Claims are those of an access token that the pool itself reads.
type Claims struct {
	Sub       string
	Username  string
	ClientID  string
	Scopes    []string
	JTI       string
	OriginJTI string // empty where the app client had token revocation switched off
	EventID   string
	AuthTime  time.Time
	IssuedAt  time.Time
	Expires   time.Time
}

// VerifyAccess reads an access token of this signer. The error is ErrInvalid or ErrExpired. Whether the token has been
// revoked is the caller's to know.
func (s Signer) VerifyAccess(text string, now time.Time) (Claims, error) {
	if len(text) > maxToken {
		return Claims{}, ErrInvalid
	}
	signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return Claims{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if signed.Signatures[0].Header.KeyID != s.Keys.access.public.KeyID { // pools may differ in nothing else
		return Claims{}, ErrInvalid
	}
	payload, err := signed.Verify(s.Keys.access.public)
	if err != nil {
		return Claims{}, ErrInvalid
	}
	var set claimSet
	if json.Unmarshal(payload, &set) != nil || set.text("iss") != s.Issuer || set.text("token_use") != "access" {
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
		AuthTime:  set.time("auth_time"),
		IssuedAt:  set.time("iat"),
		Expires:   set.time("exp"),
	}
	if !now.Before(c.Expires) {
		return c, ErrExpired
	}
	return c, nil
}

// claimSet is read by exact names: a trigger may add "Scope", which is not "scope".
type claimSet map[string]json.RawMessage

func (c claimSet) text(name string) string {
	var text string
	_ = json.Unmarshal(c[name], &text) // another type is no text
	return text
}

func (c claimSet) time(name string) time.Time {
	var seconds int64
	_ = json.Unmarshal(c[name], &seconds) // another type is long past
	return time.Unix(seconds, 0)
}
