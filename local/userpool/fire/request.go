package fire

import "encoding/json"

// The requests, in the order of AWS's samples. Maps that are nil are written as null where Cognito does so, and left out
// elsewhere.
type (
	// PreSignUp is the request of pre sign-up.
	PreSignUp struct {
		UserAttributes map[string]string `json:"userAttributes"`
		ValidationData map[string]string `json:"validationData"`
		ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
	}
	// User is the request of post confirmation.
	User struct {
		UserAttributes map[string]string `json:"userAttributes"`
		ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
	}
	// CustomMessage is the request of custom message.
	CustomMessage struct {
		UserAttributes    map[string]string `json:"userAttributes"`
		CodeParameter     string            `json:"codeParameter"`
		LinkParameter     string            `json:"linkParameter"`
		UsernameParameter *string           `json:"usernameParameter"`
		ClientMetadata    map[string]string `json:"clientMetadata,omitempty"`
	}
	// PreAuthentication is the request of pre authentication.
	PreAuthentication struct {
		UserAttributes map[string]string `json:"userAttributes"`
		ValidationData map[string]string `json:"validationData"`
		UserNotFound   *bool             `json:"userNotFound,omitempty"`
	}
	// PostAuthentication is the request of post authentication.
	PostAuthentication struct {
		UserAttributes map[string]string `json:"userAttributes"`
		NewDeviceUsed  bool              `json:"newDeviceUsed"`
		ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
	}
	// PreTokenGeneration is the request of pre token generation; Scopes only in versions 2 and 3.
	PreTokenGeneration struct {
		UserAttributes     map[string]string `json:"userAttributes"`
		GroupConfiguration Groups            `json:"groupConfiguration"`
		Scopes             []string          `json:"scopes,omitempty"`
		ClientMetadata     map[string]string `json:"clientMetadata,omitempty"`
	}
	// Round is one challenge of a session.
	Round struct {
		ChallengeName     string  `json:"challengeName"`
		ChallengeResult   bool    `json:"challengeResult"`
		ChallengeMetadata *string `json:"challengeMetadata"`
	}
	// Define is the request of define auth challenge.
	Define struct {
		UserAttributes map[string]string `json:"userAttributes"`
		Session        []Round           `json:"session"`
		ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
		UserNotFound   *bool             `json:"userNotFound,omitempty"`
	}
	// Create is the request of create auth challenge.
	Create struct {
		UserAttributes map[string]string `json:"userAttributes"`
		ChallengeName  string            `json:"challengeName"`
		Session        []Round           `json:"session"`
		ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
		UserNotFound   *bool             `json:"userNotFound,omitempty"`
	}
	// Verify is the request of verify auth challenge response.
	Verify struct {
		UserAttributes             map[string]string `json:"userAttributes"`
		PrivateChallengeParameters map[string]string `json:"privateChallengeParameters"`
		ChallengeAnswer            string            `json:"challengeAnswer"`
		ClientMetadata             map[string]string `json:"clientMetadata,omitempty"`
		UserNotFound               *bool             `json:"userNotFound,omitempty"`
	}
	// Migrate is the request of migrate user; it has no password for a forgotten one.
	Migrate struct {
		Password       string            `json:"password,omitempty"`
		ValidationData map[string]string `json:"validationData,omitempty"`
		ClientMetadata map[string]string `json:"clientMetadata,omitempty"`
		UserAttributes map[string]string `json:"userAttributes"`
	}
)

// MarshalJSON writes lists, never null.
func (g Groups) MarshalJSON() ([]byte, error) {
	type plain Groups
	if g.GroupsToOverride == nil {
		g.GroupsToOverride = []string{}
	}
	if g.IAMRolesToOverride == nil {
		g.IAMRolesToOverride = []string{}
	}
	return json.Marshal(plain(g))
}
