package main

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/cognito/answer"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	triggertest.ReplayChecked(t, testevents.FS(), "pre-token-generation",
		func(t *testing.T, c golden.Case) (lambda.Handler, func() json.RawMessage) {
			c.Config.Environment = withTable(c.Config.Environment)
			env := triggertest.Settings(t, c)
			config := readConfig(env)
			if err := env.Err(); err != nil {
				t.Fatal(err)
			}
			key := keyOf(t, c)
			store := seeded(t, c, key)
			handle := newHandler(config, storeFor(config, store))
			return triggertest.Wrap(events.PreTokenGeneration, handle), func() json.RawMessage { return stored(t, store, key) }
		})
}

// Cognito may deliver an event again: the answer has to be the same, and one that Cognito takes.
func TestGoldenEventsAnswerAlikeTwice(t *testing.T) {
	cases, err := golden.Load(testevents.FS(), "pre-token-generation")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			c.Config.Environment = withTable(c.Config.Environment)
			config := readConfig(triggertest.Settings(t, c))
			handler := triggertest.Wrap(events.PreTokenGeneration,
				newHandler(config, storeFor(config, seeded(t, c, keyOf(t, c)))))
			first, second := triggertest.Invoke(t, handler, c.Event), triggertest.Invoke(t, handler, c.Event)
			if string(first.Answer) != string(second.Answer) || first.Error != second.Error {
				t.Errorf("first %s%s\nthen %s%s", first.Answer, first.Error, second.Answer, second.Error)
			}
			if first.Error != "" {
				return
			}
			if problems := answer.Check(c.Event, first.Answer, answer.Pool{}); len(problems) > 0 {
				t.Errorf("an answer that Cognito would refuse:\n%s", answer.Join(problems))
			}
		})
	}
}

// withTable sets a table of profiles unless the case has its own setting.
func withTable(environment map[string]string) map[string]string {
	with := map[string]string{tableSetting: "profiles"}
	for name, value := range environment {
		with[name] = value
	}
	return with
}

// storeFor follows the setting as newProfiles does.
func storeFor(config Config, store *memory.Store) profiles {
	if config.ProfileTable == "" {
		return nil
	}
	return store
}

func keyOf(t *testing.T, c golden.Case) profile.Key {
	t.Helper()
	e, err := events.Decode[events.PreTokenGenerationRequest, events.PreTokenGenerationResponse](c.Event)
	if err != nil {
		t.Fatal(err)
	}
	return profile.Key{UserPoolID: e.UserPoolID, Sub: e.Request.UserAttributes["sub"]}
}

func seeded(t *testing.T, c golden.Case, key profile.Key) *memory.Store {
	t.Helper()
	store := memory.New()
	if given := c.Config.Profile; given != nil {
		p := profile.Profile{
			Key:           key,
			Username:      given.Username,
			Attributes:    given.Attributes,
			SchemaVersion: profile.SchemaVersion,
			CreatedBy:     "seed",
		}
		if given.Sub != "" {
			p.Sub = given.Sub
		}
		if _, err := store.Create(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	if c.Config.Tombstone {
		if err := store.Delete(t.Context(), key, time.Now(), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

// stored is the profile as JSON without times, nil for none.
func stored(t *testing.T, store *memory.Store, key profile.Key) json.RawMessage {
	t.Helper()
	found, err := store.Get(t.Context(), key)
	if errors.Is(err, profile.ErrNotFound) || errors.Is(err, profile.ErrDeleted) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	found.CreatedAt, found.UpdatedAt, found.WelcomeClaimedAt = time.Time{}, time.Time{}, time.Time{}
	text, err := json.Marshal(found)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// environment is the manifest's settings with others over them.
func environment(t testing.TB, pairs map[string]string) *settings.Env {
	t.Helper()
	function, err := manifest.Read("function.json")
	if err != nil {
		t.Fatal(err)
	}
	return settings.FromMap(function.EnvironmentWith(pairs))
}
