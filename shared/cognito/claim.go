package cognito

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is one of the two tokens that carry claims.
type Token string

// The tokens. An event of version 1 can change the ID token only; a machine client gets an access token only.
const (
	ID     Token = "id"
	Access Token = "access"
)

// Claims that other members of the answer set, and the audience, which takes one value only.
const (
	ClaimGroups        = "cognito:groups"
	ClaimRoles         = "cognito:roles"
	ClaimPreferredRole = "cognito:preferred_role"
	ClaimAudience      = "aud"
	ClaimScope         = "scope"
)

// Reserved reports whether Cognito keeps the claim for itself in that token, so that a trigger cannot add or override
// it. Other members of the answer change some of them, see CheckClaim. The access token's aud is not reserved, but
// takes only one value, see CheckAudience.
func Reserved(token Token, name string) bool { return reservedReason(token, name) != "" }

// reservedReason follows the guide's table, "Claims and scopes reference" on
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
func reservedReason(token Token, name string) string {
	switch name {
	case ClaimGroups:
		return "is set through groups"
	case ClaimRoles:
		return "is set through iamRoles"
	case ClaimPreferredRole:
		return "is set through preferredRole"
	case "sub", "acr", "amr", "auth_time", "azp", "exp", "iat", "iss", "jti", "nbf", "nonce", "origin_jti", "token_use":
		return "is reserved in both tokens"
	}
	if strings.HasPrefix(name, "cognito:") {
		return "is reserved, like every name that begins with cognito:"
	}
	if token == ID {
		return reservedInID(name)
	}
	return reservedInAccess(name)
}

func reservedInID(name string) string {
	switch name {
	case "identities", "at_hash", ClaimAudience:
		return "is reserved in the ID token"
	}
	if strings.HasPrefix(name, "dev:") {
		return "is reserved in the ID token, like every name that begins with dev:; it can only be suppressed"
	}
	return ""
}

func reservedInAccess(name string) string {
	switch name {
	case ClaimScope:
		return "is set through scopes"
	case "username", "client_id", "event_id", "device_key", "version":
		return "is reserved in the access token"
	}
	return ""
}

// CheckClaim returns an error if an event of that version cannot add or override the claim.
func CheckClaim(version TokenVersion, token Token, name string) error {
	if err := checkToken(version, token); err != nil {
		return err
	}
	if err := checkName(name); err != nil {
		return err
	}
	if reason := reservedReason(token, name); reason != "" {
		return fmt.Errorf("%q %s", name, reason)
	}
	return nil
}

// CheckSuppress returns an error if an event of that version cannot remove the claim from the token.
func CheckSuppress(version TokenVersion, token Token, name string) error {
	if err := checkToken(version, token); err != nil {
		return err
	}
	if err := checkName(name); err != nil {
		return err
	}
	switch {
	case name == ClaimGroups, token == ID && strings.HasPrefix(name, "dev:"):
		return nil
	case name == ClaimRoles, name == ClaimPreferredRole:
		return fmt.Errorf("%q follows %s: suppress that instead", name, ClaimGroups)
	case name == ClaimScope && token == Access:
		return fmt.Errorf("%q is suppressed through scopes", name)
	case name == ClaimAudience:
		return fmt.Errorf("%q cannot be suppressed", name)
	}
	if Reserved(token, name) {
		return fmt.Errorf("%q is reserved in this token and cannot be suppressed", name)
	}
	return nil
}

// CheckScope returns an error if an event of that version cannot add or suppress the scope. A scope has 1 to 256
// printable ASCII characters other than space, quote and backslash.
func CheckScope(version TokenVersion, scope string) error {
	if version == V1 {
		return errors.New("a version 1 event cannot change scopes")
	}
	if scope == "" || len(scope) > 256 {
		return errors.New("a scope has 1 to 256 characters")
	}
	for i := range len(scope) {
		if c := scope[i]; c < '!' || c > '~' || c == '"' || c == '\\' {
			return fmt.Errorf("%q: a scope has printable ASCII characters other than space, quote and backslash", scope)
		}
	}
	return nil
}

// CheckAudience returns an error if the JSON value is not allowed in the access token's aud claim, which only takes the
// app client's own id.
func CheckAudience(value []byte, clientID string) error {
	if text, ok := TextOf(value); !ok || clientID == "" || text != clientID {
		return errors.New("aud takes only the id of the app client that gets the token")
	}
	return nil
}

func checkToken(version TokenVersion, token Token) error {
	if token != ID && token != Access {
		return fmt.Errorf("unknown token %q", string(token))
	}
	if version == V1 && token == Access {
		return errors.New("a version 1 event cannot change the access token")
	}
	return nil
}

// maxNameBytes limits a claim name. Cognito documents no limit; a longer name is a mistake.
const maxNameBytes = 256

func checkName(name string) error {
	if name == "" || len(name) > maxNameBytes {
		return fmt.Errorf("a claim name has 1 to %d bytes", maxNameBytes)
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("%q: a claim name has no control characters", name)
	}
	return nil
}

// MaxClaims is Cognito's default limit of claims and scopes over both tokens. See
// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
const MaxClaims = 5000
