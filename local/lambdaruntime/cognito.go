package lambdaruntime

import (
	"context"
	"errors"
)

// cognitoAttempts is how often Cognito was seen to call a trigger for one request. Its guide states no number: "a call
// that can be repeated may be".
const cognitoAttempts = 3

// Attempt is one call of a trigger.
type Attempt struct {
	Result
	Err error
}

// CognitoResult is what became of an event that was delivered as Cognito does: the last attempt's result, and all
// attempts in order.
type CognitoResult struct {
	Result
	Attempts []Attempt
}

// InvokeAsCognito delivers the event by DeliverAsCognito. So one event can do a handler's work up to three times; each
// attempt has a request id of its own, and the error is the last one's.
func (r *Runner) InvokeAsCognito(ctx context.Context, event []byte) (CognitoResult, error) {
	var all CognitoResult
	err := DeliverAsCognito(func() error {
		result, err := r.Invoke(ctx, event)
		all.Result = result
		all.Attempts = append(all.Attempts, Attempt{result, err})
		return err
	})
	return all, err
}

// DeliverAsCognito calls attempt as a user pool calls a trigger: where the trigger does not answer within its 5 s, or
// its process dies or does not start, Cognito may call again with the same event, up to three times in all. A function
// that answers with an error is not called again. The error is the last attempt's.
//
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
func DeliverAsCognito(attempt func() error) error {
	var err error
	for range cognitoAttempts {
		if err = attempt(); !repeatable(err) {
			break
		}
	}
	return err
}

// repeatable reports whether Cognito may call again after the error: a Runner's own, or what Lambda reports in its
// place as errors of the function.
func repeatable(err error) bool {
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
