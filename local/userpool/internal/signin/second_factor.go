package signin

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/secondfactor"
	"cognito-triggers/local/userpool/state"
)

// secondFactor asks for the second factor if pool and user have one.
func (a *Attempt) secondFactor(ctx context.Context) (Step, error) {
	if step, instead, err := a.deviceInstead(); instead || err != nil {
		return step, err
	}
	next := secondfactor.After(a.Pool, a.User)
	switch {
	case len(next.Ask) == 1:
		return a.askForFactor(ctx, next.Ask[0])
	case len(next.Ask) > 1:
		return a.askToSelect(selectMFAType{}.Name(), "MFAS_CAN_CHOOSE", next.Ask)
	case len(next.CanAdd) > 0:
		return a.askToSelect(mfaSetup{}.Name(), "MFAS_CAN_SETUP", next.CanAdd)
	case next.Stuck:
		return Step{}, fault.New(fault.NoSecondFactor)
	}
	return proved(secondFactor)
}

// askForFactor returns the challenge of a factor; a code is sent for it.
func (a *Attempt) askForFactor(ctx context.Context, factor string) (Step, error) {
	parameters := map[string]string{"USER_ID_FOR_SRP": a.User.Username}
	for _, c := range sentCodes() {
		if c.name != factor {
			continue
		}
		if factor == emailOTP {
			parameters = nil
		}
		return c.ask(ctx, a, asSecondFactor, parameters)
	}
	if a.User.TOTPDevice != "" {
		parameters["FRIENDLY_DEVICE_NAME"] = a.User.TOTPDevice
	}
	return ask(softwareTokenMFA, parameters, nil)
}

// askToSelect returns a challenge that lists factors.
func (a *Attempt) askToSelect(challenge, parameter string, factors []string) (Step, error) {
	list, err := json.Marshal(factors)
	if err != nil {
		return Step{}, err
	}
	return ask(challenge, map[string]string{"USER_ID_FOR_SRP": a.User.Username, parameter: string(list)},
		func(s *state.Session) { s.Offered = factors })
}

// selectMFAType takes the second factor that the user selects.
type selectMFAType struct{}

func (selectMFAType) Name() string { return "SELECT_MFA_TYPE" }

func (selectMFAType) Answer(ctx context.Context, a *Attempt, s state.Session, p Parameters) (Step, error) {
	if err := p.need("ANSWER"); err != nil {
		return Step{}, err
	}
	if now := secondfactor.After(a.Pool, a.User).Ask; !slices.Contains(s.Offered, p["ANSWER"]) ||
		!slices.Contains(now, p["ANSWER"]) {
		return Step{}, fault.New(fault.Invalid, "ANSWER is not one of MFAS_CAN_CHOOSE")
	}
	return a.askForFactor(ctx, p["ANSWER"])
}

// mfaSetup finishes a sign-in that required setting up a factor: an authenticator app, after AssociateSoftwareToken and
// VerifySoftwareToken, or an e-mail address, to which a code is sent.
type mfaSetup struct{}

func (mfaSetup) Name() string { return "MFA_SETUP" }

func (mfaSetup) Answer(ctx context.Context, a *Attempt, s state.Session, p Parameters) (Step, error) {
	address := cmp.Or(p["EMAIL"], p["email"])
	switch {
	case s.Verified:
		return proved(secondFactor)
	case address == "":
		return Step{}, fault.New(fault.SessionInvalid)
	case !slices.Contains(s.Offered, emailOTP):
		return Step{}, fault.New(fault.Invalid, "EMAIL_OTP is not one of MFAS_CAN_SETUP")
	case !slices.Contains(secondfactor.After(a.Pool, a.User).CanAdd, emailOTP):
		return Step{}, fault.New(fault.SessionInvalid)
	}
	given := map[string]string{directory.Email: address}
	if err := directory.CheckNew(a.Pool, directory.Administrator(), given); err != nil {
		return Step{}, err
	}
	return a.askForEmail(ctx, address)
}

// askForEmail sends a code to an address that becomes the user's once the code is right.
func (a *Attempt) askForEmail(ctx context.Context, address string) (Step, error) {
	with := *a
	with.User.Attributes = maps.Clone(a.User.Attributes)
	directory.SetAttributes(&with.User, map[string]string{directory.Email: address})
	step, err := with.askForFactor(ctx, emailOTP)
	if err != nil {
		return Step{}, err
	}
	keepCode := step.question.note
	step.question.note = func(s *state.Session) { keepCode(s); s.SetsUp = true }
	return step, nil
}
