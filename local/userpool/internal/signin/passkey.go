package signin

import (
	"context"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/passkeys"
	"cognito-triggers/local/userpool/state"
)

// passkeyChoice is the passkey among the first factors.
func passkeyChoice() firstFactorChoice {
	return firstFactorChoice{
		name: passkeys.Factor, allowed: passkeys.Factor, meetsMFA: (*Attempt).passkeyMeetsMFA,
		has: func(a *Attempt) bool { return a.room.passkeys.CanSignIn(a.Pool, a.User) },
		begin: func(_ context.Context, a *Attempt, p Parameters) (Step, error) {
			// The answer to SELECT_CHALLENGE may answer an earlier question of this user's, and so spare a round.
			if credential := p["CREDENTIAL"]; credential != "" && a.resumed {
				return a.checkPasskey(credential, "")
			}
			return a.askForPasskey()
		},
	}
}

// passkeyMeetsMFA reports whether a passkey whose authenticator verifies the user stands for the second factor: where
// MFA is required, if the pool says so, and where it is the user's choice, if the user does, too.
func (a *Attempt) passkeyMeetsMFA() bool {
	required := a.Pool.Settings.MfaConfiguration == "ON"
	return a.Pool.MFASettings().WebAuthnConfiguration.AreBothFactors() && (required || a.User.PasskeyMFA)
}

func (a *Attempt) askForPasskey() (Step, error) {
	question, err := a.room.passkeys.Ask(a.bearer(), a.wantsMFA(), sessionTime(a.Client))
	if err != nil {
		return Step{}, err
	}
	parameters := map[string]string{"CREDENTIAL_REQUEST_OPTIONS": question.Options}
	step, err := ask(passkey{}.Name(), parameters, func(s *state.Session) {
		s.Passkey, s.First = question.Challenge, true
	})
	step.question.available = []string{passkey{}.Name()}
	return step, err
}

// passkey is WEB_AUTHN: the client sends what the authenticator signed.
type passkey struct{}

func (passkey) Name() string { return passkeys.Factor }

func (passkey) Answer(_ context.Context, a *Attempt, s state.Session, p Parameters) (Step, error) {
	if err := p.need("CREDENTIAL"); err != nil {
		return Step{}, err
	}
	return a.checkPasskey(p["CREDENTIAL"], s.Passkey)
}

// checkPasskey accepts a passkey if the user may still sign in with one.
func (a *Attempt) checkPasskey(credential, challenge string) (Step, error) {
	if !a.takes(passkeys.Factor) {
		return Step{}, fault.New(fault.PasskeyWrong)
	}
	if err := a.room.passkeys.Check(a.bearer(), credential, challenge, a.wantsMFA()); err != nil {
		return Step{}, err
	}
	return proved(passwordless)
}

// pretendedPasskeys returns the made-up passkeys of a user who does not exist.
func (a *Attempt) pretendedPasskeys(name string) []state.Passkey {
	if !a.choice || !a.Pool.Settings.AllowsFirst(passkeys.Factor) {
		return nil
	}
	return a.room.passkeys.Pretended(a.Pool, name)
}
