package main

import (
	"io"
	"os"
	"testing"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/trigger"
)

// BenchmarkSignIn is the warm path without a store call: decode, rules, budget, answer, metrics line.
func BenchmarkSignIn(b *testing.B) {
	config := readConfig(environment(b, nil))
	handler := trigger.New(events.PreTokenGeneration, newHandler(config, nil), io.Discard)
	event, err := os.ReadFile("../../testevents/pre-token-generation/TokenGeneration_Authentication-v2-groups.json")
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
