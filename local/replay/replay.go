// Package replay sends test events to the compiled functions of triggers/ and api/ through the Lambda Runtime API,
// against a real DynamoDB API, and checks the answers against the golden set and Cognito's own rules.
package replay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/stack"
	"cognito-triggers/shared/cognito/answer"
	"cognito-triggers/shared/functionlog"
	"cognito-triggers/shared/golden"
)

// Result is the result of one case.
type Result struct {
	Case     golden.Case
	Outcome  golden.Outcome
	Duration time.Duration
	Cold     bool
	Err      error // why the case failed; nil if it passed
}

// Run replays the cases sequentially and reports each result.
func Run(ctx context.Context, s *stack.Stack, cases []golden.Case, tell func(Result)) error {
	for _, c := range cases {
		if err := ctx.Err(); err != nil {
			return err
		}
		tell(One(ctx, s, c))
	}
	return s.CloseRunners()
}

// One replays a case after preparing its pool, profile and tables. It does not compare mails and SMS. A case whose
// event Cognito would not send fails; see golden.Case.CheckEvent.
func One(ctx context.Context, s *stack.Stack, c golden.Case) Result {
	r := Result{Case: c}
	function, err := s.Function(c.Trigger)
	if err != nil {
		r.Err = err
		return r
	}
	if r.Err = c.CheckEvent(function.Hook); r.Err != nil {
		return r
	}
	tables, err := tablesOf(s).with(ctx, c)
	if err != nil {
		r.Err = err
		return r
	}
	if r.Err = errors.Join(s.Prepare(ctx, c), tables.seed(ctx, c)); r.Err != nil {
		return r
	}
	environment, err := s.WithGoldenKey(c.Config.Environment)
	if err != nil {
		r.Err = err
		return r
	}
	runner, err := s.Runner(c.Trigger, environment)
	if err != nil {
		r.Err = err
		return r
	}
	result, err := runner.Invoke(ctx, c.Event)
	r.Duration, r.Cold = result.Duration+result.Init, result.Cold
	if r.Outcome, r.Err = OutcomeOf(result, err); r.Err == nil {
		r.Err = check(ctx, s, tables, c, r.Outcome)
	}
	if r.Err != nil {
		r.Err = withLog(r.Err, result)
	}
	return r
}

// withLog adds the function's own log to the reason of a failure: the error that the user reads does not say why.
func withLog(err error, result lambdaruntime.Result) error {
	var lines []string
	for _, line := range result.Log {
		if line = line.Parsed(); line.Level != functionlog.Metrics {
			lines = append(lines, "  "+strings.ReplaceAll(line.Body(), "\n", "\n  "))
		}
	}
	var crash *lambdaruntime.CrashError
	var start *lambdaruntime.InitError
	if len(lines) == 0 || errors.As(err, &crash) || errors.As(err, &start) { // these have the last lines
		return err
	}
	return fmt.Errorf("%w\nthe function's log:\n%s", err, strings.Join(lines, "\n"))
}

// OutcomeOf converts a runner's result to an outcome. It returns an error for a timeout or a dead process.
func OutcomeOf(result lambdaruntime.Result, err error) (golden.Outcome, error) {
	var refused *lambdaruntime.FunctionError
	switch {
	case errors.As(err, &refused):
		return golden.Outcome{Error: refused.Message, RequestID: result.RequestID}, nil
	case err != nil:
		return golden.Outcome{}, err
	}
	return golden.Outcome{Answer: result.Payload, RequestID: result.RequestID}, nil
}

func check(ctx context.Context, s *stack.Stack, tables Tables, c golden.Case, got golden.Outcome) error {
	errs := []error{c.Check(got)}
	if got.Error == "" {
		errs = append(errs, CheckAnswer(s, c, got.Answer))
	}
	if c.Want.Profile != nil {
		stored, err := s.StoredProfile(ctx, c)
		errs = append(errs, err, c.CheckProfile(stored))
	}
	return errors.Join(append(errs, tables.check(ctx, c))...)
}

func tablesOf(s *stack.Stack) Tables { return Tables{DB: s.DynamoDB, Names: s.TableNames()} }

// CheckAnswer checks a trigger's answer against Cognito's own rules.
func CheckAnswer(s *stack.Stack, c golden.Case, given []byte) error {
	if golden.IsRequest(c.Event) {
		return nil
	}
	if problems := answer.Check(c.Event, given, poolOf(s, c)); len(problems) > 0 {
		return fmt.Errorf("an answer that Cognito would refuse:\n%s", answer.Join(problems))
	}
	return nil
}

func poolOf(s *stack.Stack, c golden.Case) answer.Pool {
	setting := c.Config.Environment["EMAIL_SENDING_ACCOUNT"]
	if function, err := s.Function(c.Trigger); setting == "" && err == nil {
		setting = function.Environment["EMAIL_SENDING_ACCOUNT"]
	}
	return answer.Pool{SendsThroughSES: setting == "DEVELOPER"}
}
