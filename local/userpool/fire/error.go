package fire

import (
	"errors"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/cognito"
)

// translate returns the error that the pool's client gets for a failed invocation.
func translate(hook cognito.Hook, err error) error {
	name := hook.Contract().Name
	if timedOut(err) {
		return &Error{"UnexpectedLambdaException",
			name + " invocation failed due to error Socket timeout while invoking Lambda function."}
	}
	if report := lambdaruntime.Reported(err); report != nil {
		return &Error{"UserLambdaValidationException", name + " failed with error " + report.Message + "."}
	}
	return &Error{"UnexpectedLambdaException", name + " invocation failed due to error " + refusal(err) + "."}
}

// timedOut reports whether Cognito stopped waiting. A function whose own timeout is shorter ends before, with an error
// of Lambda.
func timedOut(err error) bool {
	var own *lambdaruntime.TimeoutError
	if errors.As(err, &own) {
		return own.After >= lambdaruntime.DefaultTimeout
	}
	return errors.Is(err, lambdaruntime.ErrTimeout)
}

// unsaid returns what the client's error omits: why the invocation gave no answer.
func unsaid(err error) []string {
	var function *lambdaruntime.FunctionError
	if errors.As(err, &function) {
		return nil
	}
	return []string{err.Error()}
}

// refusal returns Lambda's name for the error. As on AWS, a missing function looks like a missing permission. An
// invocation that was not carried to its end is Lambda's own failure, as if Lambda had answered with status 500.
func refusal(err error) string {
	var refused *NotInvokedError
	var lost *LostError
	switch {
	case errors.As(err, &lost), errors.Is(err, lambdaruntime.ErrClosed):
		return "ServiceException"
	case !errors.As(err, &refused), refused.Code == "", refused.Code == "ResourceNotFoundException":
		return "AccessDeniedException"
	}
	return refused.Code
}
