package main

import (
	"context"
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/api"
)

// asked is the answer to a sign-in that needs another step.
type asked struct {
	Challenge  string            `json:"challenge"`
	Session    string            `json:"session"` // for the next request; expires after some minutes
	Parameters map[string]string `json:"parameters"`
}

// step answers with tokens or the next challenge. name is what the user typed.
func step(name string, result *types.AuthenticationResultType, challenge types.ChallengeNameType, session *string,
	parameters map[string]string) (api.Response, error) {
	if result != nil {
		return tokens(result), nil
	}
	if challenge == "" {
		return api.Response{}, errors.New("the answer of Cognito has neither tokens nor a challenge")
	}
	public := maps.Clone(parameters)
	if public == nil {
		public = map[string]string{}
	}
	for _, parameter := range []string{"USER_ID_FOR_SRP", "USERNAME"} { // Cognito expects this name in the next step
		if value := public[parameter]; value != "" {
			name = value
		}
		delete(public, parameter)
	}
	return api.JSON(http.StatusOK, asked{string(challenge), pack(name, aws.ToString(session)), public}), nil
}

// pack joins the user's name and Cognito's session, because Cognito wants both back. It is no protection: Cognito knows
// whose session it is.
func pack(name, session string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(name)) + "." + session
}

func unpack(packed string) (name, session string, ok bool) {
	encoded, session, found := strings.Cut(packed, ".")
	decoded, err := base64.RawURLEncoding.DecodeString(encoded)
	return string(decoded), session, found && err == nil && len(decoded) > 0 && session != ""
}

type challengeBody struct {
	Session   string            `json:"session"`
	Challenge string            `json:"challenge"`
	Answers   map[string]string `json:"answers"` // by Cognito's names of the responses
}

// responses lists the responses that each challenge requires. Others are refused, so that nothing unknown reaches
// Cognito, except "userAttributes.<name>" of NEW_PASSWORD_REQUIRED for the changeable attributes. An address is never
// one of them: Cognito would take it unverified, past the rules of pre sign-up, as a claim and as a name to sign in
// with.
var responses = map[string]string{
	string(types.ChallengeNameTypeNewPasswordRequired): "NEW_PASSWORD",
	string(types.ChallengeNameTypeSoftwareTokenMfa):    "SOFTWARE_TOKEN_MFA_CODE",
	string(types.ChallengeNameTypeCustomChallenge):     "ANSWER",
}

const attributePrefix = "userAttributes."

// challenge serves POST /auth/challenge.
func (h handler) challenge(ctx context.Context, r *api.Request) (api.Response, error) {
	in, err := api.Decode[challengeBody](r)
	if err != nil {
		return api.Response{}, err
	}
	if err := in.check(); err != nil {
		return api.Response{}, err
	}
	name, session, ok := unpack(in.Session)
	if !ok {
		return api.Response{}, errUnauthorized
	}
	api.Hide(ctx, name, session)
	given := maps.Clone(in.Answers)
	given["USERNAME"] = name
	out, err := h.pool().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &h.config.ClientID, ChallengeName: types.ChallengeNameType(in.Challenge), Session: &session,
		ChallengeResponses: given,
	})
	if err != nil {
		return api.Response{}, failed(ctx, "RespondToAuthChallenge", err, nil)
	}
	return step(name, out.AuthenticationResult, out.ChallengeName, out.Session, out.ChallengeParameters)
}

func (in challengeBody) check() error {
	f := faults{}.needs("session", in.Session)
	needed, known := responses[in.Challenge]
	if !known {
		f["challenge"] = "cannot be answered here: use one of " + strings.Join(slices.Sorted(maps.Keys(responses)), ", ")
		return f.err()
	}
	if in.Answers[needed] == "" {
		f["answers"] = "lacks " + needed
	}
	for name := range in.Answers {
		attribute, isAttribute := strings.CutPrefix(name, attributePrefix)
		switch {
		case name == needed:
		case !isAttribute || in.Challenge != string(types.ChallengeNameTypeNewPasswordRequired):
			f["answers"] = "has an unknown name: this challenge takes " + needed
		case !slices.Contains(changeable, attribute):
			f["answers"] = "has an attribute that cannot be set here: use " + strings.Join(changeable, ", ")
		}
	}
	return f.err()
}
