// Package scenario plays the life of several users against a local user pool, which is what `make run` shows. Through
// the AWS SDK users are refused, sign up, confirm, sign in with password, SRP and are created by an administrator;
// another one uses the HTTP API in front of the pool, one the pool's own pages, and one comes from an old system and
// signs in without a password, on a pool with all triggers. It fails if a step has the wrong outcome or fires the wrong
// triggers.
package scenario

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/local/emulator"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/profile"
)

// World is the environment that the scenario is played on.
type World struct {
	Cognito    *cip.Client
	Server     *userpool.Server // for its inbox and events
	Endpoint   string           // of the server
	UserPoolID string
	ClientID   string // an app client without a secret that allows passwords, SRP and custom challenges
	Profiles   profile.Store
	DynamoDB   *dynamodb.Client
	Table      string             // of the profiles
	Emulator   *emulator.Emulator // nil for none; the scenario needs it, and a table
	Sender     string             // of the welcome mail
	all        allTriggers        // zero for none
	Hosted     Hosted             // zero for none

	APIEndpoint string // of the HTTP API in front of the pool; empty for none
}

// Play runs the scenario and prints each step with the triggers that it fired. It stops at the first failure; the error
// names the step and the reason.
func Play(ctx context.Context, w World, out io.Writer) error {
	if w.Emulator == nil || w.Table == "" {
		return errors.New("the scenario reads profiles and mail, and no function here stores profiles")
	}
	return newPlayer(w, out).playAll(ctx)
}

func newPlayer(w World, out io.Writer) *player {
	return &player{
		World: w,
		out:   out,
		ines:  newPerson("ines", "Ines Moreau"),
		paul:  newPerson("paul", "Paul Weber"),
		rosa:  newPerson("rosa", "Rosa Lind"),
		noor:  newPerson("noor", "Noor Haddad"),
	}
}

// begin counts the profiles that were there before: the table may have been kept.
func (p *player) begin(ctx context.Context) (err error) {
	if records := p.Server.Events().Records(0); len(records) > 0 {
		p.seen = records[len(records)-1].Number
	}
	p.before, err = p.countProfiles(ctx)
	return err
}

func (p *player) playAll(ctx context.Context) error {
	if err := p.begin(ctx); err != nil {
		return err
	}
	for i, step := range allOf() {
		if why := p.lacks(step); why != "" {
			p.skip(i+1, step, why)
			continue
		}
		if err := p.play(ctx, i+1, step); err != nil {
			return fmt.Errorf("step %d, %s: %w", i+1, step.title, err)
		}
	}
	return p.epilogue(ctx)
}

// allOf returns the steps in order.
func allOf() []step { return slices.Concat(steps(), allSteps(), apiSteps(), hostedSteps()) }

// lacks returns why a step cannot be played, "" if it can.
func (p *player) lacks(s step) string {
	switch {
	case s.all && p.lacksTriggers() != "":
		return p.lacksTriggers()
	case s.api && p.APIEndpoint == "":
		return "there is no HTTP API"
	case s.hosted && p.Hosted.url == "":
		return "the pool has no domain, or no app client for it"
	case s.needs != nil:
		return s.needs(p)
	}
	return ""
}

type player struct {
	World
	out              io.Writer
	ines, paul, rosa *person
	noor             *person
	visit            visit         // Noor's
	posted           post          // Rosa's
	calls            []exchanged   // of the HTTP API in the current step
	notes            []string      // to print below the current step
	seen             int           // number of the last event printed
	fired            []fire.Record // in the current step
	shows            bool          // whether a step may differ
	before           int           // profiles that were there
}

// step is one action and the trigger sources that it must fire, in order.
type step struct {
	title string
	do    func(context.Context, *player) error
	fires []string
	all   bool // is played on the pool with all triggers
	api   bool // needs the HTTP API
	// hosted steps need a domain of the pool and an app client for it.
	hosted bool
	// needs returns what earlier steps did not bring about, "" if nothing is missing; nil: nothing is needed.
	needs func(*player) string
}

