package events

import "cognito-triggers/shared/cognito"

// Hook ties a hook of a user pool to the types of its events. No two hooks share both types, so a handler of one hook
// does not compile where another is wanted.
type Hook[Req, Resp any] struct{ name cognito.Hook }

// Name is the hook's name in manifests and in Terraform.
func (h Hook[Req, Resp]) Name() cognito.Hook { return h.name }

// The hooks of a user pool, with the types of their events.
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
