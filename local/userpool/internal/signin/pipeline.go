package signin

import (
	"cmp"
	"context"
	"errors"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Flow is a way to start a sign-in. The pipeline has already found the client, checked the secret hash and verified
// that the client allows the flow. The flow finds the user and, after pre authentication, does its own step.
type Flow interface {
	Name() string // the value of AuthFlow
	// Find finds the user and checks the parameters.
	Find(ctx context.Context, a *Attempt, p Parameters) error
	// Begin does the flow's own step.
	Begin(ctx context.Context, a *Attempt, p Parameters) (Step, error)
}

// Challenge checks the answer to a challenge. The pipeline has already taken the session and found the user.
type Challenge interface {
	Name() string // the value of ChallengeName
	Answer(ctx context.Context, a *Attempt, s state.Session, p Parameters) (Step, error)
}

// Parameters are AuthParameters or ChallengeResponses.
type Parameters map[string]string

// need returns an error if one of the names is missing.
func (p Parameters) need(names ...string) error {
	for _, name := range names {
		if p[name] == "" {
			return fault.New(fault.MissingParameter, name)
		}
	}
	return nil
}

// Step is the result of a flow or a challenge: the next question for the client, or what the user has proved. Create it
// with ask or proved.
type Step struct {
	question *question
	proof    proof
}

// proof says how far a sign-in has got.
type proof int

const (
	firstFactor     proof = iota + 1 // the password is right
	challengesTaken                  // the pool's triggers issue tokens
	passwordless                     // a first factor other than the password is right, which no second one follows
	passwordRenewed                  // a temporary password was right and has been replaced
	secondFactor                     // the second factor is right
	knownDevice                      // a remembered device has proved itself in place of the second factor
)

func proved(by proof) (Step, error) { return Step{proof: by}, nil }

// question is a challenge for the client.
type question struct {
	name       string
	parameters map[string]string
	available  []string             // for AvailableChallenges
	note       func(*state.Session) // adds what else the session needs
}

func ask(name string, parameters map[string]string, note func(*state.Session)) (Step, error) {
	return Step{question: &question{name: name, parameters: parameters, note: note}}, nil
}

// Result is the output of InitiateAuth and RespondToAuthChallenge: a challenge or tokens.
type Result struct {
	ChallengeName        string            `json:",omitempty"`
	ChallengeParameters  map[string]string `json:",omitzero"` // empty with tokens, as on AWS
	Session              string            `json:",omitempty"`
	AuthenticationResult *tokens.Issued    `json:",omitempty"`
	AvailableChallenges  []string          `json:",omitempty"` // of USER_AUTH

	user    *state.User // who has signed in on the pages of a domain, where the app gets its tokens later
	methods []string    // with which the user signed in there
}

func tokensOnly(t *tokens.Issued) *Result {
	return &Result{ChallengeParameters: map[string]string{}, AuthenticationResult: t}
}

// begin runs a sign-in up to its first challenge or its tokens.
func (r *Room) begin(ctx context.Context, a *Attempt, flow Flow, p Parameters) (*Result, error) {
	if err := p.need("USERNAME"); err != nil {
		return nil, err
	}
	if err := directory.CheckSecretHash(a.Client, p["SECRET_HASH"], p["USERNAME"]); err != nil {
		return nil, err
	}
	if err := flow.Find(ctx, a, p); err != nil {
		return nil, err
	}
	if !a.choice || r.preAuthentication == AtInitiateAuth {
		if err := a.preAuthentication(ctx); err != nil {
			return nil, err
		}
	}
	step, err := flow.Begin(ctx, a, p)
	if err != nil {
		return nil, err
	}
	a.note(step, flow.Name(), p)
	return r.proceed(ctx, a, step)
}

// proceed continues after a step: with the next challenge, a new password, the second factor, or the tokens.
func (r *Room) proceed(ctx context.Context, a *Attempt, step Step) (result *Result, err error) {
	source := cognito.TokenGenerationAuthentication
	switch step.proof {
	case firstFactor, challengesTaken:
		if err = a.admitted(); err != nil {
			return nil, err
		}
		if step.proof == firstFactor && a.User.Status == state.ForceChangePassword {
			step, err = a.newPasswordRequired()
			break
		}
		step, err = a.secondFactor(ctx)
	case passwordRenewed:
		source = cognito.TokenGenerationNewPasswordChallenge
		step, err = a.secondFactor(ctx)
	case knownDevice:
		source, step.proof = cognito.TokenGenerationAuthenticateDevice, secondFactor
		err = a.stillAdmitted()
	case passwordless, secondFactor:
		err = a.stillAdmitted()
		if step.proof == passwordless && fault.Is(err, fault.ResetRequired) {
			err = nil // the password that must be reset was not used
		}
		if err != nil {
			return nil, err
		}
	}
	switch {
	case err != nil:
		return nil, err
	case step.question != nil:
		return r.ask(a, step.question), nil
	case step.proof != secondFactor && step.proof != passwordless:
		return nil, errors.New("a step of the sign-in neither asks nor proves anything")
	}
	return r.finish(ctx, a, source)
}

// ask stores the state of the sign-in and returns the challenge.
func (r *Room) ask(a *Attempt, q *question) *Result {
	s := state.Session{
		Pool: a.Pool.ID, Client: a.Client.ID, Username: a.name(), Sub: a.User.Sub(), Challenge: q.name,
		Custom: a.custom, Choice: a.choice, Hosted: a.hosted, Unknown: a.Unknown, Rounds: a.rounds, Secret: a.secret,
		Device: a.device, Methods: a.methods,
		Expires: r.now().Add(sessionTime(a.Client)),
	}
	if q.note != nil {
		q.note(&s)
	}
	session := newSessionToken()
	r.put(session, s)
	return &Result{
		ChallengeName: q.name, ChallengeParameters: q.parameters, Session: session, AvailableChallenges: q.available,
	}
}

func newSessionToken() string {
	return "AYABe" + directory.RandomText(directory.Alphanumeric+"-_", 400)
}

const minSession = 3 // minutes

func sessionTime(client state.Client) time.Duration {
	return time.Duration(max(minSession, client.Settings.AuthSessionValidity)) * time.Minute
}

// finish fires post authentication and returns the tokens, or the user of a sign-in on the pages of a domain.
func (r *Room) finish(ctx context.Context, a *Attempt, source string) (*Result, error) {
	if a.hosted { // devices are not remembered there
		request := events.PostAuthenticationRequest{UserAttributes: a.attributes()}
		_, err := a.fire(ctx, cognito.PostAuthentication, request)
		return &Result{user: &a.User, methods: a.methods}, err
	}
	device, err := a.deviceOfSignIn()
	if err != nil {
		return nil, err
	}
	request := events.PostAuthenticationRequest{
		UserAttributes: a.attributes(), NewDeviceUsed: device.isNew, ClientMetadata: a.metadata,
	}
	if _, err := a.fire(ctx, cognito.PostAuthentication, request); err != nil {
		return nil, err
	}
	issued, err := r.tokens.SignIn(ctx, a.Request, a.bearerOn(device.Key), source, a.metadata)
	if err != nil {
		return nil, err
	}
	if err := a.keep(device, issued); err != nil {
		return nil, err
	}
	return tokensOnly(issued), nil
}

// takeSession takes a session. A session that does not fit the request is as invalid as one that does not exist: what
// became of it concerns its owner alone.
func (r *Room) takeSession(token string, fits func(state.Session) bool) (state.Session, error) {
	s, err := r.store.TakeSession(token)
	switch {
	case err != nil && !errors.Is(err, state.ErrSpent) || !fits(s):
		return s, fault.New(fault.SessionInvalid)
	case r.now().After(s.Expires):
		return s, fault.New(fault.SessionExpired)
	case err != nil:
		return s, fault.New(fault.SessionSpent)
	}
	return s, nil
}

// userOf returns the user of a session. Somebody else who has the user name by now is not the user.
func (r *Room) userOf(pool state.Pool, s state.Session) (state.User, error) {
	u, err := r.directory.User(pool, s.Username)
	if err != nil || u.Sub() != s.Sub {
		return state.User{}, fault.New(fault.SessionInvalid)
	}
	return u, nil
}

// resume takes the session of an answer. Each session is used once: every answer returns a new one.
func (r *Room) resume(a *Attempt, in *RespondInput) (state.Session, error) {
	a.token = a.tokenOf(in)
	s, err := r.takeSession(a.token, func(s state.Session) bool {
		return s.Client == a.Client.ID && s.Pool == a.Pool.ID && s.Hosted == a.hosted &&
			answersTo(in.ChallengeName, s.Challenge) &&
			s.StandsFor == "" && (s.SRP == nil || in.Session == "" || s.Token == state.HashToken(in.Session))
	})
	if err != nil {
		return s, err
	}
	a.resumed, a.custom, a.choice, a.rounds, a.secret = true, s.Custom, s.Choice, s.Rounds, s.Secret
	p := Parameters(in.ChallengeResponses)
	a.device, a.methods = cmp.Or(p[deviceKey], s.Device), s.Methods
	if err := p.need("USERNAME"); err != nil {
		return s, err
	}
	if s.Unknown {
		a.pretend(s.Username)
	} else if a.User, err = r.userOf(a.Pool, s); err != nil {
		return s, err
	}
	if !a.named(p["USERNAME"]) {
		return s, fault.New(fault.SessionInvalid)
	}
	return s, directory.CheckSecretHash(a.Client, p["SECRET_HASH"], p["USERNAME"], a.User.Username)
}

// attempt starts the sign-in of one request.
func (r *Room) attempt(at wire.Request, client state.Client, pool state.Pool) *Attempt {
	return &Attempt{room: r, Request: at, Client: client, Pool: pool}
}
