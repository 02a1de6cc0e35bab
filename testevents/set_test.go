package testevents

import (
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
)

// The set has an event of every trigger source of its triggers, and a token event of each version.
func TestGoldenSetIsComplete(t *testing.T) {
	sources := map[string]cognito.Hook{
		"pre-sign-up": cognito.PreSignUp, "post-confirmation": cognito.PostConfirmation,
		"custom-message": cognito.CustomMessage, "pre-token-generation": cognito.PreTokenGeneration,
		"define-auth-challenge": cognito.DefineAuthChallenge, "create-auth-challenge": cognito.CreateAuthChallenge,
		"verify-auth-challenge-response": cognito.VerifyAuthChallengeResponse,
		"custom-email-sender":            cognito.CustomEmailSender, "custom-sms-sender": cognito.CustomSMSSender,
	}
	for trigger, hook := range sources {
		cases, err := golden.Load(FS(), trigger)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, c := range cases {
			if err := c.CheckEvent(hook); err != nil {
				t.Error(err)
			}
			envelope, err := events.DecodeEnvelope(c.Event)
			if err != nil {
				t.Errorf("%s/%s: %v", trigger, c.Name, err)
				continue
			}
			if source, _, _ := strings.Cut(c.Name, "-"); source != envelope.TriggerSource &&
				hook.Accepts(envelope.TriggerSource) {
				t.Errorf("%s/%s is an event of %s", trigger, c.Name, envelope.TriggerSource)
			}
			seen[envelope.TriggerSource] = true
			seen[envelope.TriggerSource+" "+envelope.Version] = true
		}
		for _, source := range hook.Sources() {
			if !seen[source] {
				t.Errorf("%s has no event of %s", trigger, source)
			}
			for _, version := range cognito.VersionsOf(source) {
				if !seen[source+" "+cognito.Number(version)] {
					t.Errorf("%s has no event of %s in version %s", trigger, source, version)
				}
			}
		}
	}
}
