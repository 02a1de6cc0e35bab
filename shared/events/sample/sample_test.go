package sample

import (
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

func TestEverySourceHasASample(t *testing.T) {
	for _, hook := range cognito.Hooks() {
		for _, source := range hook.Sources() {
			t.Run(source, func(t *testing.T) {
				event, err := Event(source, "")
				if err != nil {
					t.Fatal(err)
				}
				e, err := events.DecodeEnvelope(event)
				if err != nil {
					t.Fatal(err)
				}
				if e.TriggerSource != source || e.Version == "" || strings.Contains(string(event), "VERSION") {
					t.Errorf("envelope = %+v", e)
				}
			})
		}
	}
}

func TestVersions(t *testing.T) {
	cases := map[string]struct {
		source, version string
		wantVersion     string // "" for an error
		wantInError     string
	}{
		"first by default":    {source: "TokenGeneration_Authentication", wantVersion: "1"},
		"third":               {source: "TokenGeneration_Authentication", version: "V3_0", wantVersion: "3"},
		"machine client":      {source: "TokenGeneration_ClientCredentials", wantVersion: "3"},
		"machine client, old": {source: "TokenGeneration_ClientCredentials", version: "V1_0", wantInError: "V3_0 only"},
		"unknown version":     {source: "TokenGeneration_Authentication", version: "V9_0", wantInError: "V1_0, V2_0, V3_0"},
		"needless version":    {source: "PreSignUp_SignUp", version: "V1_0", wantInError: "leave the version out"},
		"unknown source":      {source: "PreSignUp_Typo", wantInError: "PreSignUp_SignUp"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			event, err := Event(c.source, c.version)
			if c.wantVersion == "" {
				if err == nil || !strings.Contains(err.Error(), c.wantInError) {
					t.Fatalf("error = %v, want %q", err, c.wantInError)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if envelope, err := events.DecodeEnvelope(event); err != nil || envelope.Version != c.wantVersion {
				t.Errorf("version = %q (%v), want %q", envelope.Version, err, c.wantVersion)
			}
		})
	}
}
