package fire

import (
	"errors"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/cognito"
)

// translate returns the error that the pool's client gets for a failed invocation.
func translate(hook cognito.Hook, err error) error {
	name := hook.Contract().Name
	var function *lambdaruntime.FunctionError
	switch {
	case errors.As(err, &function):
		return &Error{"UserLambdaValidationException", name + " failed with error " + function.Message + "."}
	case errors.Is(err, lambdaruntime.ErrTimeout):
		return &Error{"UnexpectedLambdaException",
			name + " invocation failed due to error Socket timeout while invoking Lambda function."}
	}
	var start *lambdaruntime.InitError
	var crash *lambdaruntime.CrashError
	if errors.As(err, &start) || errors.As(err, &crash) {
		// For both, Lambda reports the function error Runtime.ExitError.
		return &Error{"UserLambdaValidationException", name + " failed with error RequestId: Error: Runtime exited."}
	}
	return &Error{"UnexpectedLambdaException", name + " invocation failed due to error " + refusal(err) + "."}
}

// unsaid returns what the client's error omits: why the invocation gave no answer.
func unsaid(err error) []string {
	var function *lambdaruntime.FunctionError
	if errors.As(err, &function) {
		return nil
	}
	return []string{err.Error()}
}

// refusal returns Lambda's name for the error. As on AWS, a missing function looks like a missing permission.
func refusal(err error) string {
	var refused *NotInvokedError
	if !errors.As(err, &refused) || refused.Code == "" || refused.Code == "ResourceNotFoundException" {
		return "AccessDeniedException"
	}
	return refused.Code
}
