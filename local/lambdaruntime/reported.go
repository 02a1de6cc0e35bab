package lambdaruntime

import (
	"errors"
	"fmt"
	"io/fs"
)

// Reported returns the error report that Lambda's Invoke answers with for an attempt that ended with err: the
// function's own, or Lambda's for a process that died, did not start or ran out of the function's time. It returns nil
// if err is none of these.
//
// The texts are those of the runtime interface emulator, which AWS publishes, and of logs in public reports:
// https://github.com/aws/aws-lambda-runtime-interface-emulator
func Reported(err error) *FunctionError {
	var function *FunctionError
	var crash *CrashError
	var start *InitError
	var late *TimeoutError
	switch {
	case errors.As(err, &function):
		return function
	case errors.As(err, &crash):
		return lambdas("Runtime.ExitError", crash.RequestID, exited(crash.Status))
	case errors.As(err, &late):
		return lambdas("Sandbox.Timedout", late.RequestID, fmt.Sprintf("Task timed out after %.2f seconds",
			late.After.Seconds()))
	case !errors.As(err, &start):
		return nil
	case start.notRun != nil:
		return lambdas("Runtime.InvalidEntrypoint", start.RequestID, start.entrypoint())
	case start.Status != "":
		return lambdas("Runtime.ExitError", start.RequestID, exited(start.Status))
	}
	return &FunctionError{Type: start.Type, Message: start.Message}
}

func lambdas(kind, requestID, text string) *FunctionError {
	return &FunctionError{Type: kind, Message: "RequestId: " + requestID + " Error: " + text}
}

// exited returns Lambda's text for the end of a process, whose status is in the form of os.ProcessState.
func exited(status string) string {
	if status == "exit status 0" {
		return "Runtime exited without providing a reason"
	}
	return "Runtime exited with error: " + status
}

// entrypoint says why the executable could not be run, with its path on Lambda instead of the one on this machine.
func (e *InitError) entrypoint() string {
	const path = "/var/task/bootstrap"
	var failed *fs.PathError
	switch {
	case errors.Is(e.notRun, fs.ErrNotExist):
		return "Couldn't find valid bootstrap(s): [" + path + " /opt/bootstrap]"
	case errors.As(e.notRun, &failed):
		return failed.Op + " " + path + ": " + failed.Err.Error()
	}
	return "fork/exec " + path + ": cannot be run"
}
