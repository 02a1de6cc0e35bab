package migration

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/strictjson"
)

const (
	emailAttribute = "email"
	phoneAttribute = "phone_number"
	verifiedSuffix = "_verified"

	// username is not an attribute but the user's name, where the pool has aliases.
	username = "username"
)

// Mapping is the list of attributes that users get: the pool's names, each with the name of the source's attribute.
// What it does not list is left behind.
type Mapping map[string]string

// standard are the attributes of a pool that a mapping may set, besides custom ones. Left out are sub and identities,
// which Cognito makes, the verified flags, which follow from Account.Verified, and updated_at, which is a number.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
func standard() []string {
	return []string{
		"address", "birthdate", emailAttribute, "family_name", "gender", "given_name", "locale", "middle_name", "name",
		"nickname", phoneAttribute, "picture", "preferred_username", "profile", "website", "zoneinfo",
	}
}

// ParseMapping reads a JSON object, for example {"email":"mail","custom:legacy_id":"id"}. It refuses names that a pool
// does not have, and the protected ones, since what somebody may do is not for an old system to say. "username" is the
// user's own name in a pool with aliases.
func ParseMapping(text string, protected signup.AttributeNames) (Mapping, error) {
	var m Mapping
	if err := strictjson.Unmarshal([]byte(text), &m); err != nil {
		return nil, fmt.Errorf("is not a JSON object of texts: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		custom, isCustom := strings.CutPrefix(name, "custom:")
		switch {
		case m[name] == "":
			return nil, fmt.Errorf("has no attribute of the source for %s", name)
		case protected.Contains(name):
			return nil, fmt.Errorf("sets %s, which is a protected attribute: set it in the pool after the migration", name)
		case isCustom && (custom == "" || len(custom) > maxCustomName):
			return nil, fmt.Errorf("sets %s: a custom attribute's name has 1 to %d characters", name, maxCustomName)
		case !isCustom && name != username && !slices.Contains(standard(), name):
			return nil, fmt.Errorf("sets %s: use custom:… or one of %s, %s", name, strings.Join(standard(), ", "), username)
		}
	}
	if len(m) == 0 {
		return nil, fmt.Errorf("lists nothing: a user needs at least one attribute")
	}
	return m, nil
}

// Limits of Cognito.
const (
	maxValue      = 2048 // characters of an attribute's value
	maxCustomName = 20
)

// Apply returns the pool's attributes of an account. Values that a pool would refuse are left out.
func (m Mapping) Apply(a Account) map[string]string {
	attributes := map[string]string{}
	for name, own := range m {
		value := strings.TrimSpace(a.Attributes[own])
		if value == "" || !utf8.ValidString(value) || utf8.RuneCountInString(value) > maxValue ||
			strings.ContainsFunc(value, unicode.IsControl) {
			continue
		}
		attributes[name] = value
		if a.Verified[own] && (name == emailAttribute || name == phoneAttribute) {
			attributes[name+verifiedSuffix] = "true"
		}
	}
	return attributes
}
