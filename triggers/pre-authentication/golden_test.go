package main

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"cognito-triggers/shared/admission/gate"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/profile/goldenprofile"
	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	triggertest.ReplayInstance(t, testevents.FS(), "pre-authentication",
		func(t *testing.T, c golden.Case) triggertest.Instance {
			c.Config.Environment = withTable(c.Config.Environment)
			env := triggertest.Settings(t, c)
			config := readConfig(env)
			g := newGate(env, config)
			if err := env.Err(); err != nil {
				t.Fatal(err)
			}
			store := memory.New()
			if err := goldenprofile.Seed(t.Context(), store, c); err != nil {
				t.Fatal(err)
			}
			if g.Profiles != nil {
				g.Profiles = store
			}
			if g.Groups != nil {
				g.Groups = usersOf(c.Config.Users)
			}
			return triggertest.Instance{
				Handler: triggertest.Wrap(events.PreAuthentication, newHandler(g)),
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

// usersOf are the groups of a case's users.
type usersOf []golden.User

var _ gate.Groups = usersOf(nil)

// GroupsOf implements gate.Groups.
func (u usersOf) GroupsOf(_ context.Context, _, userName string) ([]string, error) {
	i := slices.IndexFunc(u, func(user golden.User) bool { return user.UserName == userName })
	if i < 0 {
		return nil, nil
	}
	return u[i].Groups, nil
}

// withTable sets a table of profiles unless the case has its own setting.
func withTable(environment map[string]string) map[string]string {
	with := map[string]string{tableSetting: "profiles"}
	maps.Copy(with, environment)
	return with
}
