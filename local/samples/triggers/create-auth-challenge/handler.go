// Command create-auth-challenge is a sample trigger that creates the challenge of a custom sign-in: the sum of two
// digits. The client receives the question, and the trigger that verifies the response receives the answer.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strconv"

	"cognito-triggers/shared/events"
)

// handle treats made-up users like real ones, so that the challenge does not reveal which users exist.
func handle(_ context.Context, e *events.CreateAuthChallengeEvent) error {
	a, b := digit(), digit()
	e.Response = events.CreateAuthChallengeResponse{
		PublicChallengeParameters:  map[string]string{"question": fmt.Sprintf("%d + %d", a, b)},
		PrivateChallengeParameters: map[string]string{"answer": strconv.Itoa(a + b)},
		ChallengeMetadata:          "sum",
	}
	return nil
}

func digit() int {
	n, err := rand.Int(rand.Reader, big.NewInt(10))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return int(n.Int64())
}
