// Package redrive reads the events that custom senders failed on from their queue, and gives those back to the function
// whose codes are still valid. SQS's own redrive cannot: it knows only queues that other queues fail into.
//
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
package redrive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Message is a message of the queue.
type Message struct {
	Body   string
	Handle string // to delete it or give it back
}

// Queue is the queue of failures. Received messages are hidden from other readers for a while.
type Queue interface {
	Receive(ctx context.Context) ([]Message, error) // none: the queue is empty, or all its messages are hidden
	Delete(ctx context.Context, handle string) error
	Release(ctx context.Context, handle string) error // shows the message to other readers again
}

// Invoker calls a function and waits. An error means that the event was not handled.
type Invoker interface {
	Invoke(ctx context.Context, functionARN string, event []byte) error
}

// Verdict is what is done with an event.
type Verdict string

// The verdicts.
const (
	Valid      Verdict = "valid"      // its code may still work: it is sent again
	Expired    Verdict = "expired"    // its code works no more
	Superseded Verdict = "superseded" // a later code for the same user and purpose is in the queue, too
	Foreign    Verdict = "foreign"    // not an event of a custom sender, or of another function: left alone
)

// Event is an event of the queue.
type Event struct {
	Verdict   Verdict
	Why       string // of Foreign
	RequestID string
	Source    string
	Pool      string
	At        time.Time // of the first attempt, as far as the record tells

	message  Message
	function string // ARN
	payload  []byte
	user     string
}

// Redriver reads one queue.
type Redriver struct {
	Queue    Queue
	Invoker  Invoker
	Function string // only this function is invoked
	Ages     Ages
	Max      int // events to read at most
	Now      func() time.Time
}

// Ages is how long the codes of an event are valid. A user pool's settings change some of these; see Default.
type Ages struct {
	SignIn   time.Duration // of Authentication: the app client's session
	Reset    time.Duration // of ForgotPassword
	Password time.Duration // of AdminCreateUser: the pool's temporary passwords
	Other    time.Duration // codes that confirm an address, and notices
}

// Default returns Cognito's own ages.
// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
func Default() Ages {
	const day = 24 * time.Hour
	return Ages{SignIn: 3 * time.Minute, Reset: time.Hour, Password: 7 * day, Other: day}
}

func (a Ages) of(source string) time.Duration {
	_, kind, _ := strings.Cut(source, "_")
	switch kind {
	case "Authentication":
		return a.SignIn
	case "ForgotPassword":
		return a.Reset
	case "AdminCreateUser":
		return a.Password
	}
	return a.Other
}

// record is what Lambda leaves in the queue.
type record struct {
	Timestamp      time.Time `json:"timestamp"`
	RequestContext struct {
		RequestID   string `json:"requestId"`
		FunctionARN string `json:"functionArn"`
		Attempts    int    `json:"approximateInvokeCount"`
	} `json:"requestContext"`
	RequestPayload json.RawMessage `json:"requestPayload"`
}

// Read takes the events out of the queue for a while, and judges each.
func (r *Redriver) Read(ctx context.Context) ([]Event, error) {
	var all []Event
	for len(all) < r.Max {
		messages, err := r.Queue.Receive(ctx)
		if err != nil {
			return all, err
		}
		if len(messages) == 0 {
			break
		}
		for _, m := range messages {
			all = append(all, r.judge(m))
		}
	}
	supersede(all)
	slices.SortStableFunc(all, func(a, b Event) int { return a.At.Compare(b.At) })
	return all, nil
}

func (r *Redriver) judge(m Message) Event {
	e := Event{message: m, Verdict: Foreign}
	var in record
	if err := json.Unmarshal([]byte(m.Body), &in); err != nil {
		e.Why = "not a record of Lambda"
		return e
	}
	e.RequestID, e.function, e.payload = in.RequestContext.RequestID, in.RequestContext.FunctionARN, in.RequestPayload
	e.At = in.Timestamp.Add(-waited(in.RequestContext.Attempts))
	envelope, err := events.DecodeEnvelope(in.RequestPayload)
	e.Source, e.Pool, e.user = envelope.TriggerSource, envelope.UserPoolID, envelope.UserName
	function, _ := fire.FunctionName(e.function) // "" is another one
	switch hook := cognito.HookOf(envelope.TriggerSource); {
	case err != nil, hook != cognito.CustomEmailSender && hook != cognito.CustomSMSSender:
		e.Why = "not an event of a custom sender"
	case function != r.Function:
		e.Why = "of another function than " + r.Function
	case r.Now().Sub(e.At) > r.Ages.of(e.Source):
		e.Verdict = Expired
	default:
		e.Verdict = Valid
	}
	return e
}

// waited is the least time between the first attempt and the last: Lambda waits for one minute, then for two.
func waited(attempts int) time.Duration {
	switch {
	case attempts > 2:
		return 3 * time.Minute
	case attempts > 1:
		return time.Minute
	}
	return 0
}

// supersede finds events whose codes a later one has replaced.
func supersede(all []Event) {
	type purpose struct{ pool, user, kind string }
	of := func(e Event) purpose {
		family, kind, _ := strings.Cut(e.Source, "_")
		if kind == "ResendCode" {
			kind = "SignUp"
		}
		return purpose{e.Pool, e.user, strings.ToLower(family) + kind}
	}
	latest := map[purpose]time.Time{}
	for _, e := range all {
		if e.Verdict != Foreign && e.At.After(latest[of(e)]) {
			latest[of(e)] = e.At
		}
	}
	for i, e := range all {
		if e.Verdict == Valid && !strings.HasSuffix(e.Source, "_AccountTakeOverNotification") && e.At.Before(latest[of(e)]) {
			all[i].Verdict = Superseded
		}
	}
}

// Send gives a valid event to the function again, and deletes it from the queue once the function has handled it.
func (r *Redriver) Send(ctx context.Context, e Event) error {
	if e.Verdict != Valid {
		return fmt.Errorf("the event is %s", e.Verdict)
	}
	if err := r.Invoker.Invoke(ctx, e.function, e.payload); err != nil {
		return errors.Join(err, r.Release(ctx, e))
	}
	return r.Drop(ctx, e)
}

// Drop deletes an event from the queue.
func (r *Redriver) Drop(ctx context.Context, e Event) error {
	return r.Queue.Delete(ctx, e.message.Handle)
}

// Release leaves an event in the queue.
func (r *Redriver) Release(ctx context.Context, e Event) error {
	return r.Queue.Release(ctx, e.message.Handle)
}
