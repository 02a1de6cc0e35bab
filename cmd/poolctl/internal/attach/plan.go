package attach

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"cognito-triggers/shared/cognito"
)

// Plan describes the changes to a pool and holds everything needed to apply them.
type Plan struct {
	pool    target
	changes []change
	grants  []permission // before the update
	revokes []permission // after the update
	notes   []string
	body    document // UpdateUserPool's request
	wanted  lambdas
}

// target is a pool's state when it was read.
type target struct {
	id, arn, name, account, region string
	settings, factors              document
	triggers                       lambdas
}

type change struct {
	hook        cognito.Hook
	before, now cognito.Function // without an ARN: nothing is attached
}

// Empty reports whether the plan changes nothing.
func (p *Plan) Empty() bool { return len(p.changes)+len(p.grants)+len(p.revokes) == 0 }

// Write prints the plan for people.
func (p *Plan) Write(w io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, "user pool %s %q\n", p.pool.id, p.pool.name)
	if p.Empty() {
		text.WriteString("nothing to change\n")
	}
	section(&text, "lambda_config", len(p.changes))
	for _, c := range p.changes {
		switch {
		case c.before.ARN == "":
			fmt.Fprintf(&text, "    + %s: %s\n", c.hook, c.now)
		case c.now.ARN == "":
			fmt.Fprintf(&text, "    - %s: %s\n", c.hook, c.before)
		default:
			fmt.Fprintf(&text, "    ~ %s: %s\n      %s-> %s\n", c.hook, c.before, strings.Repeat(" ", len(c.hook)-1), c.now)
		}
	}
	section(&text, "permissions", len(p.grants)+len(p.revokes))
	for _, grant := range p.grants {
		sign := "+"
		if grant.replaces {
			sign = "~"
		}
		fmt.Fprintf(&text, "    %s %s may be invoked by this pool (statement %s)\n", sign, grant, grant.id)
	}
	for _, revoked := range p.revokes {
		fmt.Fprintf(&text, "    - %s may be invoked by this pool (statement %s)\n", revoked, revoked.id)
	}
	if len(p.changes) > 0 {
		others := len(p.body) - 2 // without UserPoolId and LambdaConfig
		fmt.Fprintf(&text, "  all other settings (%d) are sent back unchanged\n", others)
	}
	for _, note := range p.notes {
		fmt.Fprintf(&text, "  note: %s\n", note)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func section(w io.Writer, title string, lines int) {
	if lines > 0 {
		fmt.Fprintf(w, "  %s\n", title)
	}
}

// read reads a pool, including the MFA settings that DescribeUserPool does not return. The triggers come last: the less
// time passes until an update, the fewer changes of others it can undo.
func (c Clients) read(ctx context.Context, poolID string) (target, error) {
	pool := target{}
	var err error
	if pool.factors, err = c.factors(ctx, poolID); err != nil {
		return target{}, err
	}
	if pool.settings, err = c.describe(ctx, poolID); err != nil {
		return target{}, err
	}
	if pool.triggers, err = lambdasOf(pool.settings); err != nil {
		return target{}, err
	}
	err = errors.Join(decode(pool.settings, "Id", &pool.id), decode(pool.settings, "Arn", &pool.arn),
		decode(pool.settings, "Name", &pool.name))
	if err != nil {
		return target{}, err
	}
	parsed, parseErr := arn.Parse(pool.arn)
	if parseErr != nil || pool.id != poolID || pool.name == "" {
		return target{}, fmt.Errorf("the description of user pool %s lacks its Id, Name or Arn", poolID)
	}
	pool.account, pool.region = parsed.AccountID, parsed.Region
	return pool, nil
}

// finish completes a plan with the update request and the permissions to revoke.
func (c Clients) finish(ctx context.Context, p *Plan, ours []permission) (*Plan, error) {
	var err error
	if p.body, p.notes, err = request(p.pool.settings, p.wanted); err != nil {
		return nil, err
	}
	for _, one := range ours {
		if !one.neededBy(p.wanted) {
			p.revokes = append(p.revokes, one)
		}
	}
	return p, nil
}

// PlanAttach finds the functions and plans to attach them. If a hook already has another function, it returns an error
// unless replace is set.
func (c Clients) PlanAttach(ctx context.Context, poolID string, triggers []Trigger, replace bool) (*Plan, error) {
	pool, err := c.read(ctx, poolID)
	if err != nil {
		return nil, err
	}
	p := &Plan{pool: pool, wanted: pool.triggers.Clone()}
	ours, err := c.ours(ctx, pool, pool.triggers.ARNs())
	if err != nil {
		return nil, err
	}
	var problems []error
	for _, t := range triggers {
		problems = append(problems, c.add(ctx, p, t, func(other string) bool { return replace || isOurs(ours, other) }))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return c.finish(ctx, p, ours)
}

// add adds one trigger to the plan. mayReplace reports whether it may replace the function now on its hook.
func (c Clients) add(ctx context.Context, p *Plan, t Trigger, mayReplace func(arn string) bool) error {
	if err := fits(p.pool, t); err != nil {
		return fmt.Errorf("%s: %w", t.Name, err)
	}
	function, err := c.find(ctx, p.pool, t)
	if err != nil {
		return fmt.Errorf("%s: %w", t.Name, err)
	}
	now := cognito.Function{ARN: function}
	if t.Hook.Contract().Versioned {
		now.Version = t.Version
	}
	before, set := p.wanted.Function(t.Hook)
	if set && before.ARN != function && !mayReplace(before.ARN) {
		return fmt.Errorf(
			"%s: the pool calls another function on %s: %s. Nothing was changed; --replace puts %s in its place", t.Name, t.Hook,
			before, now)
	}
	if before != now {
		p.changes = append(p.changes, change{hook: t.Hook, before: before, now: now})
		p.wanted.Set(t.Hook, now)
	}
	grant := newPermission(function, p.pool.id, p.pool.arn, p.pool.account)
	there, right, err := c.standing(ctx, grant)
	if err != nil || right || isOurs(p.grants, function) {
		return err
	}
	grant.replaces = there
	p.grants = append(p.grants, grant)
	return nil
}

// PlanDetach plans to empty the given hooks; without any, those with a function that attach put there.
func (c Clients) PlanDetach(ctx context.Context, poolID string, hooks []cognito.Hook) (*Plan, error) {
	pool, err := c.read(ctx, poolID)
	if err != nil {
		return nil, err
	}
	p := &Plan{pool: pool, wanted: pool.triggers.Clone()}
	ours, err := c.ours(ctx, pool, pool.triggers.ARNs())
	if err != nil {
		return nil, err
	}
	for _, hook := range cognito.Hooks() {
		function, set := pool.triggers.Function(hook)
		asked := slices.Contains(hooks, hook) || len(hooks) == 0 && isOurs(ours, function.ARN)
		if set && function.ARN != "" && asked {
			p.wanted.Remove(hook)
			p.changes = append(p.changes, change{hook: hook, before: function})
		}
	}
	return c.finish(ctx, p, ours)
}
