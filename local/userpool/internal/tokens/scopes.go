package tokens

import (
	"maps"
	"slices"
	"strings"
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
