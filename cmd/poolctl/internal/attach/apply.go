package attach

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Apply carries out a plan. It grants permissions first, so that the pool never calls a function that it may not
// invoke, then updates the pool, checks that nothing else changed, and finally revokes permissions that are no longer
// needed.
func (c Clients) Apply(ctx context.Context, p *Plan) error {
	for i, grant := range p.grants {
		if err := c.grant(ctx, grant); err != nil {
			return errors.Join(fmt.Errorf("%w. The user pool was not changed", err), c.undo(ctx, p.grants[:i]))
		}
	}
	if len(p.changes) > 0 {
		if err := c.change(ctx, p); err != nil {
			return err
		}
	}
	var problems []error
	for _, revoked := range p.revokes {
		problems = append(problems, c.revoke(ctx, revoked))
	}
	return errors.Join(problems...)
}

// undo revokes permissions granted for an update that failed. Those that replaced a wrong statement of ours stay.
func (c Clients) undo(ctx context.Context, grants []permission) error {
	ctx = context.WithoutCancel(ctx) // clean up even after an interrupt
	var problems []error
	for _, grant := range grants {
		if !grant.replaces {
			problems = append(problems, c.revoke(ctx, grant))
		}
	}
	return errors.Join(problems...)
}

func (c Clients) change(ctx context.Context, p *Plan) error {
	now, err := c.read(ctx, p.pool.id)
	if err == nil {
		err = unchanged(p.pool, now)
	}
	if err != nil {
		return errors.Join(err, c.undo(ctx, p.grants))
	}
	if err := c.update(ctx, p.pool.id, p.body); err != nil {
		if refused(err) {
			return errors.Join(fmt.Errorf("the update was refused, and the user pool was not changed: %w", err),
				c.undo(ctx, p.grants))
		}
		return fmt.Errorf("it is unknown whether the user pool was changed; run the command again: %w", err)
	}
	return c.verify(ctx, p)
}

// refused reports whether the service rejected the request, as opposed to an error that leaves the outcome unknown.
func refused(err error) bool {
	var answer interface{ HTTPStatusCode() int }
	return errors.As(err, &answer) && answer.HTTPStatusCode()/100 == 4
}

// unchanged returns an error if somebody else changed the pool since the plan was made.
func unchanged(before, now target) error {
	all, err := compareTargets(before, now, before.triggers)
	if err != nil || len(all) == 0 {
		return err
	}
	return fmt.Errorf(
		"somebody else changed the user pool after it was read, so it was left alone; run the command again:\n  %s",
		strings.Join(all, "\n  "))
}

// verify reads the pool again and reports every difference from the plan.
func (c Clients) verify(ctx context.Context, p *Plan) error {
	after, err := c.read(ctx, p.pool.id)
	if err != nil {
		return fmt.Errorf("the triggers were changed, but the pool could not be read again to check the rest: %w", err)
	}
	all, err := compareTargets(p.pool, after, p.wanted)
	if err != nil || len(all) == 0 {
		return err
	}
	return fmt.Errorf("THE USER POOL IS NOT AS IT SHOULD BE AFTER THE UPDATE. Set these back by hand:\n  %s",
		strings.Join(all, "\n  "))
}

// compareTargets lists the unexpected differences between two readings of a pool; the later one should have these
// triggers.
func compareTargets(before, after target, triggers lambdas) ([]string, error) {
	old, now := maps.Clone(before.settings), maps.Clone(after.settings)
	_, oldErr := dropUnusedDays(old)
	_, nowErr := dropUnusedDays(now)
	wanted, wantedErr := canonical(triggers)
	got, gotErr := canonical(after.triggers)
	if err := errors.Join(oldErr, nowErr, wantedErr, gotErr); err != nil {
		return nil, err
	}
	settings, settingsErr := differences(old, now, slices.Concat(volatile, []string{lambdaConfig})...)
	hooks, hooksErr := differences(wanted, got)
	factors, factorsErr := differences(before.factors, after.factors)
	for i := range hooks {
		hooks[i] = lambdaConfig + "." + hooks[i]
	}
	for i := range factors {
		factors[i] = "second factors (GetUserPoolMfaConfig): " + factors[i]
	}
	return slices.Concat(settings, hooks, factors), errors.Join(settingsErr, hooksErr, factorsErr)
}
