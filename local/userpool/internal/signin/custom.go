package signin

import (
	"context"
	"slices"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// customFlow is CUSTOM_AUTH: the pool's triggers choose the challenges, after SRP if the client asks for it.
type customFlow struct{}

func (customFlow) Name() string { return "CUSTOM_AUTH" }

func (customFlow) Find(_ context.Context, a *Attempt, p Parameters) error {
	for _, hook := range []cognito.Hook{
		cognito.DefineAuthChallenge, cognito.CreateAuthChallenge, cognito.VerifyAuthChallengeResponse,
	} {
		if !triggers.Has(a.Pool, hook) {
			return fault.New(fault.Invalid, "Custom auth lambda trigger is not configured for the user pool.")
		}
	}
	a.custom = true
	return a.identify(p["USERNAME"])
}

func (customFlow) Begin(ctx context.Context, a *Attempt, p Parameters) (Step, error) {
	if !directory.Discreet(a.Client) { // others get the error at the end of the sign-in
		if err := a.admitted(); err != nil {
			return Step{}, err
		}
	}
	const first = "SRP_A"
	if p["CHALLENGE_NAME"] == first {
		if err := p.need(first); err != nil {
			return Step{}, err
		}
		a.rounds = []state.Round{{Name: first, Result: true}}
	}
	return a.define(ctx, p[first])
}

// define asks the trigger for the next step. publicA is the client's SRP_A, which only the first request has.
func (a *Attempt) define(ctx context.Context, publicA string) (Step, error) {
	response, err := a.fire(ctx, cognito.DefineAuthChallenge, events.DefineAuthChallengeRequest{
		UserAttributes: a.attributes(), Session: a.session(), ClientMetadata: a.metadata, UserNotFound: a.notFound(),
	})
	if err != nil {
		return Step{}, err
	}
	next := ""
	if name := fire.Text(response, "challengeName"); name != nil {
		next = *name
	}
	switch {
	case fire.Flag(response, "failAuthentication"):
		return Step{}, fault.New(fault.WrongPassword)
	case fire.Flag(response, "issueTokens"):
		return proved(challengesTaken)
	case next == customChallenge{}.Name():
		return a.create(ctx)
	case next == passwordVerifier{}.Name() && publicA != "":
		return a.askForProof(publicA)
	case next != "":
		return Step{}, fault.New(fault.StepNotTaken, next)
	}
	return Step{}, fault.New(fault.AnswerUnrecognizable)
}

func (a *Attempt) session() events.Session {
	session := events.Session{}
	for _, r := range a.rounds {
		session = append(session, events.ChallengeResult{
			ChallengeName: r.Name, ChallengeResult: r.Result, ChallengeMetadata: r.Metadata,
		})
	}
	return session
}

// customChallenge handles the answer to the trigger's challenge.
type customChallenge struct{}

func (customChallenge) Name() string { return "CUSTOM_CHALLENGE" }

// create asks the trigger for a challenge.
func (a *Attempt) create(ctx context.Context) (Step, error) {
	name := customChallenge{}.Name()
	response, err := a.fire(ctx, cognito.CreateAuthChallenge, events.CreateAuthChallengeRequest{
		UserAttributes: a.attributes(), ChallengeName: name, Session: a.session(), ClientMetadata: a.metadata,
		UserNotFound: a.notFound(),
	})
	if err != nil {
		return Step{}, err
	}
	public := fire.Texts(response, "publicChallengeParameters")
	if public == nil {
		public = map[string]string{}
	}
	public["USERNAME"] = a.User.Username
	// The answer completes the round with its result.
	a.rounds = append(a.rounds, state.Round{Name: name, Metadata: fire.Text(response, "challengeMetadata")})
	return ask(name, public, func(s *state.Session) {
		s.Private = fire.Texts(response, "privateChallengeParameters")
	})
}

// Answer asks the trigger whether the client's answer is correct, and goes on in either case.
func (customChallenge) Answer(ctx context.Context, a *Attempt, s state.Session, p Parameters) (Step, error) {
	answer, there := p["ANSWER"]
	if !there {
		return Step{}, fault.New(fault.MissingParameter, "ANSWER")
	}
	private := s.Private
	if private == nil {
		private = map[string]string{}
	}
	response, err := a.fire(ctx, cognito.VerifyAuthChallengeResponse, events.VerifyAuthChallengeResponseRequest{
		UserAttributes: a.attributes(), PrivateChallengeParameters: private, ChallengeAnswer: answer,
		ClientMetadata: a.metadata, UserNotFound: a.notFound(),
	})
	if err != nil {
		return Step{}, err
	}
	a.rounds = slices.Clone(a.rounds)
	a.rounds[len(a.rounds)-1].Result = fire.Flag(response, "answerCorrect")
	return a.define(ctx, "")
}
