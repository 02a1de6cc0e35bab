package token

import (
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"cognito-triggers/shared/cognito"
)

// Machine creates the access token of an app client, which belongs to no user: its sub is the client's ID, and it has
// no username, groups, origin_jti or event_id. Granted says that the token endpoint grants it. The override may be nil.
func (s Signer) Machine(
	clientID string, scopes []string, granted bool, override *Override, now time.Time, lifetime time.Duration,
) (string, error) {
	if clientID == "" || s.Issuer == "" {
		return "", errors.New("a token needs a client id and an issuer")
	}
	set := map[string]any{
		"sub":       clientID,
		"client_id": clientID,
		"iss":       s.Issuer,
		"token_use": "access",
		"auth_time": now.Unix(),
		"iat":       now.Unix(),
		"exp":       now.Add(lifetime).Unix(),
		"jti":       uuid.NewString(),
	}
	if granted {
		set["version"] = accessVersion
	}
	if scopes := override.scopes(scopes); len(scopes) > 0 {
		set["scope"] = strings.Join(scopes, " ")
	}
	override.apply(set, cognito.Access, clientID)
	return s.Keys.access.sign(set)
}
