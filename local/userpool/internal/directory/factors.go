package directory

import (
	"slices"

	"cognito-triggers/local/userpool/state"
)

// codeFactors maps attributes to the first factor of choice-based sign-in that sends a code there.
func codeFactors() map[string]string { return map[string]string{Email: "EMAIL_OTP", Phone: "SMS_OTP"} }

// CodeFactor returns the first factor of choice-based sign-in that sends a code to the attribute, "" if none does.
func CodeFactor(attribute string) string { return codeFactors()[attribute] }

// OffersChoice reports whether the client has choice-based sign-in.
func OffersChoice(client state.Client) bool {
	return slices.Contains(client.Settings.ExplicitAuthFlows, "ALLOW_USER_AUTH")
}

// SignsInByCodeTo reports whether users of the pool may sign in with a code that is sent to the attribute.
func SignsInByCodeTo(pool state.Pool, attribute string) bool {
	factor := CodeFactor(attribute)
	return factor != "" && pool.Settings.AllowsFirst(factor)
}

// NeedsNoPassword reports whether somebody with these attributes may have no password, since the pool lets them sign in
// with a code.
func NeedsNoPassword(pool state.Pool, attributes map[string]string) bool {
	return attributes[Email] != "" && SignsInByCodeTo(pool, Email) ||
		attributes[Phone] != "" && SignsInByCodeTo(pool, Phone)
}
