package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/events/sample"
	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/scrub/scrubtest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

// old is a source with one account, or an error.
type old struct {
	account migration.Account
	err     error
	own     string // the ID of the pool that it is
}

func (o old) SignIn(context.Context, string, string) (migration.Account, error) {
	return o.account, o.err
}
func (o old) LookUp(context.Context, string) (migration.Account, error) { return o.account, o.err }
func (o old) IsPool(id string) bool                                     { return o.own == id }

func config() Config {
	return Config{Rules: migration.Rules{
		Mapping: migration.Mapping{"email": "email", "name": "name"}, Policy: migration.Policy{MinimumLength: 6},
	}}
}

// deliver sends the sample event of a source and returns the error that the user reads, the answer and the log.
func deliver(t *testing.T, o old, source string) (refused, answer, logged string) {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	trigger.UseLog(&log, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
	event, err := sample.Event(source, "")
	if err != nil {
		t.Fatal(err)
	}
	var metrics bytes.Buffer
	handler := trigger.New(events.UserMigration, newHandler(config(), o), &metrics)
	got := triggertest.Invoke(t, handler, event)
	return got.Error, string(got.Answer), log.String() + metrics.String()
}

const samplePassword = "correct horse battery staple"

// Neither the event's values nor what the source tells reach the log or an error, whatever comes of it.
func TestLogHoldsNothingOfTheUser(t *testing.T) {
	private := []string{samplePassword, "ines@example.org", "Moreau-1987", "leon@example.org"}
	text := "cannot decide about ines@example.org" // a source's error must not have more, see package migration
	known := migration.Account{
		Attributes: map[string]string{"email": "ines@example.org", "name": "Moreau-1987"},
		Verified:   map[string]bool{"email": true},
	}
	change := func(change func(*migration.Account)) old {
		a := known
		change(&a)
		return old{account: a}
	}
	for name, o := range map[string]old{
		"migrated":      {account: known},
		"down":          {err: errors.New(text)},
		"wrong":         {err: fmt.Errorf("%s: %w", text, migration.ErrWrongPassword)},
		"unknown":       {err: fmt.Errorf("%s: %w", text, migration.ErrUnknown)},
		"disabled":      change(func(a *migration.Account) { a.Disabled = true }),
		"second factor": change(func(a *migration.Account) { a.SecondFactor = true }),
		"other address": change(func(a *migration.Account) {
			a.Attributes = map[string]string{"email": "leon@example.org", "name": "Moreau-1987"}
		}),
	} {
		for _, source := range cognito.UserMigration.Sources() {
			t.Run(name+", "+source, func(t *testing.T) {
				o := o
				if o.err != nil && source == cognito.UserMigrationAuthentication {
					o.err = fmt.Errorf("%w with %s", o.err, samplePassword)
				}
				refused, answer, log := deliver(t, o, source)
				for _, value := range private {
					if strings.Contains(log, value) {
						t.Errorf("%s is in the log: %s", value, log)
					}
					if strings.Contains(refused, value) {
						t.Errorf("%s is in the error: %s", value, refused)
					}
				}
				_, response, _ := strings.Cut(answer, `"response"`)
				if strings.Contains(response, samplePassword) {
					t.Errorf("the response has the password: %s", response)
				}
			})
		}
	}
}

func TestTextsOfServicesReachNoLog(t *testing.T) {
	for name, failure := range scrubtest.Errors() {
		for _, source := range cognito.UserMigration.Sources() {
			t.Run(name+", "+source, func(t *testing.T) {
				refused, _, log := deliver(t, old{err: fmt.Errorf("read the table of users: %w", failure)}, source)
				if refused != trigger.GenericMessage(triggertest.RequestID) {
					t.Errorf("error %q", refused)
				}
				scrubtest.Check(t, log)
			})
		}
	}
}

// What a user reads does not tell a wrong password from an unknown name, or a disabled account from either.
func TestRefusalsTellNothing(t *testing.T) {
	texts := map[string]bool{}
	for _, o := range []old{
		{err: migration.ErrUnknown}, {err: migration.ErrWrongPassword}, {account: migration.Account{Disabled: true}},
	} {
		refused, _, _ := deliver(t, o, cognito.UserMigrationAuthentication)
		texts[refused] = true
	}
	if len(texts) != 1 || !texts[wrongCredentials] {
		t.Errorf("texts %v", texts)
	}
}

// A pool that migrates from itself would call itself for ever.
func TestOwnPoolIsNoSource(t *testing.T) {
	for _, source := range cognito.UserMigration.Sources() {
		refused, _, log := deliver(t, old{own: "eu-west-1_Qk7Lm2XyZ"}, source)
		if refused != trigger.GenericMessage(triggertest.RequestID) || !strings.Contains(log, "MIGRATION_POOL_ARN") {
			t.Errorf("%s: error %q, log %s", source, refused, log)
		}
	}
}

// No decision and no setting makes the function move an alias, or leave empty texts and lists, which Cognito takes for
// values.
func TestAnswerHasNothingThatWasNotSet(t *testing.T) {
	known := migration.Account{
		Attributes: map[string]string{"email": "ines@example.org"}, Verified: map[string]bool{"email": true},
	}
	for _, welcome := range []bool{true, false} {
		for _, source := range cognito.UserMigration.Sources() {
			for _, reset := range []bool{true, false} {
				event, err := sample.Event(source, "")
				if err != nil {
					t.Fatal(err)
				}
				c := config()
				c.Welcome = welcome
				account := known
				account.ResetRequired = reset
				handler := triggertest.Wrap(events.UserMigration, newHandler(c, old{account: account}))
				got := string(triggertest.Invoke(t, handler, event).Answer)
				for _, wrong := range []string{`"forceAliasCreation":true`, `"forceAliasCreation": true`, `""`, `[]`} {
					_, response, _ := strings.Cut(got, `"response"`)
					if strings.Contains(response, wrong) {
						t.Errorf("%s in %s", wrong, response)
					}
				}
			}
		}
	}
}
