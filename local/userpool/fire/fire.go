// Package fire invokes a user pool's Lambda triggers as Cognito does: it builds the event, invokes the function, checks
// the answer, and translates failures into the errors that the pool's client gets.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
package fire

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool/calls"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/answer"
	"cognito-triggers/shared/events"
)

// NoClient is callerContext.clientId for operations without an app client.
const NoClient = "CLIENT_ID_NOT_APPLICABLE"

const awsSDKVersion = "aws-sdk-unknown-unknown"

// Invoker invokes a function once, for at most five seconds unless the call is Asynchronous. If the function answers
// with an error, Invoke's error wraps a *lambdaruntime.FunctionError; if it runs out of time, lambdaruntime.ErrTimeout;
// if it dies or does not start, a *lambdaruntime.CrashError or *lambdaruntime.InitError. Other errors mean that the
// function could not be run.
type Invoker interface {
	Invoke(ctx context.Context, arn string, event []byte) (answer []byte, err error)
}

// Call is one invocation of a trigger.
type Call struct {
	Hook     cognito.Hook
	Source   string // the trigger source
	ARN      string // the function's
	Version  string // "1"; pre token generation: "1", "2" or "3"
	Region   string
	PoolID   string
	UserName string
	ClientID string // NoClient if there is none
	SES      bool   // whether the pool sends e-mail through SES (DEVELOPER)
	Request  any    // the hook's request type in shared/events
}

// Error is the error that the pool's client gets. Kind is AWS's name for it.
type Error struct{ Kind, Message string }

func (e *Error) Error() string { return e.Kind + ": " + e.Message }

// Firer fires triggers and logs the invocations.
type Firer struct {
	Invoker  Invoker
	Attempts int // for one event, see lambdaruntime.DeliverAsCognito; 0 means lambdaruntime.DefaultAttempts
	Now      func() time.Time
	Log      *Log
	// Ready is asked before each event, and may wait until the function's newest code is there. What it returns, if
	// anything, is a problem of the record: older code answered. May be nil.
	Ready func(ctx context.Context, arn string) (problem string)
}

// Event builds the JSON event for a call.
func Event(c Call) ([]byte, error) {
	return json.Marshal(struct {
		events.Envelope
		Request  any             `json:"request"`
		Response json.RawMessage `json:"response,omitempty"`
	}{
		events.Envelope{
			Version: c.Version, TriggerSource: c.Source, Region: c.Region, UserPoolID: c.PoolID, UserName: c.UserName,
			CallerContext: events.CallerContext{AWSSDKVersion: awsSDKVersion, ClientID: c.ClientID},
		},
		c.Request, c.Hook.Contract().BlankResponse(c.Version),
	})
}

// Fire invokes the function and returns the members of the response in its answer. Errors are of type *Error.
func (f *Firer) Fire(ctx context.Context, c Call) (map[string]json.RawMessage, error) {
	event, err := Event(c)
	if err != nil {
		return nil, err
	}
	record := f.begin(ctx, c)
	record.keepEvent(c.Hook, event)
	older := ""
	if f.Ready != nil {
		older = f.Ready(ctx, c.ARN)
	}
	began := time.Now()
	got, err := f.invoke(ctx, c.ARN, event, &record)
	record.Milliseconds = milliseconds(time.Since(began))
	response, err := record.end(c, event, got, err)
	if older != "" {
		record.Problems = append(record.Problems, older)
	}
	f.Log.Add(record)
	return response, err
}

// end records what a function answered, or why it did not, and returns the response or the error for the pool's client.
func (r *Record) end(c Call, event, got []byte, err error) (response map[string]json.RawMessage, _ error) {
	if err == nil {
		r.keepAnswer(c.Hook, event, got)
		response, r.Problems, err = judge(c, event, got)
	} else {
		r.Problems = unsaid(err)
		err = translate(c.Hook, err)
	}
	r.Outcome = "ok"
	if err != nil {
		r.Outcome = err.Error()
	}
	return response, err
}

// begin returns the record of a call that begins now.
func (f *Firer) begin(ctx context.Context, c Call) Record {
	return Record{
		Call: calls.Of(ctx), At: f.Now().UTC(), Source: c.Source, Function: c.ARN, PoolID: c.PoolID, UserName: c.UserName,
	}
}

func errNoInvoker(arn string) error {
	return fmt.Errorf("no functions to run %s with: set Options.Invoker", arn)
}

