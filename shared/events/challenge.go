package events

import "encoding/json"

// Names of the challenges that a custom sign-in can ask for, or find in its session. Cognito may add others.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
const (
	CustomChallenge  = "CUSTOM_CHALLENGE"
	SRPA             = "SRP_A"
	PasswordVerifier = "PASSWORD_VERIFIER"
)

// ChallengeResult is one completed step of a sign-in.
type ChallengeResult struct {
	ChallengeName     string  `json:"challengeName"`
	ChallengeResult   bool    `json:"challengeResult"`
	ChallengeMetadata *string `json:"challengeMetadata"` // set by create auth challenge; nil for Cognito's own steps
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *ChallengeResult) UnmarshalJSON(data []byte) error {
	*r = ChallengeResult{}
	doc, err := scan(data)
	if err != nil {
		return nil
	}
	r.ChallengeName, _ = text(doc.value("challengeName"))
	r.ChallengeResult = isTrue(doc.value("challengeResult"))
	if metadata, there := text(doc.value("challengeMetadata")); there {
		r.ChallengeMetadata = &metadata
	}
	return nil
}

// Session lists the completed steps of a sign-in, the oldest first. Cognito may add steps of its own, so look at names
// and results, never at positions.
type Session []ChallengeResult

// UnmarshalJSON decodes a list of steps. Anything else decodes as no steps.
func (s *Session) UnmarshalJSON(data []byte) error {
	*s = nil
	eachElement(data, func(value []byte) {
		var step ChallengeResult
		_ = step.UnmarshalJSON(value) // never fails
		*s = append(*s, step)
	})
	return nil
}

// MarshalJSON encodes the steps as a list, also if s is nil.
func (s Session) MarshalJSON() ([]byte, error) {
	if s == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]ChallengeResult(s))
}

// DefineAuthChallengeEvent asks for the next step of a custom sign-in.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
type DefineAuthChallengeEvent = Event[DefineAuthChallengeRequest, DefineAuthChallengeResponse]

// DefineAuthChallengeRequest describes the user who signs in and the steps so far.
type DefineAuthChallengeRequest struct {
	UserAttributes Attributes `json:"userAttributes"`
	Session        Session    `json:"session"`
	ClientMetadata Attributes `json:"clientMetadata,omitempty"` // untrusted, from RespondToAuthChallenge
	// UserNotFound reports whether Cognito made the user up, to conceal that the user does not exist. It is nil unless the
	// app client has PreventUserExistenceErrors enabled.
	UserNotFound *bool `json:"userNotFound,omitempty"`
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *DefineAuthChallengeRequest) UnmarshalJSON(data []byte) error {
	*r = DefineAuthChallengeRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes}, place{"session", &r.Session},
		place{"clientMetadata", &r.ClientMetadata}, place{"userNotFound", flag{&r.UserNotFound}})
}

// DefineAuthChallengeResponse is the next step: a challenge, the tokens, or the end of the sign-in. Clients choose
// which steps they begin with, so check that each step you require is in the session, and passed, before you issue
// tokens.
type DefineAuthChallengeResponse struct {
	ChallengeName      string `json:"challengeName,omitempty"` // CustomChallenge, or one of Cognito's own steps
	IssueTokens        *bool  `json:"issueTokens,omitempty"`
	FailAuthentication *bool  `json:"failAuthentication,omitempty"`
}

// CreateAuthChallengeEvent asks for a challenge.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html
type CreateAuthChallengeEvent = Event[CreateAuthChallengeRequest, CreateAuthChallengeResponse]

// CreateAuthChallengeRequest describes the user who signs in, the steps so far, and the challenge to create.
type CreateAuthChallengeRequest struct {
	UserAttributes Attributes `json:"userAttributes"`
	ChallengeName  string     `json:"challengeName"`
	Session        Session    `json:"session"`
	ClientMetadata Attributes `json:"clientMetadata,omitempty"` // untrusted, from RespondToAuthChallenge
	// UserNotFound reports whether Cognito made the user up, to conceal that the user does not exist. It is nil unless the
	// app client has PreventUserExistenceErrors enabled.
	UserNotFound *bool `json:"userNotFound,omitempty"`
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *CreateAuthChallengeRequest) UnmarshalJSON(data []byte) error {
	*r = CreateAuthChallengeRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes}, place{"challengeName", (*word)(&r.ChallengeName)},
		place{"session", &r.Session}, place{"clientMetadata", &r.ClientMetadata},
		place{"userNotFound", flag{&r.UserNotFound}})
}

// CreateAuthChallengeResponse is the challenge. The client receives the public parameters; the private ones reach only
// verify auth challenge response.
type CreateAuthChallengeResponse struct {
	PublicChallengeParameters  map[string]string `json:"publicChallengeParameters,omitzero"`
	PrivateChallengeParameters map[string]string `json:"privateChallengeParameters,omitzero"` // for example the answer
	ChallengeMetadata          string            `json:"challengeMetadata,omitempty"`         // appears in the session
}

// VerifyAuthChallengeResponseEvent asks whether the client's answer to a challenge is right.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html
type VerifyAuthChallengeResponseEvent = Event[VerifyAuthChallengeResponseRequest, VerifyAuthChallengeResponseResponse]

// VerifyAuthChallengeResponseRequest holds the client's answer and the private parameters of the challenge.
type VerifyAuthChallengeResponseRequest struct {
	UserAttributes             Attributes `json:"userAttributes"`
	PrivateChallengeParameters Attributes `json:"privateChallengeParameters"`
	ChallengeAnswer            string     `json:"challengeAnswer"`          // untrusted
	ClientMetadata             Attributes `json:"clientMetadata,omitempty"` // untrusted, from RespondToAuthChallenge
	// UserNotFound reports whether Cognito made the user up, to conceal that the user does not exist. It is nil unless the
	// app client has PreventUserExistenceErrors enabled.
	UserNotFound *bool `json:"userNotFound,omitempty"`
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *VerifyAuthChallengeResponseRequest) UnmarshalJSON(data []byte) error {
	*r = VerifyAuthChallengeResponseRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes},
		place{"privateChallengeParameters", &r.PrivateChallengeParameters},
		place{"challengeAnswer", (*word)(&r.ChallengeAnswer)},
		place{"clientMetadata", &r.ClientMetadata}, place{"userNotFound", flag{&r.UserNotFound}})
}

// VerifyAuthChallengeResponseResponse reports whether the answer is right. Define auth challenge decides what follows.
type VerifyAuthChallengeResponseResponse struct {
	AnswerCorrect *bool `json:"answerCorrect,omitempty"`
}
