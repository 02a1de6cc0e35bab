package signup

import (
	"fmt"
	"strings"
)

// AttributeNames is a set of user attributes by name. An entry that ends in an asterisk, such as "custom:*", stands for
// every name that begins like it. Case does not count: a pool may hold custom:role and custom:Role, and meaning the one
// and missing the other helps nobody.
type AttributeNames []string

// ParseAttributeNames reads the entries of a list. The error names the entry.
func ParseAttributeNames(entries []string) (AttributeNames, error) {
	for _, entry := range entries {
		name := strings.TrimSuffix(entry, "*")
		if name == "" || strings.ContainsAny(name, "* ") {
			return nil,
				fmt.Errorf(
					"has the entry %s, which is not an attribute: write custom:role, or custom:role* for all that begin like it",
					entry)
		}
	}
	return entries, nil
}

func (n AttributeNames) containsAny(attributes map[string]string) bool {
	for name := range attributes {
		for _, entry := range n {
			if matches(entry, name) {
				return true
			}
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
