package userpool

import (
	"errors"
	"slices"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
	"cognito-triggers/shared/cognito"
)

// Errors of VerifyID; those of a token itself are token.ErrInvalid and token.ErrExpired.
var (
	// ErrNoPool means that the server does not have the pool.
	ErrNoPool = errors.New("the user pool does not exist")
	// ErrSignedOut means that the user of a token was deleted or disabled, or that the sign-in has been revoked.
	ErrSignedOut = errors.New("the user was deleted, disabled or signed out")
)

// VerifyID checks the signature and the lifetime of an ID token of a pool and returns its claims, also those of an
// access token; see token.Keys. The issuer has to be the pool's at base, where clients reach the server, or AWS's for
// the pool.
func (s *Server) VerifyID(base, pool, text string) (token.IDClaims, error) {
	found, err := s.options.Store.Pool(pool)
	if err != nil {
		return token.IDClaims{}, ErrNoPool
	}
	keys, err := s.rooms.tokens.Keys(found)
	if err != nil {
		return token.IDClaims{}, err
	}
	c, err := keys.VerifyID(text, s.options.Now())
	issuers := []string{s.Issuer(base, pool), cognito.Issuer(pool, false), cognito.Issuer(pool, true)}
	if !slices.Contains(issuers, c.Issuer) {
		return token.IDClaims{}, token.ErrInvalid
	}
	return c, err
}

// SignedIn returns ErrSignedOut unless the user of a verified ID token exists and is enabled, and the sign-in has not
// been revoked.
func (s *Server) SignedIn(pool string, c token.IDClaims) error {
	user, err := s.options.Store.FindUser(pool, c.Sub)
	if err != nil || user.Sub() != c.Sub || user.Disabled {
		return ErrSignedOut
	}
	if c.OriginJTI == "" {
		return nil // the app client's tokens cannot be revoked
	}
	if family, err := s.options.Store.Family(c.OriginJTI); errors.Is(err, state.ErrNotFound) || family.Revoked {
		return ErrSignedOut
	}
	return nil
}
