package signin

import (
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// Hosted is the state of a sign-in on the pages of a domain: a challenge, or the user.
type Hosted struct {
	Challenge           string // empty once the user has signed in
	Parameters          map[string]string
	Session             string
	AvailableChallenges []string
	User                state.User // who has signed in
	Methods             []string   // with which the user proved who they are, as in the claim amr
}

// BeginHosted begins a sign-in on the pages of a domain, with a password. It goes through the same phases as
// InitiateAuth, whatever flows the app client allows, and ends without tokens: the app gets them for a code.
func (r *Room) BeginHosted(ctx context.Context, at wire.Request, b directory.Bearer, name, password string) (
	*Hosted, error,
) {
	defer even(ctx, b.Client, time.Now())
	a := r.attempt(at, b.Client, b.Pool)
	a.hosted = true
	return hostedOf(r.begin(ctx, a, passwordFlow{"USER_PASSWORD_AUTH"}, Parameters{
		"USERNAME": name, "PASSWORD": password, "SECRET_HASH": directory.SecretHash(b.Client, name),
	}))
}

// ChooseHosted begins a sign-in on the pages of a domain with the choice of the first factor.
func (r *Room) ChooseHosted(ctx context.Context, at wire.Request, b directory.Bearer, name string) (*Hosted, error) {
	defer even(ctx, b.Client, time.Now())
	a := r.attempt(at, b.Client, b.Pool)
	a.hosted = true
	return hostedOf(r.begin(ctx, a, choiceFlow{}, Parameters{
		"USERNAME": name, "SECRET_HASH": directory.SecretHash(b.Client, name),
	}))
}

// AnswerHosted answers a challenge of a sign-in on the pages of a domain. The API takes no answer to it, and the pages
// none to a sign-in by the API.
func (r *Room) AnswerHosted(
	ctx context.Context, at wire.Request, b directory.Bearer, challenge, session string, responses map[string]string,
) (*Hosted, error) {
	defer even(ctx, b.Client, time.Now())
	a := r.attempt(at, b.Client, b.Pool)
	a.hosted = true
	p := Parameters{"SECRET_HASH": directory.SecretHash(b.Client, responses["USERNAME"])}
	for name, value := range responses {
		p[name] = value
	}
	return hostedOf(r.respond(ctx, a, &RespondInput{
		ClientId: b.Client.ID, ChallengeName: challenge, Session: session, ChallengeResponses: p,
	}))
}

func hostedOf(result *Result, err error) (*Hosted, error) {
	if err != nil {
		return nil, err
	}
	h := &Hosted{
		Challenge: result.ChallengeName, Parameters: result.ChallengeParameters, Session: result.Session,
		AvailableChallenges: result.AvailableChallenges, Methods: result.methods,
	}
	if result.user != nil {
		h.User = *result.user
	}
	return h, nil
}
