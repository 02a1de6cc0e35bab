package main

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/trigger"
)

// faultyStore is a store whose calls can fail or hang.
type faultyStore struct {
	*memory.Store
	failGet, failCreate error
	hang                bool // every call lasts until its context ends
	gets, creates       int
	onCreate            func() // runs before a profile is created
}

func (s *faultyStore) Get(ctx context.Context, k profile.Key) (profile.Profile, error) {
	s.gets++
	if s.hang {
		<-ctx.Done()
		return profile.Profile{}, ctx.Err()
	}
	if s.failGet != nil {
		return profile.Profile{}, s.failGet
	}
	return s.Store.Get(ctx, k)
}

func (s *faultyStore) Create(ctx context.Context, p profile.Profile) (bool, error) {
	s.creates++
	if s.onCreate != nil {
		s.onCreate()
	}
	if s.failCreate != nil {
		return false, s.failCreate
	}
	return s.Store.Create(ctx, p)
}

// run is one function under test with its metrics.
type run struct {
	handler lambda.Handler
	metrics bytes.Buffer
}

func newRun(t *testing.T, store profiles, pairs map[string]string) *run {
	t.Helper()
	env := environment(t, withTable(pairs))
	config := readConfig(env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	r := &run{}
	r.handler = trigger.New(events.PreTokenGeneration, newHandler(config, store), &r.metrics)
	return r
}

// counted reads a counter out of the metrics lines.
func (r *run) counted(t *testing.T, name string) int {
	t.Helper()
	total := 0
	for line := range bytes.Lines(r.metrics.Bytes()) {
		var members map[string]any
		if err := json.Unmarshal(line, &members); err != nil {
			t.Fatal(err)
		}
		if count, ok := members[name].(float64); ok {
			total += int(count)
		}
	}
	return total
}
