package fire

import (
	"context"
	"errors"
	"strings"
	"time"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/functionlog"
)

// Attempt is one call of the function for an event.
type Attempt struct {
	At           time.Time `json:"at"`                  // on this machine's clock, whatever the pool's
	RequestID    string    `json:"requestId,omitempty"` // Lambda's
	Outcome      Outcome   `json:"outcome"`
	Detail       string    `json:"detail,omitempty"` // the function's error with its type, or how its process ended
	Error        string    `json:"error,omitempty"`  // the text of the function's error
	Milliseconds float64   `json:"ms"`               // as the caller sees it, with a cold start
	Init         float64   `json:"initMs,omitempty"` // the cold start's part
	Cold         bool      `json:"cold"`             // whether a process was started for this attempt
	// Log has the lines that the function printed for this attempt; LeftOut counts those before them that are not kept.
	Log     []functionlog.Line `json:"log,omitempty"`
	LeftOut int                `json:"logLeftOut,omitempty"`
}

// Outcome is how an attempt ended.
type Outcome string

// The outcomes.
const (
	Answered      Outcome = "answered"
	Failed        Outcome = "error"           // the function returned an error
	Killed        Outcome = "killed"          // a signal ended its process
	TimedOut      Outcome = "timed out"       // the process was killed for it
	Crashed       Outcome = "crashed"         // the process exited
	FailedToStart Outcome = "failed to start" // the process never asked for an event
	NotRun        Outcome = "not run"         // there is no such function, or Lambda refused to run it
)

// Attempter is an Invoker that says more about each call than the answer. Firer records it.
type Attempter interface {
	Invoker
	// Attempt is Invoke with everything that is known of the call, even with an error.
	Attempt(ctx context.Context, arn string, event []byte) (lambdaruntime.Result, error)
}

// attempt calls the function once.
func attempt(ctx context.Context, by Invoker, arn string, event []byte) (lambdaruntime.Result, error) {
	if detailed, ok := by.(Attempter); ok {
		return detailed.Attempt(ctx, arn, event)
	}
	answer, err := by.Invoke(ctx, arn, event)
	return lambdaruntime.Result{Payload: answer}, err
}

func attemptOf(began time.Time, result lambdaruntime.Result, err error) Attempt {
	a := Attempt{
		At: began.UTC(), RequestID: result.RequestID, Cold: result.Cold, LeftOut: result.LeftOut,
		Milliseconds: milliseconds(time.Since(began)), Init: milliseconds(result.Init),
	}
	if a.Outcome, a.Detail = outcomeOf(err); a.Detail == string(a.Outcome) {
		a.Detail = ""
	}
	var function *lambdaruntime.FunctionError
	if errors.As(err, &function) {
		a.Error = function.Message
	}
	for _, line := range result.Log {
		a.Log = append(a.Log, line.Parsed())
	}
	return a
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func outcomeOf(err error) (Outcome, string) {
	var function *lambdaruntime.FunctionError
	var crash *lambdaruntime.CrashError
	var start *lambdaruntime.InitError
	switch {
	case err == nil:
		return Answered, ""
	case errors.Is(err, lambdaruntime.ErrTimeout):
		return TimedOut, withoutLog(err)
	case errors.As(err, &crash):
		if strings.HasPrefix(crash.Status, "signal: ") {
			return Killed, crash.Status
		}
		return Crashed, crash.Status
	case errors.As(err, &start):
		return FailedToStart, withoutLog(err)
	case !errors.As(err, &function):
		return NotRun, err.Error()
	}
	switch function.Type { // Lambda's own reports, from an endpoint of its API
	case "Sandbox.Timedout":
		return TimedOut, function.Message
	case "Runtime.ExitError":
		return Crashed, function.Message
	case "Runtime.InvalidEntrypoint":
		return FailedToStart, function.Message
	}
	return Failed, function.Error()
}

// withoutLog returns an error's text without the last lines of the log, which the attempt has anyway.
func withoutLog(err error) string {
	text, _, _ := strings.Cut(err.Error(), "; it printed:\n")
	return text
}

// size returns about how much memory the attempt takes, in bytes.
func (a Attempt) size() int {
	size := attemptSize + len(a.RequestID) + len(a.Detail) + len(a.Error)
	for _, line := range a.Log {
		size += line.Size() + lineSize
	}
	return size
}

// What the structs themselves take, about.
const (
	attemptSize = 160
	lineSize    = 160
)
