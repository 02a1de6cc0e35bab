package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/fire"
)

// A running pool prints each event from then on, with the attempts of one that took several.
func TestRunPrintsEvents(t *testing.T) {
	log := &fire.Log{}
	log.Add(fire.Record{Source: "PreSignUp_Before", Outcome: "ok"})
	reader, writer := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	follow := printer(log)
	go func() {
		defer close(done)
		follow(ctx, writer)
	}()
	go log.Add(fire.Record{Source: "PreSignUp_SignUp", Outcome: "ok", Attempts: []fire.Attempt{
		{Outcome: fire.Killed}, {Outcome: fire.Answered},
	}})
	want := "ok after 2 attempts"
	buffer := make([]byte, 64<<10)
	var printed strings.Builder
	for !strings.Contains(printed.String(), want) {
		n, err := reader.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		printed.Write(buffer[:n])
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	cancel()
	<-done
	if got := printed.String(); strings.Contains(got, "PreSignUp_Before") || !strings.Contains(got, "attempt 1: killed") {
		t.Errorf("printed %s", got)
	}
}
