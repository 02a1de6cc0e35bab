// Command define-auth-challenge decides what comes next in a sign-in without a password: the password, if the client
// began with SRP, then the challenge of create-auth-challenge, then the tokens.
//
// It works together with create-auth-challenge and verify-auth-challenge-response, and calls nothing. Tokens follow
// only a passed challenge that those two made, so a session that somebody forged or that has no step leads to none.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
package main

import (
	"context"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/trigger"
)

// The counters of the invocation's metrics line.
const (
	signInsProved = "SignInsProved"
	signInsEnded  = "SignInsEnded"
)

type handler struct {
	tries int
	// guard may refuse the sign-in before anything else, as pre authentication does for passwords: it is not certain that
	// Cognito calls that trigger for this flow. nil: nobody is refused.
	guard func(context.Context, *events.DefineAuthChallengeEvent) error
}

func (h handler) handle(ctx context.Context, e *events.DefineAuthChallengeEvent) error {
	if h.guard != nil {
		if err := h.guard(ctx, e); err != nil {
			return err
		}
	}
	exists := !events.True(e.Request.UserNotFound)
	e.Response.IssueTokens, e.Response.FailAuthentication = events.Bool(false), events.Bool(false)
	switch challenge.Next(e.Request.Session, h.tries, exists) {
	case challenge.Tokens:
		trigger.Count(ctx, signInsProved)
		e.Response.IssueTokens = events.Bool(true)
	case challenge.Password:
		e.Response.ChallengeName = events.PasswordVerifier
	case challenge.Ask:
		e.Response.ChallengeName = events.CustomChallenge
	default:
		trigger.Count(ctx, signInsEnded)
		e.Response.FailAuthentication = events.Bool(true)
	}
	return nil
}
