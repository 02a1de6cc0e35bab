package main

import (
	"io"
	"os"
	"testing"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

// BenchmarkSignIn is the warm path without a store call: decode, rules, answer, metrics line.
func BenchmarkSignIn(b *testing.B) {
	function, err := manifest.Read("function.json")
	if err != nil {
		b.Fatal(err)
	}
	env := settings.FromMap(function.EnvironmentWith(map[string]string{
		rulesSetting: `{"rules":[{"rule":"clients","noneOf":["old"],"text":"Please update the app"},` +
			`{"rule":"hours","timeZone":"Europe/Paris","from":"00:00","to":"24:00","text":"Closed"}]}`,
	}))
	handler := trigger.New(events.PreAuthentication, newHandler(newGate(env, readConfig(env))), io.Discard)
	event, err := os.ReadFile("../../testevents/pre-authentication/PreAuthentication_Authentication.json")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := handler.Invoke(b.Context(), event); err != nil {
			b.Fatal(err)
		}
	}
}
