package cognito

import (
	"slices"
	"strings"
)

// Hook is a point in a user pool's work at which Cognito calls a function, by its name in Terraform, for example
// "pre_sign_up".
type Hook string

// The hooks of a user pool.
const (
	PreSignUp                   Hook = "pre_sign_up"
	PostConfirmation            Hook = "post_confirmation"
	PreAuthentication           Hook = "pre_authentication"
	PostAuthentication          Hook = "post_authentication"
	DefineAuthChallenge         Hook = "define_auth_challenge"
	CreateAuthChallenge         Hook = "create_auth_challenge"
	VerifyAuthChallengeResponse Hook = "verify_auth_challenge_response"
	UserMigration               Hook = "user_migration"
	PreTokenGeneration          Hook = "pre_token_generation"
	CustomMessage               Hook = "custom_message"
	CustomEmailSender           Hook = "custom_email_sender"
	CustomSMSSender             Hook = "custom_sms_sender"
	InboundFederation           Hook = "inbound_federation"
)

// Hooks returns every hook in the order of AWS's guide.
func Hooks() []Hook {
	names := make([]Hook, len(contracts))
	for i := range contracts {
		names[i] = contracts[i].Hook
	}
	return names
}

// HookOf returns the hook that a trigger source belongs to, or "" if it belongs to none.
func HookOf(source string) Hook {
	for i := range contracts {
		if contracts[i].Hook.Accepts(source) {
			return contracts[i].Hook
		}
	}
	return ""
}

// Valid reports whether h is one of Cognito's hooks.
func (h Hook) Valid() bool { return h.contract() != &unknown }

// Contract returns the hook's contract, which is empty if h is not valid. Its slices are shared: do not change them.
func (h Hook) Contract() Contract { return *h.contract() }

var unknown Contract

func (h Hook) contract() *Contract {
	for i := range contracts {
		if contracts[i].Hook == h {
			return &contracts[i]
		}
	}
	return &unknown
}

// Sources returns the trigger sources of the hook, or nil if h is not valid.
func (h Hook) Sources() []string { return slices.Clone(h.contract().Sources) }

// Versions returns the event versions that a function can be attached with at the hook, for example "V2_0", or nil if
// Cognito offers no choice.
func (h Hook) Versions() []string { return slices.Clone(h.contract().Versions) }

// Family returns the part of the hook's trigger sources before the underscore, for example "TokenGeneration".
func (h Hook) Family() string {
	if sources := h.contract().Sources; len(sources) > 0 {
		return Family(sources[0])
	}
	return ""
}

// Accepts reports whether events with the given trigger source belong to the hook. It compares only the family, so that
// sources that Cognito adds later reach their handler. If AWS's pages disagree on the spelling, it accepts them all.
func (h Hook) Accepts(source string) bool {
	family := Family(source)
	if family == "" {
		return false
	}
	return family == h.Family() || slices.ContainsFunc(h.contract().OtherFamilies, func(other string) bool {
		return strings.EqualFold(family, other)
	})
}

// Family returns the part of a trigger source before its underscore, or "" if it has none.
func Family(source string) string {
	family, _, found := strings.Cut(source, "_")
	if !found {
		return ""
	}
	return family
}
