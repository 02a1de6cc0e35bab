package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/trigger"
)

// guard keeps names and addresses free that users of an old system sign in with, until user-migration has made them.
// Somebody else who registered one first would keep its owner from coming.
type guard struct {
	source   migration.Directory // nil without a source
	failOpen bool                // whether people may register while the source cannot be asked
}

// ownedElsewhere does not say by whom. Sign-up reveals in any case that a name is taken.
var ownedElsewhere = signup.Refusal{
	Rule: "OwnedInOldSystem", Text: "You already have an account: sign in with it instead",
}

// check asks the source about everything that the user could sign in with.
func (g guard) check(ctx context.Context, e *events.PreSignUpEvent) error {
	if g.source == nil {
		return nil
	}
	for _, name := range namesOf(e) {
		account, err := g.source.LookUp(ctx, name)
		switch {
		case errors.Is(err, migration.ErrUnknown):
		case err != nil && g.failOpen:
			slog.WarnContext(ctx, "the old system was not asked whether it owns a name: the sign-up goes on", "error", err)
			trigger.Count(ctx, "MigrationGuardSkipped")
			return nil
		case err != nil:
			return fmt.Errorf("ask the old system whether it owns a name: %w", err)
		case account.Owns():
			return refuse(ctx, ownedElsewhere)
		}
	}
	return nil
}

// namesOf lists what the user could sign in with, each once. Where users sign in with an address, Cognito gives them a
// UUID as name, which nobody types.
func namesOf(e *events.PreSignUpEvent) []string {
	attributes := e.Request.UserAttributes
	candidates := []string{attributes["email"], attributes["phone_number"], attributes["preferred_username"]}
	if _, err := uuid.Parse(e.UserName); err != nil {
		candidates = append(candidates, e.UserName)
	}
	var names []string
	seen := map[string]bool{"": true}
	for _, name := range candidates {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}
