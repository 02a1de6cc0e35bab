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

// TokenClaims is the override of one token.
type TokenClaims struct {
	ClaimsToAddOrOverride map[string]json.RawMessage `json:"claimsToAddOrOverride"`
	ClaimsToSuppress      []string                   `json:"claimsToSuppress"`
	ScopesToAdd           []string                   `json:"scopesToAdd"`
	ScopesToSuppress      []string                   `json:"scopesToSuppress"`
}

// Groups is the override of groups and roles.
type Groups struct {
	GroupsToOverride   []string `json:"groupsToOverride"`
	IAMRolesToOverride []string `json:"iamRolesToOverride"`
	PreferredRole      *string  `json:"preferredRole"`
}

// Override is what pre token generation answered, whatever its version.
type Override struct {
	ID           TokenClaims `json:"idTokenGeneration"`
	Access       TokenClaims `json:"accessTokenGeneration"`
	GroupDetails *Groups     `json:"-"`
	HasGroups    bool        `json:"-"` // GroupDetails counts; nil there means no groups at all
}

// UnmarshalJSON tells an absent groupOverrideDetails, which keeps the groups, from null, which removes them.
func (o *Override) UnmarshalJSON(raw []byte) error {
	type plain Override
	if err := json.Unmarshal(raw, (*plain)(o)); err != nil {
		return err
	}
	return o.readGroups(raw)
}

func (o *Override) readGroups(raw []byte) error {
	value, there := members(raw)["groupOverrideDetails"]
	o.HasGroups = there
	if !there || null(value) {
		return nil
	}
	return json.Unmarshal(value, &o.GroupDetails)
}

type overrideV1 struct{ Override }

// UnmarshalJSON reads version 1: claims of the ID token, texts only.
func (o *overrideV1) UnmarshalJSON(raw []byte) error {
	var v1 struct {
		ClaimsToAddOrOverride map[string]string `json:"claimsToAddOrOverride"`
		ClaimsToSuppress      []string          `json:"claimsToSuppress"`
	}
	if err := json.Unmarshal(raw, &v1); err != nil {
		return err
	}
	o.ID.ClaimsToSuppress = v1.ClaimsToSuppress
	o.ID.ClaimsToAddOrOverride = make(map[string]json.RawMessage, len(v1.ClaimsToAddOrOverride))
	for name, text := range v1.ClaimsToAddOrOverride {
		value, err := json.Marshal(text)
		if err != nil {
			return err
		}
		o.ID.ClaimsToAddOrOverride[name] = value
	}
	return o.readGroups(raw)
}

// OverrideOf reads the answer of pre token generation, which Fire has checked; nil where it overrides nothing.
func OverrideOf(version string, response map[string]json.RawMessage) *Override {
	if version == "1" {
		var o overrideV1
		if null(response["claimsOverrideDetails"]) || json.Unmarshal(response["claimsOverrideDetails"], &o) != nil {
			return nil
		}
		return &o.Override
	}
	var o Override
	if null(response["claimsAndScopeOverrideDetails"]) || json.Unmarshal(response["claimsAndScopeOverrideDetails"], &o) != nil {
		return nil
	}
	return &o
}
