package fire

import (
	"context"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// stalled is a function that answers only when its context ends.
type stalled struct{}

func (stalled) Invoke(ctx context.Context, _ string, _ []byte) ([]byte, error) {
	if !Asynchronous(ctx) {
		panic("a call of a queue is not asynchronous")
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

// A queue takes a bounded number of events, says which ones it drops, and ends with what it holds.
func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	f := &Firer{Invoker: stalled{}, Now: time.Now, Log: NewLog(0)}
	q := NewQueue(f, QueueOptions{})
	request := func(context.Context) (any, error) { return events.CustomEmailSenderRequest{}, nil }
	call := Call{Hook: cognito.CustomEmailSender, Source: cognito.CustomEmailSenderSignUp, Version: "1"}
	add := func() { q.Add(t.Context(), call, request) }
	for range maxWaiting + 1 {
		add()
	}
	if records := f.Log.Records(0); len(records) != 1 || !strings.Contains(records[0].Outcome, "wait already") {
		t.Errorf("records %+v", records)
	}
	late, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.Wait(late); err == nil {
		t.Error("nothing waits")
	}
	q.Close()
	if err := q.Wait(t.Context()); err != nil || len(f.Log.Records(0)) != maxWaiting+1 {
		t.Errorf("error %v, %d records", err, len(f.Log.Records(0)))
	}
	add()
	if records := f.Log.Records(maxWaiting + 1); len(records) != 1 || records[0].Outcome != "not run: the pool ends" {
		t.Errorf("records %+v", records)
	}
}
