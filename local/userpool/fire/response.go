package fire

import (
	"encoding/json"

	"cognito-triggers/shared/events"
)

// blankResponse is the response as it arrives at the function.
func blankResponse(c Call) json.RawMessage {
	switch c.Hook {
	case events.PreSignUp:
		return json.RawMessage(`{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}`)
	case events.CustomMessage:
		return json.RawMessage(`{"smsMessage":null,"emailMessage":null,"emailSubject":null}`)
	case events.DefineAuthChallenge:
		return json.RawMessage(`{"challengeName":null,"issueTokens":null,"failAuthentication":null}`)
	case events.CreateAuthChallenge:
		return json.RawMessage(`{"publicChallengeParameters":null,"privateChallengeParameters":null,"challengeMetadata":null}`)
	case events.VerifyAuthChallengeResponse:
		return json.RawMessage(`{"answerCorrect":null}`)
	case events.UserMigration:
		return json.RawMessage(`{"userAttributes":null,"forceAliasCreation":null,"enableSMSMFA":null,"finalUserStatus":null,"messageAction":null,"desiredDeliveryMediums":null}`)
	case events.PreTokenGeneration:
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
