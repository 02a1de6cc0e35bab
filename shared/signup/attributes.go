package signup

import (
	"fmt"
	"strings"
)

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
