package fire

import (
	"errors"

	"cognito-triggers/local/runtime"
	"cognito-triggers/shared/events"
)

// translate makes the client's error of what the invocation gave.
func translate(hook events.Hook, err error) error {
	var function *runtime.FunctionError
	switch {
	case errors.As(err, &function):
		return &Error{"UserLambdaValidationException", word(hook) + " failed with error " + function.Message + "."}
	case errors.Is(err, runtime.ErrTimeout):
		return &Error{"UnexpectedLambdaException", word(hook) + " invocation failed due to error Socket timeout while invoking Lambda function."}
	}
	var start *runtime.InitError
	var crash *runtime.CrashError
	if errors.As(err, &start) || errors.As(err, &crash) {
		// Lambda reports both as an error of the function: Runtime.ExitError.
		return &Error{"UserLambdaValidationException", word(hook) + " failed with error RequestId: Error: Runtime exited."}
	}
	return &Error{"UnexpectedLambdaException", word(hook) + " invocation failed due to error AccessDeniedException."}
}
