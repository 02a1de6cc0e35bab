package cognito

// The trigger sources, which say what Cognito was doing when it called the function. Nothing else in an event tells its
// kind reliably.
const (
	PreSignUpSignUp           = "PreSignUp_SignUp"
	PreSignUpAdminCreateUser  = "PreSignUp_AdminCreateUser"
	PreSignUpExternalProvider = "PreSignUp_ExternalProvider"

	PostConfirmationConfirmSignUp         = "PostConfirmation_ConfirmSignUp"
	PostConfirmationConfirmForgotPassword = "PostConfirmation_ConfirmForgotPassword"

	PreAuthenticationAuthentication  = "PreAuthentication_Authentication"
	PostAuthenticationAuthentication = "PostAuthentication_Authentication"

	DefineAuthChallengeAuthentication         = "DefineAuthChallenge_Authentication"
	CreateAuthChallengeAuthentication         = "CreateAuthChallenge_Authentication"
	VerifyAuthChallengeResponseAuthentication = "VerifyAuthChallengeResponse_Authentication"
	VerifyAuthChallengeAuthentication         = "VerifyAuthChallenge_Authentication" // the spelling in one of AWS's tables

	UserMigrationAuthentication = "UserMigration_Authentication"
	UserMigrationForgotPassword = "UserMigration_ForgotPassword"

	TokenGenerationHostedAuth           = "TokenGeneration_HostedAuth"
	TokenGenerationAuthentication       = "TokenGeneration_Authentication"
	TokenGenerationNewPasswordChallenge = "TokenGeneration_NewPasswordChallenge"
	TokenGenerationAuthenticateDevice   = "TokenGeneration_AuthenticateDevice"
	TokenGenerationRefreshTokens        = "TokenGeneration_RefreshTokens"
	TokenGenerationClientCredentials    = "TokenGeneration_ClientCredentials" // event version V3_0 only

	CustomMessageSignUp              = "CustomMessage_SignUp"
	CustomMessageAdminCreateUser     = "CustomMessage_AdminCreateUser"
	CustomMessageResendCode          = "CustomMessage_ResendCode"
	CustomMessageForgotPassword      = "CustomMessage_ForgotPassword"
	CustomMessageUpdateUserAttribute = "CustomMessage_UpdateUserAttribute"
	CustomMessageVerifyUserAttribute = "CustomMessage_VerifyUserAttribute"
	CustomMessageAuthentication      = "CustomMessage_Authentication"

	CustomEmailSenderSignUp                      = "CustomEmailSender_SignUp"
	CustomEmailSenderResendCode                  = "CustomEmailSender_ResendCode"
	CustomEmailSenderAdminCreateUser             = "CustomEmailSender_AdminCreateUser"
	CustomEmailSenderForgotPassword              = "CustomEmailSender_ForgotPassword"
	CustomEmailSenderUpdateUserAttribute         = "CustomEmailSender_UpdateUserAttribute"
	CustomEmailSenderVerifyUserAttribute         = "CustomEmailSender_VerifyUserAttribute"
	CustomEmailSenderAuthentication              = "CustomEmailSender_Authentication"
	CustomEmailSenderAccountTakeOverNotification = "CustomEmailSender_AccountTakeOverNotification"

	CustomSMSSenderSignUp              = "CustomSMSSender_SignUp"
	CustomSMSSenderResendCode          = "CustomSMSSender_ResendCode"
	CustomSMSSenderAdminCreateUser     = "CustomSMSSender_AdminCreateUser"
	CustomSMSSenderForgotPassword      = "CustomSMSSender_ForgotPassword"
	CustomSMSSenderUpdateUserAttribute = "CustomSMSSender_UpdateUserAttribute"
	CustomSMSSenderVerifyUserAttribute = "CustomSMSSender_VerifyUserAttribute"
	CustomSMSSenderAuthentication      = "CustomSMSSender_Authentication"

	InboundFederationExternalProvider = "InboundFederation_ExternalProvider"
)

// VersionsOf returns the event versions that a trigger source comes with, for example "V3_0"; nil if its hook has no
// choice, or if no hook has the source.
func VersionsOf(source string) []string {
	if source == TokenGenerationClientCredentials {
		return []string{"V3_0"}
	}
	return HookOf(source).Versions()
}
