package signin

import (
	"context"
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/secondfactor"
	"cognito-triggers/local/userpool/state"
)

// The choices with a password, as challenge and as answer.
const (
	withPassword = "PASSWORD"
	withSRP      = "PASSWORD_SRP"
)

// choiceFlow is USER_AUTH: the user chooses one of the first factors that the pool allows and the user has.
type choiceFlow struct{}

func (choiceFlow) Name() string { return choiceFlowName }

const choiceFlowName = "USER_AUTH"

// Find finds the user. A password that comes along can migrate one.
func (choiceFlow) Find(ctx context.Context, a *Attempt, p Parameters) error {
	a.choice = true
	if p[preferred] == withPassword && p[withPassword] != "" {
		a.sought = true
		return passwordFlow{}.Find(ctx, a, p)
	}
	return a.identify(p["USERNAME"])
}

// preferred is the parameter with the user's choice, so that there is nothing to ask.
const preferred = "PREFERRED_CHALLENGE"

func (choiceFlow) Begin(ctx context.Context, a *Attempt, p Parameters) (Step, error) {
	if a.User.Disabled && !directory.Discreet(a.Client) {
		return Step{}, fault.New(fault.UserDisabled)
	}
	offered := a.offered()
	if len(offered) == 0 {
		return Step{}, fault.New(fault.NoFirstFactor)
	}
	for _, f := range firstFactors() {
		switch {
		case f.name != p[preferred] || !slices.Contains(offered, f.name):
		case f.needs != "" && p[f.needs] == "":
			return askToChoose(f.name, []string{f.name}, offered)
		default:
			return a.choose(ctx, f, p)
		}
	}
	return askToChoose(selectChallenge, offered, offered)
}

// askToChoose returns the challenge with this name: one of choices(). Clients see what is shown; what is offered can be
// answered.
func askToChoose(name string, shown, offered []string) (Step, error) {
	step, err := ask(name, map[string]string{}, func(s *state.Session) { s.Offered = offered })
	step.question.available = shown
	return step, err
}

// firstFactorChoice is a first factor of choice-based sign-in.
type firstFactorChoice struct {
	name    string // as challenge and as answer
	allowed string // in the pool's AllowedFirstAuthFactors
	has     func(a *Attempt) bool
	needs   string // the parameter with which the sign-in can begin; "" if it needs none
	// meetsMFA reports whether the factor also meets the demand for a second one; nil: it does not.
	meetsMFA func(a *Attempt) bool
	begin    func(ctx context.Context, a *Attempt, p Parameters) (Step, error)
}

// firstFactors lists the first factors in the order in which they are offered.
func firstFactors() []firstFactorChoice {
	hasPassword := func(a *Attempt) bool { return a.Unknown || a.User.Verifier != nil }
	list := []firstFactorChoice{
		{name: withSRP, allowed: withPassword, has: hasPassword, needs: "SRP_A", begin: srpFlow{}.Begin},
		{name: withPassword, allowed: withPassword, has: hasPassword, needs: withPassword, begin: beginWithPassword},
	}
	for _, c := range sentCodes() {
		if c.name == smsMFA {
			continue
		}
		list = append(list, firstFactorChoice{
			name: c.name, allowed: c.name,
			has: func(a *Attempt) bool { return a.Unknown || a.User.Attributes[c.attribute] != "" },
			begin: func(ctx context.Context, a *Attempt, _ Parameters) (Step, error) {
				return c.ask(ctx, a, asFirstFactor, nil)
			},
		})
	}
	return append(list, passkeyChoice())
}

// beginWithPassword is the choice PASSWORD. If the user is not in the pool, the password can still migrate one.
func beginWithPassword(ctx context.Context, a *Attempt, p Parameters) (Step, error) {
	if a.Unknown && !a.sought {
		found := Parameters{"USERNAME": a.typed, withPassword: p[withPassword]}
		if err := (passwordFlow{}).Find(ctx, a, found); err != nil {
			return Step{}, err
		}
	}
	return passwordFlow{}.Begin(ctx, a, p)
}

// offered lists the first factors that the pool allows and the user has. Where the client hides which users exist,
// somebody without any is offered passwords, of which none is right.
func (a *Attempt) offered() (names []string) {
	for _, f := range firstFactors() {
		if a.allows(f) && f.has(a) {
			names = append(names, f.name)
		}
	}
	if len(names) == 0 && directory.Discreet(a.Client) {
		return []string{withSRP, withPassword}
	}
	return names
}

// allows reports whether the user may begin with a factor. One after which no second factor follows must meet the
// demand for it itself, and a temporary password must be used first. Federated users begin at their provider.
func (a *Attempt) allows(f firstFactorChoice) bool {
	if f.allowed == withPassword {
		return true
	}
	return a.Pool.Settings.AllowsFirst(f.allowed) &&
		a.User.Status != state.ForceChangePassword && a.User.Status != state.ExternalProvider &&
		(!a.wantsMFA() || f.meetsMFA != nil && f.meetsMFA(a))
}

// takes reports whether the user may sign in with the first factor of this name as things are now: what the pool and
// the user have set may have changed since the question.
func (a *Attempt) takes(name string) bool {
	return slices.ContainsFunc(firstFactors(), func(f firstFactorChoice) bool {
		return f.name == name && a.allows(f) && f.has(a)
	})
}

// wantsMFA reports whether a password would not be enough for the user.
func (a *Attempt) wantsMFA() bool {
	return a.Pool.Settings.MfaConfiguration == "ON" || len(secondfactor.After(a.Pool, a.User).Ask) > 0
}

// choose begins with the chosen factor.
func (a *Attempt) choose(ctx context.Context, f firstFactorChoice, p Parameters) (Step, error) {
	if a.room.preAuthentication == AtTheChoice {
		if a.validation == nil { // the choice is an answer
			a.validation = a.metadata
		}
		if err := a.preAuthentication(ctx); err != nil {
			return Step{}, err
		}
	}
	return f.begin(ctx, a, p)
}

const selectChallenge = "SELECT_CHALLENGE"

// choiceChallenge takes the user's choice: SELECT_CHALLENGE with ANSWER, or the choice as the challenge's name. Clients
// answer each of these questions by any of the names.
type choiceChallenge struct{ name string }

// choices lists the challenges of this kind.
func choices() []choiceChallenge {
	return []choiceChallenge{{selectChallenge}, {withPassword}, {withSRP}}
}

func (c choiceChallenge) Name() string { return c.name }

// answersTo reports whether an answer to the challenge with one name fits a question with the other.
func answersTo(answered, asked string) bool {
	return answered == asked ||
		slices.Contains(choices(), choiceChallenge{answered}) && slices.Contains(choices(), choiceChallenge{asked})
}

func (c choiceChallenge) Answer(ctx context.Context, a *Attempt, s state.Session, p Parameters) (Step, error) {
	chosen := c.name
	if c.name == selectChallenge {
		if err := p.need("ANSWER"); err != nil {
			return Step{}, err
		}
		chosen = p["ANSWER"]
	}
	for _, f := range firstFactors() {
		if f.name != chosen || !slices.Contains(s.Offered, chosen) || !slices.Contains(a.offered(), chosen) {
			continue
		}
		if f.needs != "" {
			if err := p.need(f.needs); err != nil {
				return Step{}, err
			}
		}
		return a.choose(ctx, f, p)
	}
	return Step{}, fault.New(fault.Invalid, "the challenge "+chosen+" is not available")
}
