package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

// oldSystem is a directory of accounts by name.
type oldSystem struct {
	accounts map[string]migration.Account
	err      error
	asked    []string
}

func (o *oldSystem) LookUp(_ context.Context, name string) (migration.Account, error) {
	o.asked = append(o.asked, name)
	if o.err != nil {
		return migration.Account{}, o.err
	}
	account, there := o.accounts[name]
	if !there {
		return account, migration.ErrUnknown
	}
	return account, nil
}

// Whatever a newcomer could sign in with, and so an owner could migrate with, is asked about; each name once.
func TestGuardAsksAboutEveryName(t *testing.T) {
	const all = `"email":"ines@example.org","phone_number":"+442071838750","preferred_username":"ines"`
	for name, c := range map[string]struct {
		userName, attributes string
		owned                string
		asked                []string
	}{
		"free": {
			userName: "moreau", attributes: all, asked: []string{"ines@example.org", "+442071838750", "ines", "moreau"},
		},
		"a pool of addresses": {
			userName: "6f0c1c1e-5b7a-4b9e-9a53-1f0b6a1c2d3e", attributes: `"email":"ines@example.org"`,
			asked: []string{"ines@example.org"},
		},
		"the same twice": {
			userName: "ines@example.org", attributes: `"email":"ines@example.org"`, asked: []string{"ines@example.org"},
		},
		"no attribute": {userName: "ines", attributes: ``, asked: []string{"ines"}},
		"address taken": {
			userName: "moreau", attributes: all, owned: "ines@example.org", asked: []string{"ines@example.org"},
		},
		"name taken": {userName: "moreau", attributes: `"name":"x"`, owned: "moreau", asked: []string{"moreau"}},
		"preferred name": {
			userName: "moreau", attributes: `"preferred_username":"ines"`, owned: "ines", asked: []string{"ines"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			old := &oldSystem{accounts: map[string]migration.Account{c.owned: {}}}
			delete(old.accounts, "")
			e := event(t, cognito.PreSignUpSignUp, c.userName, c.attributes)
			err := newHandler(Config{Guard: guard{source: old}}, nil)(t.Context(), e)
			if c.owned != "" {
				checkRefused(t, err, ownedElsewhere)
			} else if err != nil {
				t.Error(err)
			}
			if !slices.Equal(old.asked, c.asked) {
				t.Errorf("asked about %q, want %q", old.asked, c.asked)
			}
		})
	}
}

// An administrator knows whom to create, and a federated user signs in without a name that a user of the old system
// could type.
func TestGuardIsForSelfSignUp(t *testing.T) {
	for _, source := range []string{cognito.PreSignUpAdminCreateUser, cognito.PreSignUpExternalProvider} {
		old := &oldSystem{accounts: map[string]migration.Account{"ines@example.org": {}}}
		e := event(t, source, "Google_1", `"email":"ines@example.org"`)
		if err := newHandler(Config{Guard: guard{source: old}}, nil)(t.Context(), e); err != nil || len(old.asked) != 0 {
			t.Errorf("%s: asked about %q, error %v", source, old.asked, err)
		}
	}
}

func TestGuardWhenTheOldSystemIsDown(t *testing.T) {
	payload := event(t, cognito.PreSignUpSignUp, "ines", `"email":"ines-1987@example.org"`).Raw()
	for name, c := range map[string]struct {
		open bool
		want string
	}{
		"closed": {want: trigger.GenericMessage(triggertest.RequestID)},
		"open":   {open: true},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			before := slog.Default()
			t.Cleanup(func() { slog.SetDefault(before) })
			trigger.UseLog(&log, settings.FromMap(nil))
			g := guard{source: &oldSystem{err: errors.New("cannot ask about ines-1987@example.org")}, failOpen: c.open}
			handler := triggertest.Wrap(events.PreSignUp, newHandler(Config{Guard: g}, nil))
			got := triggertest.Invoke(t, handler, payload)
			if got.Error != c.want || c.open && !bytes.Equal(got.Answer, payload) {
				t.Errorf("answer %s, error %q", got.Answer, got.Error)
			}
			if !strings.Contains(log.String(), "cannot ask") || strings.Contains(log.String(), "1987") {
				t.Errorf("log: %s", log.String())
			}
		})
	}
}

func TestGuardSettings(t *testing.T) {
	good := map[string]string{
		"MIGRATION_SOURCE": "user-pool", "MIGRATION_CLIENT_ID": "1example",
		"MIGRATION_POOL_ARN": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_OldPool",
	}
	for name, c := range map[string]struct {
		setting, value string
		want           string
	}{
		"right":     {setting: "MIGRATION_GUARD_FAILS", value: "open"},
		"neither":   {setting: "MIGRATION_GUARD_FAILS", value: "ajar", want: "use one of closed, open"},
		"as an app": {setting: "MIGRATION_AS_APP", value: "true", want: "tells nothing about its users"},
		"no client": {setting: "MIGRATION_CLIENT_ID", value: "", want: "is not set"},
	} {
		t.Run(name, func(t *testing.T) {
			environment := triggertest.NoAWS(t)
			maps.Copy(environment, good)
			environment[c.setting] = c.value
			env := settings.FromMap(environment)
			g := readGuard(env)
			err := env.Err()
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("problems %v, want %q", err, c.want)
			}
			if err == nil && (g.source == nil || !g.failOpen) {
				t.Errorf("guard %+v", g)
			}
		})
	}
}