func (p *player) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

func (p *player) play(ctx context.Context, number int, st step) error {
	p.notes, p.calls = nil, nil
	if st.all {
		defer p.onAllTriggers()()
	}
	err := st.do(ctx, p)
	verdict := "ok"
	p.fired = p.Server.Events().Records(p.seen)
	if err == nil {
		err = wantSources(p.fired, st.fires)
	}
	if err != nil {
		verdict = "FAILED"
		if p.shows {
			verdict = "differs"
		}
	}
	fmt.Fprintf(p.out, "%2d. %-74s %s\n", number, st.title, verdict)
	for _, call := range p.calls {
		fmt.Fprintf(p.out, "      %s\n", call)
	}
	for _, e := range p.fired {
		p.seen = e.Number
		fmt.Fprintf(p.out, "      %-42s %-38s %7.1f ms  %s\n", e.Source, function(e.Function), e.Milliseconds, outcome(e))
	}
	for _, note := range p.notes {
		fmt.Fprintf(p.out, "      %s\n", note)
	}
	return err
}

// families are the triggers that the scenario checks. Others may be attached, too, and are ignored.
var families = []string{
	"PreSignUp_", "CustomMessage_", "PostConfirmation_", "TokenGeneration_", "DefineAuthChallenge_",
	"CreateAuthChallenge_", "VerifyAuthChallengeResponse_", "UserMigration_", "CustomEmailSender_",
}

func wantSources(fired []fire.Record, want []string) error {
	var got []string
	for _, e := range fired {
		if slices.ContainsFunc(families, func(family string) bool { return strings.HasPrefix(e.Source, family) }) {
			got = append(got, e.Source)
		}
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("it fired [%s], want [%s]", strings.Join(got, " "), strings.Join(want, " "))
	}
	return nil
}

func function(arn string) string {
	name, err := fire.FunctionName(arn)
	if err != nil {
		return arn
	}
	return name
}

// answered is the outcome of a record whose function answered as Cognito expects it.
const answered = "ok"

func outcome(e fire.Record) string {
	if e.Outcome == answered {
		return "answered"
	}
	return "refused"
}

// epilogue prints and checks what the steps left behind.
func (p *player) epilogue(ctx context.Context) error {
	count, err := p.countProfiles(ctx)
	if err != nil {
		return err
	}
	mails, err := p.Emulator.SentEmails(ctx)
	if err != nil {
		return fmt.Errorf("read the sent mail: %w", err)
	}
	welcomes := 0
	for _, mail := range mails {
		if slices.Contains(mail.To, p.ines.email) && mail.From == p.Sender {
			welcomes++
		}
	}
	count -= p.before
	fmt.Fprintf(p.out, "\nStored profiles: %d. Welcome e-mails that SES received for Ines: %d.\n", count, welcomes)
	if p.ines.tokens.accessRaw != "" {
		fmt.Fprintf(p.out, "Her access token's claims: %s\n", p.ines.tokens.shown())
	}
	var errs []error
	users := 2
	if p.APIEndpoint != "" {
		users++
	}
	if p.all.old != nil {
		users++
	}
	if p.Hosted.url != "" {
		users++
	}
	if count != users {
		errs = append(errs, fmt.Errorf("%d profiles are stored, want one per user (%d)", count, users))
	}
	if welcomes != 1 {
		errs = append(errs, fmt.Errorf("SES received %d welcome mails for Ines, want 1 after sign-up and password reset",
			welcomes))
	}
	return errors.Join(errs...)
}

func (p *player) countProfiles(ctx context.Context) (int, error) {
	out, err := p.DynamoDB.Scan(ctx, &dynamodb.ScanInput{TableName: &p.Table, Select: types.SelectCount})
	if err != nil {
		return 0, fmt.Errorf("count the stored profiles: %w", err)
	}
	return int(out.Count), nil
}
