// The verify-auth-challenge-response sample compares the client's answer with the sum. A made-up user is always wrong.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html
package main

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"strings"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() {
	trigger.Start(events.VerifyAuthChallengeResponse, func(*settings.Env) (trigger.Handler[events.GenericRequest, events.GenericResponse], error) {
		return verify, nil
	})
}

func verify(_ context.Context, e *events.GenericEvent) error {
	var request struct {
		Private map[string]string `json:"privateChallengeParameters"`
		Answer  string            `json:"challengeAnswer"`
	}
	if err := json.Unmarshal(e.Request.Raw, &request); err != nil {
		return fmt.Errorf("challenge: %w", err)
	}
	want := request.Private["answer"]
	right := subtle.ConstantTimeCompare([]byte(strings.TrimSpace(request.Answer)), []byte(want)) == 1
	e.Response = events.GenericResponse{"answerCorrect": right && want != "" && !e.Request.UserNotFound}
	return nil
}
