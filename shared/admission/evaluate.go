package admission

import (
	"slices"
	"time"

	"cognito-triggers/shared/internal/rulefile"
	"cognito-triggers/shared/profile"
)

// Input is one sign-in and what is known of the user.
type Input struct {
	ClientID       string
	ValidationData map[string]string // the caller's word
	Now            time.Time

	Access             profile.Access // zero for a user without a profile
	ProfileUnavailable bool
	Groups             []string
	GroupsUnavailable  bool
}

// Decision says whether a user may sign in.
type Decision struct {
	Refused     bool
	Text        string   // for the user; "" if the rule could not be decided
	Rule        string   // the name of the rule that refused
	Undecidable bool     // refused because what the rule needs was not available
	Passed      []string // names of the rules that let the sign-in pass because they could not be decided
}

// outcome is what one rule makes of a sign-in.
type outcome int

const (
	admits outcome = iota
	refuses
	undecidable
)

// Evaluate applies the rules to a sign-in.
func (s *Set) Evaluate(in Input) Decision {
	var decision Decision
	for _, r := range s.rules {
		switch r.decide(in) {
		case refuses:
			decision.Refused, decision.Rule, decision.Text = true, r.name, r.text
			return decision
		case undecidable:
			if !r.open {
				decision.Refused, decision.Rule, decision.Undecidable = true, r.name, true
				return decision
			}
			decision.Passed = append(decision.Passed, r.name)
		}
	}
	return decision
}

func (r rule) decide(in Input) outcome {
	switch {
	case !r.ofClient(in.ClientID):
		return admits
	case len(r.when.groups) > 0 && in.GroupsUnavailable:
		if r.kind == groups || r.needsProfile() || r.judge(in) == refuses {
			return undecidable
		}
		return admits // whoever the user is
	case len(r.when.groups) > 0 && !rulefile.Overlap(r.when.groups, in.Groups):
		return admits
	case r.needsProfile() && in.ProfileUnavailable, r.kind == groups && in.GroupsUnavailable:
		return undecidable
	}
	return r.judge(in)
}

// judge applies a rule whose conditions hold and whose facts are known.
func (r rule) judge(in Input) outcome {
	var refused bool
	switch r.kind {
	case suspended:
		refused = in.Access.Suspended
	case locked:
		refused = in.Now.Before(in.Access.LockedUntil) || r.failed(in)
	case groups:
		refused = !r.allows(in.Groups)
	case clients:
		refused = !r.allows([]string{in.ClientID})
	case validationData:
		value := in.ValidationData[r.key]
		refused = value == "" || len(r.values) > 0 && !slices.Contains(r.values, value)
	case hours:
		refused = !r.opening.contains(in.Now)
	}
	if refused {
		return refuses
	}
	return admits
}

func (r rule) allows(has []string) bool {
	return (len(r.anyOf) == 0 || rulefile.Overlap(r.anyOf, has)) && !rulefile.Overlap(r.noneOf, has)
}

// failed reports whether there were too many failures a short time ago. Failures without a time count as just now.
func (r rule) failed(in Input) bool {
	if r.failures == 0 || in.Access.Failures < r.failures {
		return false
	}
	return in.Access.FailedAt.IsZero() || in.Now.Before(in.Access.FailedAt.Add(r.within))
}
