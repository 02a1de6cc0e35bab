package signin

import (
	"context"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
)

// passwordFlow is USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH: the client sends the password.
type passwordFlow struct{ name string }

func (f passwordFlow) Name() string { return f.name }

// Find finds the user, or imports one through the user migration trigger.
func (passwordFlow) Find(ctx context.Context, a *Attempt, p Parameters) error {
	if err := p.need("PASSWORD"); err != nil {
		return err
	}
	name := p["USERNAME"]
	if _, err := a.room.store.FindUser(a.Pool.ID, name); err != nil {
		caller := directory.Caller{Pool: a.Pool, Client: a.Client, Name: name}
		u, err := a.room.migration.OfSignIn(ctx, caller, p["PASSWORD"], a.validation)
		switch {
		case err == nil && u != nil:
			a.User, a.migrated, a.Unknown = *u, true, false
			return nil
		case err != nil && !directory.Discreet(a.Client):
			return err
		}
	}
	return a.identify(name)
}

func (passwordFlow) Begin(_ context.Context, a *Attempt, p Parameters) (Step, error) {
	if err := a.toldOfReset(); err != nil {
		return Step{}, err
	}
	if !a.migrated {
		v := a.verifier()
		if err := a.password(func() bool { return v.Check(p["PASSWORD"]) }); err != nil {
			return Step{}, err
		}
	}
	return proved(firstFactor)
}

// srpFlow is USER_SRP_AUTH: the client proves that it knows the password.
type srpFlow struct{}

func (srpFlow) Name() string { return "USER_SRP_AUTH" }

func (srpFlow) Find(_ context.Context, a *Attempt, p Parameters) error {
	if err := p.need("SRP_A"); err != nil {
		return err
	}
	return a.identify(p["USERNAME"])
}

func (srpFlow) Begin(_ context.Context, a *Attempt, p Parameters) (Step, error) {
	if err := a.toldOfReset(); err != nil {
		return Step{}, err
	}
	return a.askForProof(p["SRP_A"])
}

// askForProof returns the PASSWORD_VERIFIER challenge.
func (a *Attempt) askForProof(publicA string) (Step, error) {
	exchange, err := srp.Begin(a.verifier(), publicA)
	if err != nil {
		return Step{}, fault.New(fault.Invalid, "Invalid SRP_A: "+err.Error())
	}
	return ask(passwordVerifier{}.Name(), exchange.Parameters(), func(s *state.Session) { s.SRP = &exchange })
}
