package fire

import (
	"errors"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/cognito"
)

// translate makes the client's error of what the invocation gave.
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
		// Lambda reports both as an error of the function: Runtime.ExitError.
		return &Error{"UserLambdaValidationException", name + " failed with error RequestId: Error: Runtime exited."}
	}
	return &Error{"UnexpectedLambdaException", name + " invocation failed due to error " + refusal(err) + "."}
}

// unsaid is what the client's error does not tell: why there was no answer.
func unsaid(err error) []string {
	var function *lambdaruntime.FunctionError
	if errors.As(err, &function) {
		return nil
	}
	return []string{err.Error()}
}

// refusal is Lambda's name of the error. A function that is not there is one that its caller has no permission for.
func refusal(err error) string {
	var refused *NotInvokedError
	if !errors.As(err, &refused) || refused.Code == "" || refused.Code == "ResourceNotFoundException" {
		return "AccessDeniedException"
	}
	return refused.Code
}