// invoke returns the function's answer, and records the attempts.
func (f *Firer) invoke(ctx context.Context, arn string, event []byte, record *Record) ([]byte, error) {
	if f.Invoker == nil {
		return nil, errNoInvoker(arn)
	}
	var answer []byte
	err := lambdaruntime.DeliverAsCognito(cmp.Or(f.Attempts, lambdaruntime.DefaultAttempts), func() error {
		began := time.Now()
		result, err := attempt(ctx, f.Invoker, arn, event)
		record.Attempts = append(record.Attempts, attemptOf(began, result, err))
		record.Settings = result.Settings
		answer = result.Payload
		return err
	})
	return answer, err
}

// keepEvent records an event without its secrets.
func (r *Record) keepEvent(hook cognito.Hook, event []byte) {
	r.Event = event
	if s, has := secretOf(hook); has {
		r.Event, r.Hidden = s.hide(event), []string{strings.Join(s.path, ".")}
	}
	r.Request = members(r.Event)["request"]
}

// keepAnswer records an answer without the event's secrets. An unchanged one takes no memory.
func (r *Record) keepAnswer(hook cognito.Hook, event, answer []byte) {
	r.Answer = members(answer)["response"]
	s, has := secretOf(hook)
	switch {
	case bytes.Equal(answer, event):
		r.Returned = r.Event
	case has:
		if r.Returned = s.hide(answer); s.copied(event, r.Event, r.Returned) {
			r.Returned, r.Answer = nil, nil
		}
	case json.Valid(answer):
		r.Returned = answer
	}
}

// judge separates the problems that Cognito rejects from those that it ignores.
func judge(c Call, event, got []byte) (map[string]json.RawMessage, []string, error) {
	trimmed := strings.TrimSpace(string(got))
	read := !c.Hook.Contract().Asynchronous
	if read && (!json.Valid(got) || trimmed == "null") {
		return nil, nil, invalidResponse("Invalid lambda function output : Invalid JSON")
	}
	whole := members(got)
	if read && whole == nil {
		return nil, nil, unrecognizable()
	}
	problems := answer.Check(event, got, answer.Pool{SendsThroughSES: c.SES})
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.String()
	}
	for _, p := range problems {
		if err := refused(c.Hook, p); read && err != nil {
			return nil, texts, err
		}
	}
	response := members(whole["response"])
	if response == nil {
		response = map[string]json.RawMessage{}
	}
	return response, texts, nil
}

// refused returns the error for a problem, or nil if Cognito ignores it.
func refused(hook cognito.Hook, p answer.Problem) error {
	switch p.Code {
	case answer.RequestChanged: // Cognito ignores such changes
		return nil
	case answer.BadEvent, answer.NotAnObject, answer.MemberChanged, answer.ResponseMissing, answer.ResponseMalformed,
		answer.WrongType, answer.ClaimNotText, answer.NeedsSES:
		return unrecognizable()
	}
	switch hook.Contract().Breach {
	case cognito.Refused:
		return unrecognizable()
	case cognito.Invalid:
		member := strings.TrimPrefix(p.Place, "response.")
		if member == "emailMessage" {
			member = "emailBody"
		}
		return &Error{"InvalidParameterException", fmt.Sprintf(
			"1 validation error detected: Value at '%s' failed to satisfy constraint: %s", member, p.Rule())}
	}
	return nil
}

func unrecognizable() error { return invalidResponse("Unrecognizable lambda output") }

func invalidResponse(message string) error {
	return &Error{"InvalidLambdaResponseException", message}
}

func members(raw []byte) map[string]json.RawMessage {
	var object map[string]json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &object) != nil {
		return nil
	}
	return object
}

// Flag returns a boolean member of a response, false if it is absent or null.
func Flag(response map[string]json.RawMessage, name string) bool {
	var on bool
	_ = json.Unmarshal(response[name], &on)
	return on
}

// Text returns a string member of a response, nil if it is absent or null.
func Text(response map[string]json.RawMessage, name string) *string {
	var text *string
	_ = json.Unmarshal(response[name], &text)
	return text
}

// Texts returns a member of a response that is an object of strings.
func Texts(response map[string]json.RawMessage, name string) map[string]string {
	var texts map[string]string
	_ = json.Unmarshal(response[name], &texts)
	return texts
}
