package lambdaruntime

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ErrTimeout is in the error of an event that was not answered within the function's Timeout. Its process was killed,
// as Lambda does.
var ErrTimeout = errors.New("timed out")

// ErrClosed is in the error of an event that came after Close or was cut off by it.
var ErrClosed = errors.New("the runner is closed")

// FunctionError is an error that the function answered with.
type FunctionError struct {
	Type    string // errorType: in Go the error's type name
	Message string // errorMessage: in Go the error's text, which Cognito shows to the user
}

// Error implements error.
func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// ParseFunctionError reads the report of an error, as a function sends it to the Runtime API and as Invoke returns it.
// A report in another form is the message as it is, with kind as its type; without a kind that is Runtime.Unknown.
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

// CrashError tells that the process died while it had the event.
type CrashError struct {
	Function  string
	RequestID string
	Status    string   // "exit status 2", "signal: killed"
	Log       []string // the last lines that the process printed
}

// Error implements error.
func (e *CrashError) Error() string {
	return fmt.Sprintf("%s: the process died before it answered (%s)%s", e.Function, e.Status, lastLines(e.Log))
}

// InitError tells that a process never came so far as to ask for an event: it could not be started, died, or reported
// that its initialisation failed.
type InitError struct {
	Function string
	Type     string   // what the function reported; empty where it reported nothing
	Message  string   // what the function reported, or why it could not be started
	Status   string   // how the process ended; empty where it was not started
	Log      []string // the last lines that the process printed
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
