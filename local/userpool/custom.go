package userpool

import (
	"fmt"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

const customChallenge = "CUSTOM_CHALLENGE"

// withChallenges begins CUSTOM_AUTH, with SRP first where the client asks for it.
func (a *signIn) withChallenges(p map[string]string) (*authResult, error) {
	for _, hook := range []cognito.Hook{cognito.DefineAuthChallenge, cognito.CreateAuthChallenge, cognito.VerifyAuthChallengeResponse} {
		if arn, _ := function(a.pool, hook); arn == "" {
			return nil, invalid("Custom auth lambda trigger is not configured for the user pool.")
		}
	}
	if err := a.identify(p["USERNAME"]); err != nil {
		return nil, err
	}
	a.custom = true
	if err := a.preAuthentication(); err != nil {
		return nil, err
	}
	if !discreet(a.client) { // where that is a secret, the end of the sign-in tells
		if err := a.admitted(); err != nil {
			return nil, err
		}
	}
	if p["CHALLENGE_NAME"] == "SRP_A" {
		if p["SRP_A"] == "" {
			return nil, invalid("Missing required parameter SRP_A")
		}
		a.rounds = []state.Round{{Name: "SRP_A", Result: true}}
	}
	return a.define(p["SRP_A"])
}

// define asks the function what comes next. The client's SRP_A is at hand only in the first request.
func (a *signIn) define(publicA string) (*authResult, error) {
	request := events.DefineAuthChallengeRequest{UserAttributes: a.attributes(), Session: a.session(), ClientMetadata: a.metadata, UserNotFound: a.notFound()}
	response, err := a.ask(cognito.DefineAuthChallenge, request)
	if err != nil {
		return nil, err
	}
	name := fire.Text(response, "challengeName")
	switch {
	case fire.Flag(response, "failAuthentication"):
		return nil, wrongPassword()
	case fire.Flag(response, "issueTokens"):
		if err := a.admitted(); err != nil {
			return nil, err
		}
		return a.secondFactor(cognito.TokenGenerationAuthentication)
	case name != nil && *name == customChallenge:
		return a.create()
	case name != nil && *name == "PASSWORD_VERIFIER" && publicA != "":
		return a.passwordVerifier(publicA)
	case name != nil && *name != "":
		return nil, &apiError{"InvalidLambdaResponseException", fmt.Sprintf("the local user pool cannot take the step %s here", *name)}
	}
	return nil, unrecognizable()
}

func (a *signIn) session() events.Session {
	rounds := events.Session{}
	for _, r := range a.rounds {
		rounds = append(rounds, events.ChallengeResult{ChallengeName: r.Name, ChallengeResult: r.Result, ChallengeMetadata: r.Metadata})
	}
	return rounds
}

// create has the function make a challenge.
func (a *signIn) create() (*authResult, error) {
	request := events.CreateAuthChallengeRequest{UserAttributes: a.attributes(), ChallengeName: customChallenge, Session: a.session(), ClientMetadata: a.metadata, UserNotFound: a.notFound()}
	response, err := a.ask(cognito.CreateAuthChallenge, request)
	if err != nil {
		return nil, err
	}
	public := fire.Texts(response, "publicChallengeParameters")
	if public == nil {
		public = map[string]string{}
	}
	public["USERNAME"] = a.user.Username
	// The round is not over: its result comes with the answer.
	a.rounds = append(a.rounds, state.Round{Name: customChallenge, Metadata: fire.Text(response, "challengeMetadata")})
	return a.challenge(customChallenge, public, func(s *state.Session) { s.Private = fire.Texts(response, "privateChallengeParameters") })
}

// verifyChallenge has the function judge the client's answer, and goes on whatever it says.
func (a *signIn) verifyChallenge(s state.Session, p map[string]string) (*authResult, error) {
	answer, there := p["ANSWER"]
	if !there {
		return nil, invalid("Missing required parameter ANSWER")
	}
	private := s.Private
	if private == nil {
		private = map[string]string{}
	}
	request := events.VerifyAuthChallengeResponseRequest{UserAttributes: a.attributes(), PrivateChallengeParameters: private, ChallengeAnswer: answer, ClientMetadata: a.metadata, UserNotFound: a.notFound()}
	response, err := a.ask(cognito.VerifyAuthChallengeResponse, request)
	if err != nil {
		return nil, err
	}
	rounds := append([]state.Round(nil), a.rounds...)
	rounds[len(rounds)-1].Result = fire.Flag(response, "answerCorrect")
	a.rounds = rounds
	return a.define("")
}
