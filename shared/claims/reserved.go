package claims

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/events"
)

// Token is one of the two tokens that carry claims.
type Token string

// The tokens. An event of version 1 can change the ID token only; a machine client gets an access token only.
const (
	ID     Token = "id"
	Access Token = "access"
)

const (
	claimGroups        = "cognito:groups"
	claimRoles         = "cognito:roles"
	claimPreferredRole = "cognito:preferred_role"
	claimAudience      = "aud"
	claimScope         = "scope"
)

// Reserved tells whether Cognito keeps the claim of that token to itself: it cannot be added or overridden as a claim.
// Some of them can be changed by other members of the answer, see CheckClaim. `aud` of the access token is not
// reserved, but it takes one value only, see CheckAudience.
func Reserved(token Token, name string) bool { return reservedReason(token, name) != "" }

// reservedReason follows the guide's table, "Claims and scopes reference" on
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
func reservedReason(token Token, name string) string {
	switch name {
	case claimGroups:
		return "is set through groups"
	case claimRoles:
		return "is set through iamRoles"
	case claimPreferredRole:
		return "is set through preferredRole"
	case "sub", "acr", "amr", "auth_time", "azp", "exp", "iat", "iss", "jti", "nbf", "nonce", "origin_jti", "token_use":
		return "is reserved in both tokens"
	}
	if strings.HasPrefix(name, "cognito:") {
		return "is reserved, as every other name with cognito: is"
	}
	if token == ID {
		return reservedInID(name)
	}
	return reservedInAccess(name)
}

func reservedInID(name string) string {
	switch name {
	case "identities", "at_hash", claimAudience:
		return "is reserved in the ID token"
	}
	if strings.HasPrefix(name, "dev:") {
		return "is reserved in the ID token, as every name with dev: is; it can only be suppressed"
	}
	return ""
}

func reservedInAccess(name string) string {
	switch name {
	case claimScope:
		return "is set through scopes"
	case "username", "client_id", "event_id", "device_key", "version":
		return "is reserved in the access token"
	}
	return ""
}

// CheckClaim tells whether an event of that version can add or override the claim.
func CheckClaim(version events.TokenVersion, token Token, name string) error {
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

// CheckSuppress tells whether an event of that version can take the claim out of the token.
func CheckSuppress(version events.TokenVersion, token Token, name string) error {
	if err := checkToken(version, token); err != nil {
		return err
	}
	if err := checkName(name); err != nil {
		return err
	}
	switch {
	case name == claimGroups, token == ID && strings.HasPrefix(name, "dev:"):
		return nil
	case name == claimRoles, name == claimPreferredRole:
		return fmt.Errorf("%q goes with %s: suppress that", name, claimGroups)
	case name == claimScope && token == Access:
		return fmt.Errorf("%q is suppressed through scopes", name)
	case name == claimAudience:
		return fmt.Errorf("%q cannot be suppressed", name)
	}
	if Reserved(token, name) {
		return fmt.Errorf("%q is reserved in this token and cannot be suppressed", name)
	}
	return nil
}

// CheckScope tells whether an event of that version can add or suppress the scope: 1 to 256 printable ASCII characters
// without space, quote or backslash.
func CheckScope(version events.TokenVersion, scope string) error {
	if version == events.V1 {
		return errors.New("a version 1 event cannot change scopes")
	}
	if scope == "" || len(scope) > 256 {
		return errors.New("a scope has 1 to 256 characters")
	}
	for i := range len(scope) {
		if c := scope[i]; c < '!' || c > '~' || c == '"' || c == '\\' {
			return fmt.Errorf("%q: a scope has printable ASCII characters without space, quote and backslash", scope)
		}
	}
	return nil
}

// CheckAudience tells whether a value may stand in the access token's aud claim: only the app client's own id.
func CheckAudience(value []byte, clientID string) error {
	if text, ok := textOf(value); !ok || clientID == "" || text != clientID {
		return errors.New("aud takes only the id of the app client that gets the token")
	}
	return nil
}

func checkToken(version events.TokenVersion, token Token) error {
	if token != ID && token != Access {
		return fmt.Errorf("unknown token %q", string(token))
	}
	if version == events.V1 && token == Access {
		return errors.New("a version 1 event cannot change the access token")
	}
	return nil
}

// maxNameBytes bounds a claim's name. Cognito names no limit; longer ones are mistakes.
const maxNameBytes = 256

func checkName(name string) error {
	if name == "" || len(name) > maxNameBytes {
		return fmt.Errorf("a claim's name has 1 to %d bytes", maxNameBytes)
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("%q: a claim's name has no control characters", name)
	}
	return nil
}
