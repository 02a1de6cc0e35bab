package events

import "encoding/json"

// The names of challenges that a custom sign-in can ask for or see in its session. Cognito may add others.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
const (
	CustomChallenge  = "CUSTOM_CHALLENGE"
	SRPA             = "SRP_A"
	PasswordVerifier = "PASSWORD_VERIFIER"
)

// ChallengeResult is one step of a sign-in.
type ChallengeResult struct {
	ChallengeName     string  `json:"challengeName"`
	ChallengeResult   bool    `json:"challengeResult"`
	ChallengeMetadata *string `json:"challengeMetadata"` // what create auth challenge set; nil for Cognito's own steps
}

// UnmarshalJSON reads every member leniently.
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

// Session is the steps of a sign-in, the oldest first. Cognito may put steps of its own in between: go by names and
// results, never by positions.
type Session []ChallengeResult

// UnmarshalJSON reads anything but a list as no steps.
func (s *Session) UnmarshalJSON(data []byte) error {
	*s = nil
	eachElement(data, func(value []byte) {
		var step ChallengeResult
		_ = step.UnmarshalJSON(value) // never fails
		*s = append(*s, step)
	})
	return nil
}

// MarshalJSON writes a list, never null.
func (s Session) MarshalJSON() ([]byte, error) {
	if s == nil {
		return []byte("[]"), nil
	}
	return json.Marshal([]ChallengeResult(s))
}

// DefineAuthChallengeEvent is Cognito's question which step of a custom sign-in comes next.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
type DefineAuthChallengeEvent = Event[DefineAuthChallengeRequest, DefineAuthChallengeResponse]

// DefineAuthChallengeRequest is the user who signs in and the steps so far.
type DefineAuthChallengeRequest struct {
	UserAttributes Attributes `json:"userAttributes"`
	Session        Session    `json:"session"`
	ClientMetadata Attributes `json:"clientMetadata,omitempty"` // caller input: that of RespondToAuthChallenge
	// UserNotFound is true for a made-up user, and nil unless the app client conceals which users exist.
	UserNotFound *bool `json:"userNotFound,omitempty"`
}

// UnmarshalJSON reads every member leniently.
func (r *DefineAuthChallengeRequest) UnmarshalJSON(data []byte) error {
	*r = DefineAuthChallengeRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes}, place{"session", &r.Session},
		place{"clientMetadata", &r.ClientMetadata}, place{"userNotFound", flag{&r.UserNotFound}})
}

// DefineAuthChallengeResponse is the next step: a challenge, the tokens, or the end of the sign-in. Before IssueTokens
// check that the session holds the steps that you require, each passed: a client can choose which ones it begins.
type DefineAuthChallengeResponse struct {
	ChallengeName      string `json:"challengeName,omitempty"` // CustomChallenge, or a step of Cognito's own
	IssueTokens        *bool  `json:"issueTokens,omitempty"`
	FailAuthentication *bool  `json:"failAuthentication,omitempty"`
}

// CreateAuthChallengeEvent is Cognito's request for a challenge.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html
type CreateAuthChallengeEvent = Event[CreateAuthChallengeRequest, CreateAuthChallengeResponse]

// CreateAuthChallengeRequest is the user who signs in, the steps so far and the one that begins.
type CreateAuthChallengeRequest struct {
	UserAttributes Attributes `json:"userAttributes"`
	ChallengeName  string     `json:"challengeName"`
	Session        Session    `json:"session"`
	ClientMetadata Attributes `json:"clientMetadata,omitempty"` // caller input: that of RespondToAuthChallenge
	// UserNotFound is true for a made-up user, and nil unless the app client conceals which users exist.
	UserNotFound *bool `json:"userNotFound,omitempty"`
}

// UnmarshalJSON reads every member leniently.
func (r *CreateAuthChallengeRequest) UnmarshalJSON(data []byte) error {
	*r = CreateAuthChallengeRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes}, place{"challengeName", (*word)(&r.ChallengeName)},
		place{"session", &r.Session}, place{"clientMetadata", &r.ClientMetadata},
		place{"userNotFound", flag{&r.UserNotFound}})
}

// CreateAuthChallengeResponse is the challenge. Of the private parameters only verify auth challenge hears.
type CreateAuthChallengeResponse struct {
	PublicChallengeParameters  map[string]string `json:"publicChallengeParameters,omitzero"`  // the client gets them
	PrivateChallengeParameters map[string]string `json:"privateChallengeParameters,omitzero"` // to verify the answer by
	ChallengeMetadata          string            `json:"challengeMetadata,omitempty"`         // for the session
}

// VerifyAuthChallengeResponseEvent is Cognito's question whether the client's answer to a challenge is right.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html
type VerifyAuthChallengeResponseEvent = Event[VerifyAuthChallengeResponseRequest, VerifyAuthChallengeResponseResponse]

// VerifyAuthChallengeResponseRequest is the client's answer, and what create auth challenge kept to verify it by.
type VerifyAuthChallengeResponseRequest struct {
	UserAttributes             Attributes `json:"userAttributes"`
	PrivateChallengeParameters Attributes `json:"privateChallengeParameters"`
	ChallengeAnswer            string     `json:"challengeAnswer"`          // caller input
	ClientMetadata             Attributes `json:"clientMetadata,omitempty"` // caller input: that of RespondToAuthChallenge
	// UserNotFound is true for a made-up user, and nil unless the app client conceals which users exist.
	UserNotFound *bool `json:"userNotFound,omitempty"`
}

// UnmarshalJSON reads every member leniently.
func (r *VerifyAuthChallengeResponseRequest) UnmarshalJSON(data []byte) error {
	*r = VerifyAuthChallengeResponseRequest{}
	return readRequest(data, place{"userAttributes", &r.UserAttributes},
		place{"privateChallengeParameters", &r.PrivateChallengeParameters},
		place{"challengeAnswer", (*word)(&r.ChallengeAnswer)},
		place{"clientMetadata", &r.ClientMetadata}, place{"userNotFound", flag{&r.UserNotFound}})
}

// VerifyAuthChallengeResponseResponse is the verdict. Whatever it is, define auth challenge decides what comes next.
type VerifyAuthChallengeResponseResponse struct {
	AnswerCorrect *bool `json:"answerCorrect,omitempty"`
}
