// Command verify-auth-challenge-response compares the client's answer with the code or link that create-auth-challenge
// has sent. An answer counts in the same write that uses a right one up, so that parallel answers, of one sign-in or of
// many, have their few tries together, and a code or link signs in once.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html
package main

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/trigger"
)

// The counters of the invocation's metrics line.
const (
	answersRight       = "AnswersRight"
	answersWrong       = "AnswersWrong"
	answersUnevaluated = "AnswersUnevaluated"
)

type handler struct {
	config Config
	desk   challenge.Desk
}

func (h handler) handle(ctx context.Context, e *events.VerifyAuthChallengeResponseEvent) error {
	asked := e.Request.PrivateChallengeParameters
	method := challenge.Method(asked[challenge.PrivateChallenge])
	switch {
	case method == challenge.Choose:
		e.Response.AnswerCorrect = events.Bool(chosen(asked, e.Request.ClientMetadata))
		return nil
	case !method.Proves():
		slog.WarnContext(ctx, "this is not a challenge of create-auth-challenge, so no answer is right")
		e.Response.AnswerCorrect = events.Bool(false)
		return nil
	}
	verdict, err := h.desk.Answer(ctx, challenge.User{PoolID: e.UserPoolID, Name: e.UserName}, h.config.Wrong,
		challenge.Claim{Method: method, ID: asked[challenge.PrivateID], Answer: e.Request.ChallengeAnswer})
	if err != nil {
		return err
	}
	trigger.Count(ctx, map[challenge.Verdict]string{
		challenge.Right: answersRight, challenge.Wrong: answersWrong, challenge.Unevaluated: answersUnevaluated,
	}[verdict])
	e.Response.AnswerCorrect = events.Bool(verdict == challenge.Right && !events.True(e.Request.UserNotFound))
	return nil
}

// chosen reports whether the client chose one of the methods that it was offered.
func chosen(asked, metadata map[string]string) bool {
	method := metadata[challenge.MetadataMethod]
	return method != "" && slices.Contains(strings.Fields(asked[challenge.PrivateMethods]), method)
}
