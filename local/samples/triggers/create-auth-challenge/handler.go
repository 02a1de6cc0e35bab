// The create-auth-challenge sample makes the challenge: a sum of two digits. The client gets the question, the function
// that verifies gets the answer.
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

// handle does for a made-up user what it does for a real one, so that the challenge tells nobody who exists.
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
