package token

import (
	"encoding/json"
	"fmt"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

// IDClaims are the claims of an ID token, as far as somebody needs them who is shown it.
type IDClaims struct {
	Issuer    string
	Use       string // token_use: id, or access for the token that somebody sent in its place
	Audience  string // the app client; empty in most access tokens
	Sub       string
	OriginJTI string // of the sign-in; empty if the app client had token revocation disabled
	Roles     []string
	Preferred string // role of the user's group of the best precedence; empty if there is none, or a tie
	IssuedAt  time.Time
	Expires   time.Time

	set claimSet
}

// Claim returns a claim's JSON, nil if the token does not have it.
func (c IDClaims) Claim(name string) json.RawMessage { return c.set[name] }

// Unverified reads the claims of a token without checking anything. It returns ErrInvalid for what is not a signed
// token.
func Unverified(text string) (IDClaims, error) {
	if len(text) > maxToken {
		return IDClaims{}, ErrInvalid
	}
	signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return IDClaims{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return idClaims(signed.UnsafePayloadWithoutVerification())
}

// VerifyID checks that one of the pool's keys signed a token, and returns its claims. Those keys sign ID and access
// tokens, so that the caller can say which one it was sent. It returns ErrInvalid, or ErrExpired with the claims. It
// checks neither the issuer nor whether the token was revoked.
func (k *Keys) VerifyID(text string, now time.Time) (IDClaims, error) {
	if len(text) > maxToken {
		return IDClaims{}, ErrInvalid
	}
	signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return IDClaims{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	key := k.id
	if signed.Signatures[0].Header.KeyID == k.access.public.KeyID {
		key = k.access
	}
	if signed.Signatures[0].Header.KeyID != key.public.KeyID { // may be all that differs between pools
		return IDClaims{}, ErrInvalid
	}
	payload, err := signed.Verify(key.public)
	if err != nil {
		return IDClaims{}, ErrInvalid
	}
	c, err := idClaims(payload)
	if err == nil && (key == k.id) != (c.Use == "id") {
		err = ErrInvalid
	}
	if err == nil && !now.Before(c.Expires) {
		err = ErrExpired
	}
	return c, err
}

func idClaims(payload []byte) (IDClaims, error) {
	var set claimSet
	if json.Unmarshal(payload, &set) != nil || set == nil {
		return IDClaims{}, ErrInvalid
	}
	c := IDClaims{
		Issuer: set.text("iss"), Use: set.text("token_use"), Audience: set.text("aud"), Sub: set.text("sub"),
		OriginJTI: set.text("origin_jti"), Preferred: set.text("cognito:preferred_role"),
		IssuedAt: set.time("iat"), Expires: set.time("exp"), set: set,
	}
	_ = json.Unmarshal(set["cognito:roles"], &c.Roles) // another type counts as none
	return c, nil
}
