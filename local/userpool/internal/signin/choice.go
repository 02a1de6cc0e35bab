package signin

import (
	"context"
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// choiceFlow is USER_AUTH: the user chooses one of the first factors that the pool allows and the user has.
type choiceFlow struct{}

func (choiceFlow) Name() string { return "USER_AUTH" }

func (choiceFlow) Find(_ context.Context, a *Attempt, p Parameters) error {
	a.choice = true
	return a.identify(p["USERNAME"])
}

func (choiceFlow) Begin(ctx context.Context, a *Attempt, p Parameters) (Step, error) {
	offered := a.offered()
	if preferred := p["PREFERRED_CHALLENGE"]; slices.Contains(offered, preferred) {
		return a.choose(ctx, preferred, p)
	}
	return askToChoose(offered)
}

// askToChoose returns the SELECT_CHALLENGE challenge.
func askToChoose(offered []string) (Step, error) {
	step, err := ask(selectChallenge{}.Name(), map[string]string{}, func(s *state.Session) { s.Offered = offered })
	step.question.available = offered
	return step, err
}

// firstFactorChoice is a first factor of choice-based sign-in.
type firstFactorChoice struct {
	name    string // as challenge and as answer
	allowed string // in the pool's AllowedFirstAuthFactors
	has     func(a *Attempt) bool
	begin   func(ctx context.Context, a *Attempt, p Parameters) (Step, error)
}

// firstFactors lists the first factors in the order in which they are offered.
func firstFactors() []firstFactorChoice {
	const password = "PASSWORD"
	hasPassword := func(a *Attempt) bool { return a.Unknown || a.User.Verifier != nil }
	list := []firstFactorChoice{
		{name: "PASSWORD_SRP", allowed: password, has: hasPassword, begin: needing("SRP_A", srpFlow{}.Begin)},
		{name: password, allowed: password, has: hasPassword, begin: needing(password, passwordFlow{}.Begin)},
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

// needing returns a beginning that first checks for a parameter.
func needing(
	name string, begin func(context.Context, *Attempt, Parameters) (Step, error),
) func(context.Context, *Attempt, Parameters) (Step, error) {
	return func(ctx context.Context, a *Attempt, p Parameters) (Step, error) {
		if err := p.need(name); err != nil {
			return Step{}, err
		}
		return begin(ctx, a, p)
	}
}

// offered lists the first factors that the pool allows and the user has.
func (a *Attempt) offered() (names []string) {
	for _, f := range firstFactors() {
		if a.Pool.Settings.AllowsFirst(f.allowed) && f.has(a) {
			names = append(names, f.name)
		}
	}
	return names
}

// choose begins with the chosen factor.
func (a *Attempt) choose(ctx context.Context, name string, p Parameters) (Step, error) {
	for _, f := range firstFactors() {
		if f.name == name {
			return f.begin(ctx, a, p)
		}
	}
	return Step{}, fault.New(fault.Invalid, "the challenge "+name+" is not available")
}

// selectChallenge takes the user's choice.
type selectChallenge struct{}

func (selectChallenge) Name() string { return "SELECT_CHALLENGE" }

func (selectChallenge) Answer(ctx context.Context, a *Attempt, s state.Session, p Parameters) (Step, error) {
	if err := p.need("ANSWER"); err != nil {
		return Step{}, err
	}
	if !slices.Contains(s.Offered, p["ANSWER"]) {
		return Step{}, fault.New(fault.Invalid, "the challenge "+p["ANSWER"]+" is not available")
	}
	return a.choose(ctx, p["ANSWER"], p)
}
