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
		name: passkeys.Factor, allowed: passkeys.Factor, has: (*Attempt).hasPasskey,
		begin: func(_ context.Context, a *Attempt, p Parameters) (Step, error) {
			// The answer to SELECT_CHALLENGE may answer a question of this user's, and so spare a round.
			if credential := p["CREDENTIAL"]; credential != "" && a.resumed {
				return a.checkPasskey(credential, "")
			}
			return a.askForPasskey()
		},
	}
}

// hasPasskey reports whether the user can sign in with a passkey. A user with a second factor can only if it stands for
// that one, too. Whoever has a temporary password has to replace it first.
func (a *Attempt) hasPasskey() bool {
	return a.User.Status != state.ForceChangePassword && a.room.passkeys.CanSignIn(a.Pool, a.User) &&
		(!a.hasSecondFactor() || a.passkeyIsBothFactors())
}

// hasSecondFactor reports whether a password would not be enough for the user.
func (a *Attempt) hasSecondFactor() bool {
	mode := a.Pool.Settings.MfaConfiguration
	return mode == "ON" || mode == "OPTIONAL" && len(a.User.MFA) > 0
}

// passkeyIsBothFactors reports whether a passkey whose authenticator verifies the user stands for the second factor:
// where MFA is required, if the pool says so, and where it is the user's choice, if the user does, too.
func (a *Attempt) passkeyIsBothFactors() bool {
	return passkeys.AreBothFactors(a.Pool)
}

func (a *Attempt) askForPasskey() (Step, error) {
	question, err := a.room.passkeys.Ask(a.bearer(), a.hasSecondFactor(), sessionTime(a.Client))
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

// checkPasskey accepts a passkey if the user may still sign in with one: what the pool and the user have set may have
// changed since the question.
func (a *Attempt) checkPasskey(credential, challenge string) (Step, error) {
	if !a.hasPasskey() {
		return Step{}, fault.New(fault.PasskeyWrong)
	}
	if err := a.room.passkeys.Check(a.bearer(), credential, challenge, a.hasSecondFactor()); err != nil {
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
