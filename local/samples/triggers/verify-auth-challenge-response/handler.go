// The verify-auth-challenge-response sample compares the client's answer with the sum. A made-up user is always wrong.
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
