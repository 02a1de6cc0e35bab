package cognito

import (
	"slices"
	"strings"
)

// Hook names a place in a user pool's LambdaConfig that a function is attached to, spelled as Terraform spells it.
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

// Hooks lists every hook in the order of AWS's guide.
func Hooks() []Hook {
	names := make([]Hook, len(contracts))
	for i := range contracts {
		names[i] = contracts[i].Hook
	}
	return names
}

// HookOf names the hook that a trigger source belongs to; "" where none does.
func HookOf(source string) Hook {
	for i := range contracts {
		if contracts[i].Hook.Accepts(source) {
			return contracts[i].Hook
		}
	}
	return ""
}

// Valid reports whether Cognito has the hook.
func (h Hook) Valid() bool { return h.contract() != &unknown }

// Contract is what Cognito promises and expects at the hook. Its slices are shared: callers must not change them. For
// a name that is not a hook it is empty.
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

// Sources lists the trigger sources that the hook is called with, nil for a name that is not a hook.
func (h Hook) Sources() []string { return slices.Clone(h.contract().Sources) }

// Versions lists the event versions that the hook can be attached with, nil where Cognito offers no choice.
func (h Hook) Versions() []string { return slices.Clone(h.contract().Versions) }

// Family is the part of the hook's trigger sources before the underscore, for example "TokenGeneration".
func (h Hook) Family() string {
	if sources := h.contract().Sources; len(sources) > 0 {
		return Family(sources[0])
	}
	return ""
}

// Accepts reports whether an event of that trigger source belongs to the hook. Only the source's family counts, so that
// a source which Cognito adds later still reaches its handler. Where AWS's pages disagree on the spelling, every
// spelling is accepted.
func (h Hook) Accepts(source string) bool {
	family := Family(source)
	if family == "" {
		return false
	}
	return family == h.Family() || slices.ContainsFunc(h.contract().OtherFamilies, func(other string) bool {
		return strings.EqualFold(family, other)
	})
}

// Family is the part of a trigger source before its underscore.
func Family(source string) string {
	family, _, found := strings.Cut(source, "_")
	if !found {
		return ""
	}
	return family
}
