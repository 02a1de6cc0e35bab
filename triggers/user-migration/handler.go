// Command user-migration takes users over from an old system when they first sign in or forget their password. Cognito
// calls it for a name that the pool does not have (UserMigration_Authentication, UserMigration_ForgotPassword).
//
// The source of the settings checks the password or looks the user up, and the rules of shared/migration decide. It
// never moves an alias from a user who has it, and never marks an address as verified that the source has not.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/trigger"
)

// Counters.
const (
	usersMigrated     = "UsersMigrated"           // made, with the password of the sign-in
	resetsRequired    = "MigrationResetsRequired" // made, and have to reset the password
	migrationsRefused = "MigrationsRefused"       // known to the source, and not made
)

// What users read. Wrong passwords and unknown names have the same text, and so have accounts that are disabled.
const (
	wrongCredentials = "Incorrect username or password"
	cannotMove       = "This account cannot be moved to the new sign-in: contact support"
)

type handler struct {
	config Config
	source migration.Source
}

func newHandler(config Config, source migration.Source,
) trigger.Handler[events.UserMigrationRequest, events.UserMigrationResponse] {
	h := handler{config, source}
	return h.handle
}

func (h handler) handle(ctx context.Context, e *events.UserMigrationEvent) error {
	if own, isPool := h.source.(interface{ IsPool(id string) bool }); isPool && own.IsPool(e.UserPoolID) {
		return errors.New("MIGRATION_POOL_ARN is the pool of this event: name the old pool")
	}
	switch e.TriggerSource {
	case cognito.UserMigrationAuthentication:
		return h.signIn(ctx, e)
	case cognito.UserMigrationForgotPassword:
		return h.forgot(ctx, e)
	}
	return errors.New("unknown trigger source: it may need a check that this trigger does not make")
}

func (h handler) signIn(ctx context.Context, e *events.UserMigrationEvent) error {
	if e.Request.Password == "" {
		return trigger.Reject(wrongCredentials) // never hand an empty password to a source
	}
	account, err := h.source.SignIn(ctx, e.UserName, e.Request.Password)
	switch {
	case errors.Is(err, migration.ErrUnknown), errors.Is(err, migration.ErrWrongPassword):
		return trigger.Reject(wrongCredentials)
	case err != nil:
		return fmt.Errorf("sign in at the source: %w", err)
	}
	hide(ctx, account)
	d := h.config.Rules.SignIn(e.UserName, e.Request.Password, account)
	if d.Outcome != migration.Refused {
		h.answer(ctx, e, d)
		return nil
	}
	refuse(ctx, d.Reason)
	if d.Reason == migration.Disabled {
		return trigger.Reject(wrongCredentials)
	}
	return trigger.Reject(cannotMove)
}

// forgot leaves the event unchanged for everybody who cannot come, which to Cognito is a user whom nobody knows: it
// gives the same answer as for one.
func (h handler) forgot(ctx context.Context, e *events.UserMigrationEvent) error {
	account, err := h.source.LookUp(ctx, e.UserName)
	switch {
	case errors.Is(err, migration.ErrUnknown), errors.Is(err, migration.ErrNoLookUp):
		return nil
	case err != nil:
		return fmt.Errorf("look the user up in the source: %w", err)
	}
	hide(ctx, account)
	d := h.config.Rules.Forgot(e.UserName, account)
	if d.Outcome == migration.Refused {
		refuse(ctx, d.Reason)
		return nil
	}
	h.answer(ctx, e, d)
	return nil
}

// answer describes the user. Whether an alias is forced stays unset: it stays with the user who has it, and the
// migration fails. FinalUserStatus stays unset if the password is not taken over: by all that AWS writes, the user then
// has to reset it, while one of its articles has Cognito refuse the word RESET_REQUIRED.
func (h handler) answer(ctx context.Context, e *events.UserMigrationEvent, d migration.Decision) {
	e.Response.UserAttributes = d.Attributes
	if d.Outcome == migration.Migrates {
		e.Response.FinalUserStatus = events.UserConfirmed
		trigger.Count(ctx, usersMigrated)
	} else {
		trigger.Count(ctx, resetsRequired)
		trigger.Note(ctx, "ResetBecause", string(d.Reason))
	}
	if !h.config.Welcome {
		e.Response.MessageAction = events.SuppressMessage
		return
	}
	e.Response.DesiredDeliveryMediums = []string{events.MediumSMS}
	if d.Attributes["email"] != "" {
		e.Response.DesiredDeliveryMediums = []string{events.MediumEmail}
	}
}

func refuse(ctx context.Context, why migration.Reason) {
	trigger.Count(ctx, migrationsRefused)
	trigger.Note(ctx, "RefusedBy", string(why))
	if why != migration.Disabled && why != migration.Unverified {
		slog.WarnContext(ctx, "a user of the source cannot be migrated", "reason", string(why))
	}
}

// hide keeps what the source tells about the user out of the log.
func hide(ctx context.Context, account migration.Account) {
	for _, value := range account.Attributes {
		trigger.Hide(ctx, value)
	}
}
