package lambdaruntime

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrTimeout is wrapped by the error for an event that was not answered within the function's Timeout. As on Lambda,
// the process was killed.
var ErrTimeout = errors.New("timed out")

// TimeoutError means that a process did not answer within the function's own Timeout. It is an ErrTimeout.
type TimeoutError struct {
	Function  string
	RequestID string
	After     time.Duration // the function's Timeout
}

// Error implements error.
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s: %v after %v", e.Function, ErrTimeout, e.After)
}

// Is reports whether target is ErrTimeout.
func (e *TimeoutError) Is(target error) bool { return target == ErrTimeout }

// ErrClosed is wrapped by the error for an event that came after Close or was interrupted by it.
var ErrClosed = errors.New("the runner is closed")

// FunctionError is an error that the function returned.
type FunctionError struct {
	Type    string // errorType: in Go the error's type name
	Message string // errorMessage: in Go the error's text, which Cognito shows to the user
}

// Error implements error.
func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// ParseFunctionError parses an error report, as a function sends it to the Runtime API and as Lambda's Invoke returns
// it. A report in another form becomes the message, with kind as its type, or Runtime.Unknown if kind is empty.
func ParseFunctionError(report []byte, kind string) *FunctionError {
	var known struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}
	kind = cmp.Or(kind, "Runtime.Unknown")
	if json.Unmarshal(report, &known) != nil {
		return &FunctionError{Type: kind, Message: string(report)}
	}
	return &FunctionError{Type: cmp.Or(known.Type, kind), Message: known.Message}
}

// CrashError means that the process died while it handled the event.
type CrashError struct {
	Function  string
	RequestID string
	Status    string   // "exit status 2", "signal: killed"
	Log       []string // the last lines of the process's output
}

// Error implements error.
func (e *CrashError) Error() string {
	return fmt.Sprintf("%s: the process died before it answered (%s)%s", e.Function, e.Status, lastLines(e.Log))
}

// InitError means that a process never asked for an event: it could not be started, died, or reported that its
// initialisation failed.
type InitError struct {
	Function  string
	RequestID string
	Type      string   // as reported by the function; may be empty
	Message   string   // as reported by the function, or why it could not be started
	Status    string   // how the process exited; empty if it was not started
	Log       []string // the last lines of the process's output

	notRun error // why the executable could not be run
}

// Error implements error.
func (e *InitError) Error() string {
	var why []string
	for _, part := range []string{e.Type, e.Message, e.Status} {
		if part != "" {
			why = append(why, part)
		}
	}
	return fmt.Sprintf("%s: the function did not start (%s)%s", e.Function, strings.Join(why, ": "), lastLines(e.Log))
}

func lastLines(log []string) string {
	if len(log) == 0 {
		return ""
	}
	return "; it printed:\n\t" + strings.Join(log, "\n\t")
}
