package lambdaruntime

import (
	"context"
	"errors"
)

// DefaultAttempts is how often Cognito was observed to call a trigger for one request. Its guide once gave this number
// and now gives none.
const DefaultAttempts = 3

// Attempt is the result of one call of a trigger.
type Attempt struct {
	Result
	Err error
}

// CognitoResult is the result of an event delivered as Cognito does: the last attempt's result, and all attempts in
// order.
type CognitoResult struct {
	Result
	Attempts []Attempt
}

// InvokeAsCognito delivers the event with DeliverAsCognito and DefaultAttempts, so a handler may run up to three times.
// Each attempt has its own request ID; the error is the last attempt's.
func (r *Runner) InvokeAsCognito(ctx context.Context, event []byte) (CognitoResult, error) {
	var all CognitoResult
	err := DeliverAsCognito(DefaultAttempts, func() error {
		result, err := r.Invoke(ctx, event)
		all.Result = result
		all.Attempts = append(all.Attempts, Attempt{result, err})
		return err
	})
	return all, err
}

// DeliverAsCognito calls attempt as a user pool calls a trigger: again, up to this number of attempts, if the trigger
// does not answer within 5 s, or its process dies or does not start. A function that returns an error is not called
// again. The error is the last attempt's.
//
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
func DeliverAsCognito(attempts int, attempt func() error) error {
	for made := 1; ; made++ {
		if err := attempt(); made >= attempts || !repeatable(err) {
			return err
		}
	}
}

// repeatable reports whether Cognito may call again after the error, which is either a Runner's or Lambda's equivalent,
// reported as a function error.
func repeatable(err error) bool {
	var only *onlyAttempt
	if errors.As(err, &only) {
		return false
	}
	var crash *CrashError
	var start *InitError
	if errors.Is(err, ErrTimeout) || errors.As(err, &crash) || errors.As(err, &start) {
		return true
	}
	var function *FunctionError
	if !errors.As(err, &function) {
		return false
	}
	switch function.Type {
	case "Runtime.ExitError", "Runtime.InvalidEntrypoint", "Sandbox.Timedout":
		return true
	}
	return false
}
