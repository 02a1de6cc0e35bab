package main

import (
	"encoding/json"
	"errors"
	"maps"
	"testing"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/profile/goldenprofile"
	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	triggertest.ReplayInstance(t, testevents.FS(), "post-authentication",
		func(t *testing.T, c golden.Case) triggertest.Instance {
			mailbox := triggertest.NewMailbox(t)
			environment := map[string]string{tableSetting: "profiles"}
			maps.Copy(environment, c.Config.Environment)
			maps.Copy(environment, mailbox.Settings())
			c.Config.Environment = environment
			env := triggertest.Settings(t, c)
			config, err := readConfig(env)
			s := newServices(env, config)
			if err := errors.Join(err, env.Err()); err != nil {
				t.Fatal(err)
			}
			store := memory.New()
			if err := goldenprofile.Seed(t.Context(), store, c); err != nil {
				t.Fatal(err)
			}
			if s.profiles != nil {
				s.profiles = store
			}
			return triggertest.Instance{
				Handler: triggertest.Wrap(events.PostAuthentication, newHandler(config, s)),
				Outbox:  mailbox,
				Profile: func() json.RawMessage {
					stored, err := goldenprofile.Stored(t.Context(), store, c)
					if err != nil {
						t.Fatal(err)
					}
					return stored
				},
			}
		})
}
