// Command verify-auth-challenge-response is a sample trigger that compares the client's answer with the sum. Answers of
// made-up users are always wrong.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html
package main

import (
	"context"
	"crypto/subtle"
	"strings"

	"cognito-triggers/shared/events"
)

func handle(_ context.Context, e *events.VerifyAuthChallengeResponseEvent) error {
	want := e.Request.PrivateChallengeParameters["answer"]
	right := subtle.ConstantTimeCompare([]byte(strings.TrimSpace(e.Request.ChallengeAnswer)), []byte(want)) == 1
	e.Response.AnswerCorrect = events.Bool(right && want != "" && !events.True(e.Request.UserNotFound))
	return nil
}
