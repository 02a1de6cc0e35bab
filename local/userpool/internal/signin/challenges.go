package signin

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/secondfactor"
	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/totp"
)

// The parameters of a proof by SRP.
const (
	claimBlock     = "PASSWORD_CLAIM_SECRET_BLOCK"
	claimSignature = "PASSWORD_CLAIM_SIGNATURE"
	claimTime      = "TIMESTAMP"
)

// passwordVerifier checks the proof of a password, in USER_SRP_AUTH and in the first round of CUSTOM_AUTH.
type passwordVerifier struct{}

func (passwordVerifier) Name() string { return "PASSWORD_VERIFIER" }

func (c passwordVerifier) Answer(ctx context.Context, a *Attempt, s state.Session, p Parameters) (Step, error) {
	if err := p.need(claimBlock, claimSignature, claimTime); err != nil {
		return Step{}, err
	}
	var problem error
	if err := a.password(func() bool {
		problem = s.SRP.Verify(p[claimBlock], p[claimTime], p[claimSignature])
		return problem == nil
	}); err != nil {
		if errors.Is(problem, srp.ErrTimestamp) {
			err = fault.New(fault.Invalid, problem.Error())
		}
		return Step{}, err
	}
	if !a.custom {
		return proved(firstFactor)
	}
	if err := a.admitted(); err != nil {
		return Step{}, err
	}
	if _, err := a.namedDevice(); err != nil {
		return Step{}, err
	}
	a.rounds = append(a.rounds, state.Round{Name: c.Name(), Result: true})
	return a.define(ctx, "")
}

// newPassword accepts the password that replaces a temporary one.
type newPassword struct{}

func (newPassword) Name() string { return "NEW_PASSWORD_REQUIRED" }

func (a *Attempt) newPasswordRequired() (Step, error) {
	if until := a.User.TemporaryUntil; !until.IsZero() && a.room.now().After(until) {
		return Step{}, fault.New(fault.TemporaryPasswordExpired)
	}
	shown := directory.ReadableAttributes(a.Client, a.User)
	delete(shown, "sub")
	attributes, err := json.Marshal(shown)
	if err != nil {
		return Step{}, err
	}
	required := []string{}
	for _, name := range directory.Missing(a.Pool, a.User.Attributes) {
		required = append(required, userAttributes+name)
	}
	names, err := json.Marshal(required)
	if err != nil {
		return Step{}, err
	}
	return ask(newPassword{}.Name(), map[string]string{
		"USER_ID_FOR_SRP": a.User.Username, "requiredAttributes": string(names), "userAttributes": string(attributes),
	}, nil)
}

// userAttributes is the prefix of attributes in ChallengeResponses.
const userAttributes = "userAttributes."

func (newPassword) Answer(_ context.Context, a *Attempt, _ state.Session, p Parameters) (Step, error) {
	if err := p.need("NEW_PASSWORD"); err != nil {
		return Step{}, err
	}
	password := p["NEW_PASSWORD"]
	if err := a.admitted(); err != nil {
		return Step{}, err
	}
	if err := directory.CheckPassword(a.Pool, password); err != nil {
		return Step{}, err
	}
	values := map[string]string{}
	for name, value := range p {
		if attribute, is := strings.CutPrefix(name, userAttributes); is {
			values[attribute] = value
		}
	}
	if err := directory.CheckCompletion(a.Pool, directory.UserOf(a.Client), a.User, values); err != nil {
		return Step{}, err
	}
	if err := a.change(func(u *state.User) error {
		if u.Status != state.ForceChangePassword { // another request was first
			return fault.New(fault.SessionInvalid)
		}
		directory.SetAttributes(u, values)
		if missing := directory.Missing(a.Pool, u.Attributes); len(missing) > 0 {
			return fault.New(fault.AttributeMissing, missing[0])
		}
		u.Status, u.Modified, u.TemporaryUntil = state.Confirmed, a.room.now(), time.Time{}
		return directory.SetPassword(a.Pool, u, password)
	}); err != nil {
		return Step{}, err
	}
	return proved(passwordRenewed)
}

const softwareTokenMFA = secondfactor.SoftwareToken

// softwareToken checks the code of an authenticator app.
type softwareToken struct{}

func (softwareToken) Name() string { return softwareTokenMFA }

func (softwareToken) Answer(_ context.Context, a *Attempt, _ state.Session, p Parameters) (Step, error) {
	const parameter = softwareTokenMFA + "_CODE"
	if err := p.need(parameter); err != nil {
		return Step{}, err
	}
	if err := a.oneTime(func() (refused, err error) {
		err = a.change(func(u *state.User) error {
			var verdict totp.Verdict
			u.TOTPLast, verdict = totp.Check(u.TOTPSecret, p[parameter], a.room.now(), u.TOTPLast)
			switch verdict {
			case totp.Used:
				refused = fault.New(fault.TOTPUsed)
			case totp.Wrong:
				refused = fault.New(fault.TOTPWrong)
			}
			return nil
		})
		return refused, err
	}); err != nil {
		return Step{}, err
	}
	return proved(secondFactor)
}
