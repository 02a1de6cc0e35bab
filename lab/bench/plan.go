package bench

import (
	"fmt"
	"io/fs"
	"maps"

	"cognito-triggers/shared/golden"
)

// Budget limits what a trigger may cost. A limit of 0 means none.
type Budget struct {
	First  float64 // first answer, cached and evicted: ratio to the bare function's, at most
	Warm   float64 // p50 of warm events: ratio to the bare function's, at most
	Faster float64 // first answer, cached: times faster than Python's, at least
}

// plan says how to measure a trigger: a golden case that needs no AWS call, and settings, over the case's own, that
// enable what a team would enable.
type plan struct {
	golden   string
	settings map[string]string
	budget   Budget
}

const (
	warmLimit   = 1.3
	fasterLimit = 10
)

// plans maps triggers to plans. A trigger without one is measured with its first golden case, without a budget.
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
		"user-migration": { // an app of the old pool cannot ask about users, so nothing is called
			golden: "UserMigration_ForgotPassword-old-pool-as-app",
			budget: Budget{2.1, warmLimit, fasterLimit},
		},
		"post-confirmation": { // a password reset stores nothing
			golden: "PostConfirmation_ConfirmForgotPassword",
			settings: map[string]string{
				"PROFILE_TABLE": "profiles", "DEFAULT_GROUP": "members", "WELCOME_EMAIL_FROM": "hello@example.org",
			},
			budget: Budget{2.1, warmLimit, fasterLimit},
		},
		"pre-authentication": { // rules about hours read no profile
			golden:   "PreAuthentication_Authentication-hours-open",
			settings: map[string]string{"PROFILE_TABLE": "profiles"},
			budget:   Budget{1.6, warmLimit, fasterLimit},
		},
		"post-authentication": { // without an account, nothing can be recorded
			golden:   "PostAuthentication_Authentication-no-account",
			settings: map[string]string{"PROFILE_TABLE": "profiles"},
			budget:   Budget{1.6, warmLimit, fasterLimit},
		},
		"inbound-federation": {
			golden: "InboundFederation_ExternalProvider-all-rules",
			budget: Budget{1.4, warmLimit, fasterLimit},
		},
		"define-auth-challenge": {
			golden: "DefineAuthChallenge_Authentication-code",
			budget: Budget{1.4, warmLimit, fasterLimit},
		},
		"create-auth-challenge": { // asks what the client wants, and sends nothing yet
			golden:   "CreateAuthChallenge_Authentication-choice",
			settings: map[string]string{"CHALLENGES_TABLE": "challenges"},
			budget:   Budget{2.1, warmLimit, fasterLimit},
		},
		"verify-auth-challenge-response": { // the client's choice needs no store
			golden:   "VerifyAuthChallengeResponse_Authentication-choice",
			settings: map[string]string{"CHALLENGES_TABLE": "challenges"},
			budget:   Budget{1.4, warmLimit, fasterLimit},
		},
		"custom-email-sender": { // nobody waits for senders; without an address, nothing is decrypted or sent
			golden:   "CustomEmailSender_SignUp-no-address",
			settings: map[string]string{"SENT_TABLE": "sent"},
		},
		"custom-sms-sender": {
			golden:   "CustomSMSSender_SignUp-no-number",
			settings: map[string]string{"SENT_TABLE": "sent"},
		},
	}
}

// planned returns a trigger's golden case, with the plan's settings over the case's own, and its budget.
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
		"testevents/%s has no case %s, which lab/bench/plan.go measures the trigger with: name another one there",
		trigger, chosen.golden)
}
