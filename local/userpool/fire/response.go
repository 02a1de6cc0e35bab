package fire

import (
	"encoding/json"

	"cognito-triggers/shared/cognito"
)

// blankResponse is the response as it arrives at the function.
func blankResponse(c Call) json.RawMessage {
	switch c.Hook {
	case cognito.PreSignUp:
		return json.RawMessage(`{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}`)
	case cognito.CustomMessage:
		return json.RawMessage(`{"smsMessage":null,"emailMessage":null,"emailSubject":null}`)
	case cognito.DefineAuthChallenge:
		return json.RawMessage(`{"challengeName":null,"issueTokens":null,"failAuthentication":null}`)
	case cognito.CreateAuthChallenge:
		return json.RawMessage(`{"publicChallengeParameters":null,"privateChallengeParameters":null,"challengeMetadata":null}`)
	case cognito.VerifyAuthChallengeResponse:
		return json.RawMessage(`{"answerCorrect":null}`)
	case cognito.UserMigration:
		return json.RawMessage(`{"userAttributes":null,"forceAliasCreation":null,"enableSMSMFA":null,"finalUserStatus":null,"messageAction":null,"desiredDeliveryMediums":null}`)
	case cognito.PreTokenGeneration:
		if c.Version == "1" {
			return json.RawMessage(`{"claimsOverrideDetails":null}`)
		}
		return json.RawMessage(`{"claimsAndScopeOverrideDetails":null}`)
	}
	return json.RawMessage(`{}`)
}

// Groups are a user's groups and roles.
type Groups struct {
	GroupsToOverride   []string `json:"groupsToOverride"`
	IAMRolesToOverride []string `json:"iamRolesToOverride"`
	PreferredRole      *string  `json:"preferredRole"`
}
