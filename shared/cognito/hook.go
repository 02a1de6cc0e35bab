package events

import (
	"slices"
	"strings"
)

// Hook names the place in a user pool's LambdaConfig that a function is attached to, spelled as Terraform spells it.
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

// Trigger sources: what Cognito was doing when it called the function. They are the only reliable discriminator of an
// event.
const (
	PreSignUpSignUp           = "PreSignUp_SignUp"
	PreSignUpAdminCreateUser  = "PreSignUp_AdminCreateUser"
	PreSignUpExternalProvider = "PreSignUp_ExternalProvider"

	PostConfirmationConfirmSignUp         = "PostConfirmation_ConfirmSignUp"
	PostConfirmationConfirmForgotPassword = "PostConfirmation_ConfirmForgotPassword"

	CustomMessageSignUp              = "CustomMessage_SignUp"
	CustomMessageAdminCreateUser     = "CustomMessage_AdminCreateUser"
	CustomMessageResendCode          = "CustomMessage_ResendCode"
	CustomMessageForgotPassword      = "CustomMessage_ForgotPassword"
	CustomMessageUpdateUserAttribute = "CustomMessage_UpdateUserAttribute"
	CustomMessageVerifyUserAttribute = "CustomMessage_VerifyUserAttribute"
	CustomMessageAuthentication      = "CustomMessage_Authentication"

	TokenGenerationHostedAuth           = "TokenGeneration_HostedAuth"
	TokenGenerationAuthentication       = "TokenGeneration_Authentication"
	TokenGenerationNewPasswordChallenge = "TokenGeneration_NewPasswordChallenge"
	TokenGenerationAuthenticateDevice   = "TokenGeneration_AuthenticateDevice"
	TokenGenerationRefreshTokens        = "TokenGeneration_RefreshTokens"
	TokenGenerationClientCredentials    = "TokenGeneration_ClientCredentials"
)

// versions are the event versions that a hook can be attached with; nil where Cognito has no choice.
type hookInfo struct {
	hook     Hook
	sources  []string
	versions []string
}

var senderKinds = []string{"SignUp", "ResendCode", "AdminCreateUser", "ForgotPassword", "UpdateUserAttribute", "VerifyUserAttribute", "Authentication"}

var allHooks = []hookInfo{
	{PreSignUp, []string{PreSignUpSignUp, PreSignUpAdminCreateUser, PreSignUpExternalProvider}, nil},
	{PostConfirmation, []string{PostConfirmationConfirmSignUp, PostConfirmationConfirmForgotPassword}, nil},
	{PreAuthentication, []string{"PreAuthentication_Authentication"}, nil},
	{PostAuthentication, []string{"PostAuthentication_Authentication"}, nil},
	{DefineAuthChallenge, []string{"DefineAuthChallenge_Authentication"}, nil},
	{CreateAuthChallenge, []string{"CreateAuthChallenge_Authentication"}, nil},
	{VerifyAuthChallengeResponse, []string{"VerifyAuthChallengeResponse_Authentication", "VerifyAuthChallenge_Authentication"}, nil},
	{UserMigration, []string{"UserMigration_Authentication", "UserMigration_ForgotPassword"}, nil},
	{PreTokenGeneration, []string{
		TokenGenerationHostedAuth, TokenGenerationAuthentication, TokenGenerationNewPasswordChallenge,
		TokenGenerationAuthenticateDevice, TokenGenerationRefreshTokens, TokenGenerationClientCredentials,
	}, []string{"V1_0", "V2_0", "V3_0"}},
	{CustomMessage, []string{
		CustomMessageSignUp, CustomMessageAdminCreateUser, CustomMessageResendCode, CustomMessageForgotPassword,
		CustomMessageUpdateUserAttribute, CustomMessageVerifyUserAttribute, CustomMessageAuthentication,
	}, nil},
	{CustomEmailSender, nil, []string{"V1_0"}},
	{CustomSMSSender, nil, []string{"V1_0"}},
	{InboundFederation, []string{"InboundFederation_ExternalProvider"}, []string{"V1_0"}},
}

func prefixed(prefix string, kinds []string) []string {
	sources := make([]string, len(kinds))
	for i, kind := range kinds {
		sources[i] = prefix + kind
	}
	return sources
}

// Hooks lists every hook in the order of AWS's guide.
func Hooks() []Hook {
	var names []Hook
	for _, info := range allHooks {
		names = append(names, info.hook)
	}
	return names
}

// Valid tells whether Cognito has the hook.
func (h Hook) Valid() bool { return slices.Contains(Hooks(), h) }

// Sources lists the trigger sources that the hook is called with, nil for a name that is no hook.
func (h Hook) Sources() []string {
	switch h {
	case CustomEmailSender:
		return prefixed("CustomEmailSender_", append(slices.Clone(senderKinds), "AccountTakeOverNotification"))
	case CustomSMSSender:
		return prefixed("CustomSMSSender_", senderKinds)
	}
	return h.info().sources
}

// Versions lists the event versions that the hook can be attached with, nil where Cognito offers no choice.
func (h Hook) Versions() []string { return h.info().versions }

func (h Hook) info() hookInfo {
	for _, info := range allHooks {
		if info.hook == h {
			return info
		}
	}
	return hookInfo{}
}

// Family is the part of the hook's trigger sources before the underscore, for example "TokenGeneration".
func (h Hook) Family() string {
	sources := h.Sources()
	if len(sources) == 0 {
		return ""
	}
	return Family(sources[0])
}

// Accepts tells whether an event of that trigger source belongs to the hook. Only the source's family counts, so that a
// source which Cognito adds later still reaches its handler. AWS's pages disagree on two spellings; both are accepted.
func (h Hook) Accepts(source string) bool {
	family := Family(source)
	switch h {
	case CustomSMSSender:
		return strings.EqualFold(family, "CustomSMSSender")
	case VerifyAuthChallengeResponse:
		return family == "VerifyAuthChallengeResponse" || family == "VerifyAuthChallenge"
	default:
		return family != "" && family == h.Family()
	}
}

// Family is the part of a trigger source before its underscore.
func Family(source string) string {
	family, _, found := strings.Cut(source, "_")
	if !found {
		return ""
	}
	return family
}

// HookOf names the hook that a trigger source belongs to; "" where none does.
func HookOf(source string) Hook {
	for _, hook := range Hooks() {
		if hook.Accepts(source) {
			return hook
		}
	}
	return ""
}
