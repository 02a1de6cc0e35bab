// Command define-auth-challenge is a sample trigger that decides the next step of a custom sign-in: the password, if
// the client began with SRP, and then a sum, with three tries.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
package main

import (
	"context"

	"cognito-triggers/shared/events"
)

// tries is the number of failed steps that ends the sign-in.
const tries = 3

func handle(_ context.Context, e *events.DefineAuthChallengeEvent) error {
	e.Response = next(e.Request.Session)
	return nil
}

// next looks at names and results, never at positions, because Cognito may add steps of its own.
func next(session events.Session) events.DefineAuthChallengeResponse {
	var passed, failed int
	steps := map[string]bool{} // by name: whether the step was passed
	for _, r := range session {
		steps[r.ChallengeName] = steps[r.ChallengeName] || r.ChallengeResult
		if r.ChallengeName == events.CustomChallenge && r.ChallengeResult {
			passed++
		} else if !r.ChallengeResult {
			failed++
		}
	}
	_, withSRP := steps[events.SRPA]
	switch {
	case failed >= tries, withSRP && failed > 0 && !steps[events.PasswordVerifier]:
		return answer("", false, true)
	case withSRP && !steps[events.PasswordVerifier]:
		return answer(events.PasswordVerifier, false, false)
	case passed > 0:
		return answer("", true, false)
	}
	return answer(events.CustomChallenge, false, false)
}

func answer(challenge string, issue, fail bool) events.DefineAuthChallengeResponse {
	return events.DefineAuthChallengeResponse{ChallengeName: challenge, IssueTokens: &issue, FailAuthentication: &fail}
}
