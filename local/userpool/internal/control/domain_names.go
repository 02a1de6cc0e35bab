package control

import (
	"regexp"
	"strings"

	"cognito-triggers/local/userpool/internal/fault"
)

// reserved are the words that a prefix must not contain.
func reserved() []string { return []string{"aws", "amazon", "cognito"} }

// prefixPattern is that of the API's model. AWS's errors show it.
const prefixPattern = `^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$`

var (
	prefixForm = regexp.MustCompile(prefixPattern)
	customForm = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$`)
)

// checkDomain returns the error for a name that no domain can have.
func checkDomain(name string, custom bool) error {
	form := prefixForm
	if custom {
		form = customForm
	}
	if !form.MatchString(name) {
		return fault.New(fault.Invalid, "The domain name contains an invalid character. Domain names can only contain "+
			"lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: "+prefixPattern)
	}
	for _, word := range reserved() {
		if !custom && strings.Contains(name, word) {
			return fault.New(fault.Invalid, "Domain cannot contain reserved word: "+word)
		}
	}
	return nil
}
