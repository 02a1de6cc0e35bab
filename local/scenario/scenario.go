// Package scenario plays one user's life through the compiled triggers: refused, signed up, told the code in two
// languages, confirmed twice, signed in. It is what `make run` shows, and it fails where a step does not do what it must.
package scenario

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/local/emulator"
	"cognito-triggers/local/replay"
	"cognito-triggers/local/stack"
	"cognito-triggers/shared/profile"
	"cognito-triggers/testevents"
)

// Play runs the scenario on a stack and prints each step. The error says which step failed and why; the steps after it
// are not played.
func Play(ctx context.Context, s *stack.Stack, out io.Writer) error {
	p := &player{stack: s, out: out, user: newPerson()}
	if err := s.Emulator.VerifyEmailIdentity(ctx, welcomeFrom); err != nil {
		return fmt.Errorf("verify the sender's address: %w", err)
	}
	fmt.Fprintf(out, "%s %-21s %-32s %-10s %s\n", "    ", "trigger", "source", "outcome", "time")
	for _, step := range steps() {
		if err := p.play(ctx, step); err != nil {
			return fmt.Errorf("step %q: %w", step.title, err)
		}
	}
	return p.epilogue(ctx)
}

type player struct {
	stack  *stack.Stack
	out    io.Writer
	user   person
	number int
	detail string          // what a step's check has to show
	tokens json.RawMessage // the last pre token generation answer's response
}

const welcomeFrom = "welcome@example.com"

// step is one event for the user, made from a golden one, and what must come of it.
type step struct {
	title    string
	trigger  string
	golden   string            // the golden event that it is made from
	asIs     bool              // the golden event is another person's: do not change it
	settings map[string]string // over those of the golden event
	before   func(context.Context, *player) error
	check    func(*player, testevents.Outcome) error
}

// play sends the step's event and checks what came of it.
func (p *player) play(ctx context.Context, st step) error {
	if st.before != nil {
		if err := st.before(ctx, p); err != nil {
			return err
		}
	}
	golden, err := p.golden(st)
	if err != nil {
		return err
	}
	environment := maps.Clone(golden.Config.Environment)
	if environment == nil {
		environment = map[string]string{}
	}
	maps.Copy(environment, st.settings)
	runner, err := p.stack.Runner(st.trigger, environment)
	if err != nil {
		return err
	}
	p.detail = ""
	result, err := runner.InvokeAsCognito(ctx, golden.Event)
	outcome, err := replay.OutcomeOf(result.Result, err)
	if err == nil {
		err = st.check(p, outcome)
	}
	p.print(st, golden, outcome, result.Duration+result.Init, err)
	return err
}

func (p *player) golden(st step) (testevents.Case, error) {
	cases, err := testevents.Load(os.DirFS(filepath.Join(p.stack.Root, "testevents")), st.trigger)
	if err != nil {
		return testevents.Case{}, err
	}
	for _, c := range cases {
		if c.Name == st.golden {
			if !st.asIs {
				c.Event, err = p.user.dress(c.Event)
			}
			return c, err
		}
	}
	return testevents.Case{}, fmt.Errorf("testevents/%s has no event %s", st.trigger, st.golden)
}

func (p *player) print(st step, golden testevents.Case, got testevents.Outcome, took time.Duration, err error) {
	p.number++
	outcome := "answered"
	switch {
	case err != nil:
		outcome = "FAILED"
	case got.Error != "":
		outcome = "refused"
	case string(got.Answer) == string(golden.Event):
		outcome = "passed"
	}
	fmt.Fprintf(p.out, "%3d. %-21s %-32s %-10s %6.1f ms  %s\n", p.number, st.trigger, source(golden.Event), outcome, float64(took.Microseconds())/1000, st.title)
	if p.detail != "" {
		fmt.Fprintf(p.out, "     %s\n", p.detail)
	}
}

// epilogue shows what the steps left behind: one profile, one welcome mail, the claims.
func (p *player) epilogue(ctx context.Context) error {
	stored, err := p.stack.Profiles.Get(ctx, p.user.key())
	if err != nil {
		return fmt.Errorf("read the stored profile: %w", err)
	}
	count, err := p.countProfiles(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "\nStored profiles: %d\n%s\n", count, pretty(stored))
	mails, err := p.stack.Emulator.SentEmails(ctx)
	if err != nil {
		return fmt.Errorf("read the sent mail: %w", err)
	}
	mails = toUser(mails, p.user.email)
	fmt.Fprintf(p.out, "\nE-mails that SES received for the user: %d\n", len(mails))
	for _, mail := range mails {
		fmt.Fprintf(p.out, "  from    %s\n  to      %s\n  subject %s\n", mail.From, p.user.email, mail.Subject)
	}
	fmt.Fprintf(p.out, "\nClaims that the tokens get\n%s\n", pretty(p.tokens))
	var errs []error
	if count != 1 {
		errs = append(errs, fmt.Errorf("%d profiles are stored, want 1 after two confirmations", count))
	}
	if len(mails) != 1 {
		errs = append(errs, fmt.Errorf("SES received %d welcome mails, want 1 after two confirmations", len(mails)))
	}
	return errors.Join(errs...)
}

func (p *player) countProfiles(ctx context.Context) (int, error) {
	out, err := p.stack.DynamoDB.Scan(ctx, &dynamodb.ScanInput{TableName: &p.stack.Table, Select: types.SelectCount})
	if err != nil {
		return 0, fmt.Errorf("count the stored profiles: %w", err)
	}
	return int(out.Count), nil
}

func toUser(mails []emulator.Email, address string) []emulator.Email {
	var own []emulator.Email
	for _, mail := range mails {
		for _, to := range mail.To {
			if to == address {
				own = append(own, mail)
			}
		}
	}
	return own
}

// grantPlan is the back office's work: it writes what no user can into the profile.
func grantPlan(plan string) func(context.Context, *player) error {
	return func(ctx context.Context, p *player) error {
		_, err := p.stack.DynamoDB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName:                 &p.stack.Table,
			Key:                       map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: p.user.key().String()}},
			ConditionExpression:       ptr("attribute_exists(pk)"),
			UpdateExpression:          ptr("SET attributes.#plan = :plan"),
			ExpressionAttributeNames:  map[string]string{"#plan": "plan"},
			ExpressionAttributeValues: map[string]types.AttributeValue{":plan": &types.AttributeValueMemberS{Value: plan}},
		})
		if err != nil {
			return fmt.Errorf("write the plan into the profile: %w", err)
		}
		return nil
	}
}

func ptr(s string) *string { return &s }

func pretty(value any) string {
	text, err := json.MarshalIndent(value, "  ", "  ")
	if err != nil {
		return err.Error()
	}
	return "  " + string(text)
}

func (u person) key() profile.Key { return profile.Key{UserPoolID: u.pool, Sub: u.sub} }
