package signin

import (
	"context"
	"slices"
	"time"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/limits"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// RespondInput is the input of RespondToAuthChallenge.
type RespondInput struct {
	ClientId           string `v:"required,max=128"`
	ChallengeName      string `v:"required"`
	Session            string
	ChallengeResponses map[string]string
	ClientMetadata     map[string]string
}

// AdminRespondInput is the input of AdminRespondToAuthChallenge.
type AdminRespondInput struct {
	UserPoolId string `v:"required,max=55"`
	RespondInput
}

// Respond serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
func (r *Room) Respond(ctx context.Context, at wire.Request, in *RespondInput) (*Result, error) {
	began := time.Now()
	client, pool, err := r.directory.Client(in.ClientId)
	if err != nil {
		return nil, err
	}
	defer even(ctx, client, began)
	return r.respond(ctx, r.attempt(at, client, pool), in)
}

// AdminRespond serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html
func (r *Room) AdminRespond(ctx context.Context, at wire.Request, in *AdminRespondInput) (*Result, error) {
	client, pool, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	return r.respond(ctx, r.attempt(at, client, pool), &in.RespondInput)
}

const (
	// maxAnswers is how many answers a session accepts for a challenge where users may mistype.
	maxAnswers = 3
	// maxCodes is how many codes a session accepts as the first factor; see docs/aws-behaviour.md.
	maxCodes = 10
)

// answers returns how many answers the session accepts.
func answers(s state.Session) int {
	switch {
	case s.First:
		return maxCodes
	case slices.Contains([]string{softwareTokenMFA, smsMFA, emailOTP}, s.Challenge):
		return limits.FreeFailures // then the user is locked
	}
	return maxAnswers
}

func (r *Room) respond(ctx context.Context, a *Attempt, in *RespondInput) (*Result, error) {
	a.metadata = in.ClientMetadata
	challenge := r.challenges[in.ChallengeName]
	if challenge == nil {
		return nil, fault.New(fault.Invalid, "the local user pool does not support the challenge "+in.ChallengeName)
	}
	s, err := r.resume(a, in)
	if err != nil {
		return nil, err
	}
	step, err := challenge.Answer(ctx, a, s, in.ChallengeResponses)
	if err == nil {
		a.note(step, in.ChallengeName, in.ChallengeResponses)
		var result *Result
		if result, err = r.proceed(ctx, a, step); err == nil {
			return result, nil
		}
	}
	if r.retryWithoutDevice(s, err) {
		return nil, err
	}
	if s.SRP == nil && fault.Retryable(err) && s.Tries < answers(s)-1 {
		s.Tries++
		r.put(a.token, s)
	}
	return nil, err
}
