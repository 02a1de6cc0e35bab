package signup

import (
	"fmt"
	"slices"
	"strings"

	"cognito-triggers/shared/settings"
)

// DefaultProtected are common names of attributes for a user's permissions or customer. The list cannot be complete:
// the app client's settings decide what a client may write.
const DefaultProtected = "custom:role*,custom:user_role*,custom:group*,custom:admin*,custom:is_admin*," +
	"custom:isadmin*,custom:is_super*," +
	"custom:superuser*,custom:permission*,custom:scope*,custom:tenant*,custom:org*,custom:owner*"

// ProtectedAttributes reads the setting PROTECTED_ATTRIBUTES. It has a word for the empty list, none, because an empty
// variable means the default.
func ProtectedAttributes(env *settings.Env) AttributeNames {
	const name = "PROTECTED_ATTRIBUTES"
	entries := env.List(name)
	switch {
	case len(entries) == 0:
		entries = strings.Split(DefaultProtected, ",")
	case slices.Equal(entries, []string{"none"}):
		return nil
	}
	names, err := ParseAttributeNames(entries)
	if err != nil {
		env.Fail(name, "%v", err)
	}
	return names
}

// AttributeNames is a set of names of user attributes. An entry that ends in an asterisk, such as "custom:*", matches
// every name with that prefix. Case is ignored: a pool may have custom:role and custom:Role, and protecting only one of
// them would be a mistake.
type AttributeNames []string

// ParseAttributeNames reads the entries of a list. The error names the entry.
func ParseAttributeNames(entries []string) (AttributeNames, error) {
	for _, entry := range entries {
		name := strings.TrimSuffix(entry, "*")
		if name == "" || strings.ContainsAny(name, "* ") {
			return nil, fmt.Errorf("has the entry %s, which is not an attribute: write custom:role, or custom:role* for "+
				"every name with that prefix", entry)
		}
	}
	return entries, nil
}

// Contains reports whether an entry stands for the name.
func (n AttributeNames) Contains(name string) bool {
	return slices.ContainsFunc(n, func(entry string) bool { return matches(entry, name) })
}

func (n AttributeNames) containsAny(attributes map[string]string) bool {
	for name := range attributes {
		if n.Contains(name) {
			return true
		}
	}
	return false
}

func matches(entry, name string) bool {
	if prefix, wildcard := strings.CutSuffix(entry, "*"); wildcard {
		return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
	}
	return strings.EqualFold(entry, name)
}
