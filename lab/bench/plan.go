package bench

import (
	"fmt"
	"io/fs"
	"maps"

	"cognito-triggers/shared/golden"
)

// Budget is how much a trigger may take. A limit of 0 is none.
type Budget struct {
	First  float64 // first answer, page cache warm and without the binary: times the bare function's
	Warm   float64 // p50 of warm events: times the bare function's
	Faster float64 // first answer with a warm page cache: at least so many times faster than Python's
}

// plan is what a trigger is measured with: a golden case that needs no call to AWS, and settings over its own that
// switch on what a team would have on.
type plan struct {
	golden   string
	settings map[string]string
	budget   Budget
}

const (
	warmLimit   = 1.3
	fasterLimit = 10
)

// plans are by trigger. A trigger that is not here is measured with its first golden case, without a budget.
func plans() map[string]plan {
	return map[string]plan{
		"pre-sign-up": {
			golden:   "PreSignUp_SignUp",
			settings: map[string]string{"ALLOWED_EMAIL_DOMAINS": "example.org,example.com", "LINK_PROVIDERS": "Google"},
			budget:   Budget{1.4, warmLimit, fasterLimit},
		},
		"custom-message": {
			golden: "CustomMessage_SignUp-ses", // mail and SMS
			budget: Budget{1.4, warmLimit, fasterLimit},
		},
		"pre-token-generation": { // a machine client has no profile to read
			golden:   "TokenGeneration_ClientCredentials-v3-claims",
			settings: map[string]string{"PROFILE_TABLE": "profiles"},
			budget:   Budget{1.6, warmLimit, fasterLimit},
		},
		"post-confirmation": { // a password reset stores nothing
			golden: "PostConfirmation_ConfirmForgotPassword",
			settings: map[string]string{
				"PROFILE_TABLE": "profiles", "DEFAULT_GROUP": "members", "WELCOME_EMAIL_FROM": "hello@example.org",
			},
			budget: Budget{2.1, warmLimit, fasterLimit},
		},
	}
}

// planned gives a trigger's case with the plan's settings over the case's own, and its budget.
func planned(set fs.FS, trigger string) (golden.Case, Budget, error) {
	cases, err := golden.Load(set, trigger)
	if err != nil {
		return golden.Case{}, Budget{}, err
	}
	chosen, known := plans()[trigger]
	if !known {
		return cases[0], Budget{}, nil
	}
	for _, c := range cases {
		if c.Name == chosen.golden {
			environment := maps.Clone(chosen.settings)
			if environment == nil {
				environment = map[string]string{}
			}
			maps.Copy(environment, c.Config.Environment)
			c.Config.Environment = environment
			return c, chosen.budget, nil
		}
	}
	return golden.Case{}, Budget{}, fmt.Errorf(
		"testevents/%s has no case %s, which is what the trigger is measured with: name another one in lab/bench/plan.go",
		trigger, chosen.golden)
}
