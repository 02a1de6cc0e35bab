package tokens

import (
	"maps"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/state"
)

// openID is the scope of ID tokens and of the endpoint userInfo.
const openID = "openid"

// Granted returns the attributes that scopes of OpenID Connect let an app see. Without a scope that chooses any, it
// sees all that its app client may read; nil scopes are those of a sign-in by the API. Who the user is at identity
// providers belongs to no scope.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
func Granted(attributes map[string]string, scopes []string) map[string]string {
	chosen := slices.DeleteFunc(slices.Clone(scopes), func(scope string) bool {
		return scope != "email" && scope != "phone" && scope != "profile"
	})
	if len(chosen) == 0 {
		return attributes
	}
	shown := maps.Clone(attributes)
	maps.DeleteFunc(shown, func(name, _ string) bool {
		return name != "sub" && name != "identities" && !slices.Contains(chosen, scopeOf(name))
	})
	return shown
}

// scopeOf returns the scope that shows an attribute.
func scopeOf(attribute string) string {
	switch {
	case attribute == "email" || attribute == "email_verified":
		return "email"
	case strings.HasPrefix(attribute, "phone_number"):
		return "phone"
	}
	return "profile"
}

// attributesOf are the standard attributes that a scope shows.
//
// See https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
func attributesOf(scope string) []string {
	switch scope {
	case "email":
		return []string{"email", "email_verified"}
	case "phone":
		return []string{"phone_number", "phone_number_verified"}
	case "profile":
		return []string{"name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile",
			"picture", "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"}
	}
	return nil
}

// Unreadable reports whether scopes show attributes that the app client may not read, for which there are no tokens.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
func Unreadable(client state.Client, scopes []string) bool {
	for _, scope := range scopes {
		for _, attribute := range attributesOf(scope) {
			if !directory.Readable(client, attribute) {
				return true
			}
		}
	}
	return false
}
