package events

import "cognito-triggers/shared/cognito"

// Hook pairs a hook of a user pool with the types of its events. No two hooks share these types, so passing a handler
// to the wrong hook does not compile.
type Hook[Req, Resp any] struct{ name cognito.Hook }

// Name returns the hook's name in function.json and in Terraform, for example "pre_sign_up".
func (h Hook[Req, Resp]) Name() cognito.Hook { return h.name }

// The hooks of a user pool.
var (
	PreSignUp           = Hook[PreSignUpRequest, PreSignUpResponse]{cognito.PreSignUp}
	PostConfirmation    = Hook[PostConfirmationRequest, PostConfirmationResponse]{cognito.PostConfirmation}
	PreAuthentication   = Hook[PreAuthenticationRequest, PreAuthenticationResponse]{cognito.PreAuthentication}
	PostAuthentication  = Hook[PostAuthenticationRequest, PostAuthenticationResponse]{cognito.PostAuthentication}
	DefineAuthChallenge = Hook[DefineAuthChallengeRequest, DefineAuthChallengeResponse]{cognito.DefineAuthChallenge}
	CreateAuthChallenge = Hook[CreateAuthChallengeRequest, CreateAuthChallengeResponse]{cognito.CreateAuthChallenge}
	UserMigration       = Hook[UserMigrationRequest, UserMigrationResponse]{cognito.UserMigration}
	PreTokenGeneration  = Hook[PreTokenGenerationRequest, PreTokenGenerationResponse]{cognito.PreTokenGeneration}
	CustomMessage       = Hook[CustomMessageRequest, CustomMessageResponse]{cognito.CustomMessage}
	CustomEmailSender   = Hook[CustomEmailSenderRequest, CustomEmailSenderResponse]{cognito.CustomEmailSender}
	CustomSMSSender     = Hook[CustomSMSSenderRequest, CustomSMSSenderResponse]{cognito.CustomSMSSender}
	InboundFederation   = Hook[InboundFederationRequest, InboundFederationResponse]{cognito.InboundFederation}

	VerifyAuthChallengeResponse = Hook[VerifyAuthChallengeResponseRequest, VerifyAuthChallengeResponseResponse]{
		cognito.VerifyAuthChallengeResponse,
	}
)
