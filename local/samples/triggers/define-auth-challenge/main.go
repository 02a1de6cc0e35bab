// The define-auth-challenge sample decides the next step of a sign-in by a sum: password first where the client began with
// SRP, then the sum, three tries.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
package main

import (
	"context"
	"encoding/json"
	"fmt"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

const tries = 3

func main() {
	trigger.Start(events.DefineAuthChallenge, func(*settings.Env) (trigger.Handler[events.GenericRequest, events.GenericResponse], error) {
		return define, nil
	})
}

type round struct {
	ChallengeName   string `json:"challengeName"`
	ChallengeResult bool   `json:"challengeResult"`
}

func define(_ context.Context, e *events.GenericEvent) error {
	var request struct {
		Session []round `json:"session"`
	}
	if err := json.Unmarshal(e.Request.Raw, &request); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	e.Response = next(request.Session)
	return nil
}

// next looks at names and results, never at positions: Cognito may put steps of its own in between.
func next(session []round) events.GenericResponse {
	var passed, failed int
	steps := map[string]bool{} // whether a step was passed
	for _, r := range session {
		steps[r.ChallengeName] = steps[r.ChallengeName] || r.ChallengeResult
		if r.ChallengeName == "CUSTOM_CHALLENGE" && r.ChallengeResult {
			passed++
		} else if !r.ChallengeResult {
			failed++
		}
	}
	_, withSRP := steps["SRP_A"]
	switch {
	case failed >= tries, withSRP && failed > 0 && !steps["PASSWORD_VERIFIER"]:
		return events.GenericResponse{"issueTokens": false, "failAuthentication": true}
	case withSRP && !steps["PASSWORD_VERIFIER"]:
		return events.GenericResponse{"challengeName": "PASSWORD_VERIFIER", "issueTokens": false, "failAuthentication": false}
	case passed > 0:
		return events.GenericResponse{"issueTokens": true, "failAuthentication": false}
	}
	return events.GenericResponse{"challengeName": "CUSTOM_CHALLENGE", "issueTokens": false, "failAuthentication": false}
}
