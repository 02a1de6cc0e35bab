// Command pre-token-generation decides which claims, scopes and groups a user's tokens carry. Cognito calls it before
// it issues tokens: after managed login or a federated sign-in (TokenGeneration_HostedAuth), after an API sign-in
// (TokenGeneration_Authentication), a first password (TokenGeneration_NewPasswordChallenge) or a remembered device
// (TokenGeneration_AuthenticateDevice), at every refresh (TokenGeneration_RefreshTokens), and with event version V3_0
// for machine clients (TokenGeneration_ClientCredentials).
//
// The claims come from rules that are data, see shared/claims. The trigger also creates the profile of a user who has
// none: users created by an administrator never run the post confirmation trigger, and that trigger lets users through
// while the store is down.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cognito-triggers/shared/claims"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/trigger"
)

type handler struct {
	config   Config
	profiles profiles // nil if no table is set
	now      func() time.Time
}

func newHandler(config Config,
	store profiles) trigger.Handler[events.PreTokenGenerationRequest, events.PreTokenGenerationResponse] {
	h := handler{config, store, time.Now}
	return h.handle
}

func (h handler) handle(ctx context.Context, e *events.PreTokenGenerationEvent) error {
	in := claims.NewInput(e)
	if h.profiles != nil && !in.Machine {
		h.addProfile(ctx, e, in)
	}
	override, err := h.config.Rules.Evaluate(in)
	if err != nil {
		trigger.Count(ctx, "SignInsFailedWithoutProfile")
		return fmt.Errorf("claims: %w", err)
	}
	for _, omission := range override.Omitted {
		trigger.Count(ctx, "ClaimsOmitted")
		slog.WarnContext(ctx, "a rule was left out", "rule", omission.Place, "reason", omission.Reason)
	}
	if err := override.CheckBudget(in, h.config.BudgetBytes); err != nil {
		return refuse(ctx, err)
	}
	e.Response = override.Response(in.Version)
	return nil
}

// tooMuch is the text for the user. It has no numbers: an administrator decides what to remove, and the log has the
// sizes.
const tooMuch = "This account has more groups and claims than a token can hold. Please contact support"

func refuse(ctx context.Context, err error) error {
	var over *claims.BudgetError
	if errors.As(err, &over) {
		slog.ErrorContext(ctx,
			"claims over budget: shorten or remove groups, suppress cognito:groups, or raise CLAIMS_BUDGET_BYTES",
			"token", string(over.Token), "size", over.Size, "budget", over.Budget, "unit", over.Unit)
	}
	trigger.Count(ctx, "ClaimsOverBudget")
	return trigger.Reject(tooMuch)
}
