package signin

import (
	"context"
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// The questions of the sessions that SignUp and ConfirmSignUp answer. No challenge has these names.
const (
	afterSignUp       = "after SignUp"
	afterConfirmation = "after ConfirmSignUp"
)

// BeginAutoSignIn returns the session of SignUp's answer, or "" if a code to the attribute is no first factor of
// choice-based sign-in.
func (r *Room) BeginAutoSignIn(b directory.Bearer, attribute string) (session string) {
	return r.autoSession(b, attribute, afterSignUp)
}

// ContinueAutoSignIn takes the session of ConfirmSignUp's request, even if the code then is wrong. After it, proceed
// returns the session of the answer for a code to the attribute, or "". Clients may omit SignUp's session, as Amplify
// for JavaScript does; one that does not fit costs the session of the answer, but does not fail the confirmation.
func (r *Room) ContinueAutoSignIn(b directory.Bearer, session string) (proceed func(attribute string) string) {
	if session != "" {
		s, err := r.takeAutoSession(b, session, afterSignUp)
		if err != nil || s.Sub != b.User.Sub() {
			return func(string) string { return "" }
		}
	}
	return func(attribute string) string { return r.autoSession(b, attribute, afterConfirmation) }
}

func (r *Room) autoSession(b directory.Bearer, attribute, step string) string {
	if !directory.OffersChoice(b.Client) || !directory.SignsInByCodeTo(b.Pool, attribute) {
		return ""
	}
	session := newSessionToken()
	r.store.PutSession(session, state.Session{
		Pool: b.Pool.ID, Client: b.Client.ID, Username: b.User.Username, Sub: b.User.Sub(), Challenge: step,
		Offered: []string{directory.CodeFactor(attribute)},
		Expires: r.now().Add(sessionTime(b.Client)),
	})
	return session
}

func (r *Room) takeAutoSession(b directory.Bearer, session, step string) (state.Session, error) {
	return r.takeSession(session, func(s state.Session) bool {
		return s.Pool == b.Pool.ID && s.Client == b.Client.ID && s.Challenge == step
	})
}

// autoFlow is USER_AUTH with the session of ConfirmSignUp: the code of the confirmation was the first factor.
type autoFlow struct{ session string }

func (autoFlow) Name() string { return choiceFlowName }

func (f autoFlow) Find(_ context.Context, a *Attempt, p Parameters) error {
	s, err := a.room.takeAutoSession(a.bearer(), f.session, afterConfirmation)
	if err != nil {
		return err
	}
	if a.User, err = a.room.userOf(a.Pool, s); err != nil {
		return err
	}
	if !a.named(p["USERNAME"]) || !slices.ContainsFunc(s.Offered, a.takes) {
		return fault.New(fault.SessionInvalid)
	}
	return nil
}

func (autoFlow) Begin(context.Context, *Attempt, Parameters) (Step, error) {
	return proved(passwordless)
}
