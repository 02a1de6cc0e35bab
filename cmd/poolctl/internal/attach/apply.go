package attach

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"cognito-triggers/shared/cognito"
)

// Apply carries out a plan. It grants permissions first, so that the pool never calls a function that it may not
// invoke, then updates the pool, checks that nothing else changed and that the triggers stay, and finally revokes
// permissions that are no longer needed.
func (c Clients) Apply(ctx context.Context, p *Plan) error {
	for i, grant := range p.grants {
		if err := c.grant(ctx, grant); err != nil {
			return errors.Join(fmt.Errorf("%w. The user pool was not changed", err), c.undo(ctx, p.grants[:i]))
		}
	}
	still := p.wanted
	if len(p.changes) > 0 {
		after, err := c.change(ctx, p)
		if err != nil {
			return err
		}
		still = after.triggers
	}
	var problems []error
	for _, revoked := range p.revokes {
		if !revoked.neededBy(still) { // by a trigger that somebody attached meanwhile
			problems = append(problems, c.revoke(ctx, revoked))
		}
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

// change updates the pool until the triggers stay as planned, and returns the pool's last reading. UpdateUserPool has
// no version: of two programs that read, change and write a pool at the same time, the later one undoes the change of
// the other, and neither gets an error. So this one reads the pool again after a pause in which the other has finished,
// and does its change again if it is gone.
func (c Clients) change(ctx context.Context, p *Plan) (target, error) {
	for try := 1; ; try++ {
		after, err := c.attempt(ctx, p, try == 1)
		var undone *undoneError
		if err == nil || try == maxTries || !errors.As(err, &undone) {
			return after, err
		}
		c.say("somebody else changed the triggers at the same time and undid this change; trying again")
	}
}

// maxTries is how often change sends an update.
const maxTries = 5

// attempt sends the plan's changes once and checks the pool at once and after a pause.
func (c Clients) attempt(ctx context.Context, p *Plan, first bool) (after target, err error) {
	began := time.Now()
	now, err := c.read(ctx, p.pool.id)
	var wanted lambdas
	var body document
	if err == nil {
		wanted, err = p.on(now)
	}
	if err == nil {
		body, _, err = request(now.settings, wanted)
	}
	if err != nil {
		if first {
			err = errors.Join(err, c.undo(ctx, p.grants))
		}
		return target{}, err
	}
	if err := c.update(ctx, p.pool.id, body); err != nil {
		if first && refused(err) {
			return target{}, errors.Join(fmt.Errorf("the update was refused, and the user pool was not changed: %w", err),
				c.undo(ctx, p.grants))
		}
		return target{}, fmt.Errorf("it is unknown whether the user pool was changed; run the command again: %w", err)
	}
	if took := time.Since(began); took > c.pause()/2 {
		c.say(fmt.Sprintf("the update took %v: if another poolctl changed this pool meanwhile, run that one again",
			took.Round(time.Millisecond)))
	}
	return c.verify(ctx, p, now, wanted)
}

// refused reports whether the service rejected the request, as opposed to an error that leaves the outcome unknown.
func refused(err error) bool {
	var answer interface{ HTTPStatusCode() int }
	return errors.As(err, &answer) && answer.HTTPStatusCode()/100 == 4
}

// on returns the triggers that the pool, read again, should have. It returns an error if somebody else changed anything
// but other triggers since the plan was made.
func (p *Plan) on(now target) (lambdas, error) {
	all, err := settingDifferences(p.pool, now)
	if err != nil {
		return lambdas{}, err
	}
	wanted := now.triggers.Clone()
	for _, c := range p.changes {
		if found, _ := now.triggers.Function(c.hook); found != c.before && found != c.now {
			all = append(all, fmt.Sprintf("%s.%s: %s -> %s", lambdaConfig, c.hook, shown(c.before), shown(found)))
		}
		if c.now.ARN == "" {
			wanted.Remove(c.hook)
		} else {
			wanted.Set(c.hook, c.now)
		}
	}
	if len(all) == 0 {
		return wanted, nil
	}
	return lambdas{}, fmt.Errorf(
		"somebody else changed the user pool after it was read, so it was left alone; run the command again:\n  %s",
		strings.Join(all, "\n  "))
}

func shown(f cognito.Function) string {
	if f.ARN == "" {
		return "not set"
	}
	return f.String()
}

// undoneError means that the pool lacks changes of the plan that UpdateUserPool had accepted.
type undoneError struct{ differences []string }

func (e *undoneError) Error() string { return notAsItShouldBe(e.differences).Error() }

func notAsItShouldBe(differences []string) error {
	return fmt.Errorf("THE USER POOL IS NOT AS IT SHOULD BE AFTER THE UPDATE. Set these back by hand:\n  %s",
		strings.Join(differences, "\n  "))
}

// verify reads the pool again and reports every difference from what it should be: at once, and, for the plan's
// triggers, after a pause. The error is an *undoneError if only those differ.
func (c Clients) verify(ctx context.Context, p *Plan, before target, wanted lambdas) (target, error) {
	after, err := c.readAgain(ctx, p)
	if err != nil {
		return target{}, err
	}
	settings, err := settingDifferences(before, after)
	if err != nil {
		return target{}, err
	}
	own, others, err := triggerDifferences(p, wanted, after.triggers)
	switch {
	case err != nil:
		return target{}, err
	case len(settings) > 0:
		return target{}, notAsItShouldBe(slices.Concat(settings, own))
	case len(own) > 0:
		return target{}, &undoneError{own}
	}
	for _, other := range others {
		c.say("somebody else changed another trigger at the same time: " + other)
	}
	if err := c.wait(ctx, c.pause()+rand.N(c.pause()/2)); err != nil {
		return target{}, fmt.Errorf("the triggers were changed, but not checked a second time: %w", err)
	}
	if after, err = c.readAgain(ctx, p); err != nil {
		return target{}, err
	}
	if own, _, err = triggerDifferences(p, wanted, after.triggers); err == nil && len(own) > 0 {
		err = &undoneError{own}
	}
	return after, err
}

func (c Clients) readAgain(ctx context.Context, p *Plan) (target, error) {
	after, err := c.read(ctx, p.pool.id)
	if err != nil {
		return after, fmt.Errorf("the triggers were changed, but the pool could not be read again to check the rest: %w", err)
	}
	return after, nil
}
