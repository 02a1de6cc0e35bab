package main

import (
	"io"
	"os"
	"testing"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

// BenchmarkSignIn is the warm path without a store call: decode, audit line, answer, metrics line.
func BenchmarkSignIn(b *testing.B) {
	env := settings.FromMap(nil)
	config, err := readConfig(env)
	if err != nil {
		b.Fatal(err)
	}
	trigger.UseLog(io.Discard, env)
	handler := trigger.New(events.PostAuthentication, newHandler(config, newServices(env, config)), io.Discard)
	event, err := os.ReadFile("../../testevents/post-authentication/PostAuthentication_Authentication.json")
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
