package fire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"cognito-triggers/local/lambdaruntime"
)

const (
	// maxWaiting is how many asynchronous events a Queue holds, among them those that run or wait for another attempt.
	maxWaiting = 1000
	// maxRunning is how many of them run at the same time.
	maxRunning = 16
)

// Waits returns the times between the attempts of an asynchronous invocation. Lambda waits for one minute after the
// first failure and for two after the second; here it is seconds.
//
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
func Waits() []time.Duration { return []time.Duration{time.Second, 2 * time.Second} }

// QueueOptions configure a Queue.
type QueueOptions struct {
	// Waits are the times before the second attempt, the third, and so on; nil means Waits().
	Waits []time.Duration
	// Failed is told of an event whose last attempt failed; may be nil.
	Failed func(Failure)
}

// Queue invokes functions as Lambda does for a caller who does not wait: in the background, and again after an error of
// the function. Their answers are not read. It is safe for concurrent use.
type Queue struct {
	firer   *Firer
	waits   []time.Duration
	failed  func(Failure)
	ctx     context.Context // ends with Close
	stop    context.CancelFunc
	running chan struct{} // has a place for each event that runs

	mu      sync.Mutex
	waiting int
	closed  bool
	idle    chan struct{} // closed while nothing waits
}

// NewQueue returns a queue that invokes functions with the firer and records them in its log.
func NewQueue(firer *Firer, o QueueOptions) *Queue {
	q := &Queue{
		firer: firer, waits: o.Waits, failed: o.Failed, running: make(chan struct{}, maxRunning), idle: make(chan struct{}),
	}
	if q.waits == nil {
		q.waits = Waits()
	}
	close(q.idle)
	q.ctx, q.stop = context.WithCancel(context.WithValue(context.Background(), ofQueue{}, true))
	return q
}

// ofQueue is the key of the contexts of asynchronous invocations.
type ofQueue struct{}

// Asynchronous reports whether an Invoker's context is that of an asynchronous invocation, for which Cognito's limit of
// five seconds does not hold.
func Asynchronous(ctx context.Context) bool { return ctx.Value(ofQueue{}) != nil }

// Add puts an event into the queue and returns. The event's request is made in the background, too; if that fails, the
// function is not invoked and the error is recorded. Of the context, only the call that it belongs to is used.
func (q *Queue) Add(ctx context.Context, c Call, request func(context.Context) (any, error)) {
	if problem := q.enter(); problem != "" {
		record := q.firer.begin(ctx, c)
		record.Asynchronous, record.Outcome = true, "not run: "+problem
		q.firer.Log.Add(record)
		return
	}
	go func() {
		defer q.leave()
		err := q.inTurn(func() (err error) {
			c.Request, err = request(q.ctx)
			return err
		})
		if err != nil {
			record := q.firer.begin(ctx, c)
			record.Asynchronous, record.Outcome = true, "not run: "+err.Error()
			q.firer.Log.Add(record)
			return
		}
		q.run(ctx, c)
	}()
}

func (q *Queue) enter() (problem string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.closed:
		return "the pool ends"
	case q.waiting >= maxWaiting:
		return fmt.Sprintf("%d asynchronous events wait already", maxWaiting)
	}
	if q.waiting == 0 {
		q.idle = make(chan struct{})
	}
	q.waiting++
	return ""
}

func (q *Queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waiting--; q.waiting == 0 {
		close(q.idle)
	}
}

// run invokes the function until it succeeds or has had all its attempts, and records the event.
func (q *Queue) run(ctx context.Context, c Call) {
	record := q.firer.begin(ctx, c)
	record.Asynchronous = true
	event, err := Event(c)
	if err != nil {
		record.Outcome = "not run: " + err.Error()
		q.firer.Log.Add(record)
		return
	}
	record.keepEvent(c.Hook, event)
	older := ""
	if q.firer.Ready != nil {
		older = q.firer.Ready(q.ctx, c.ARN)
	}
	got, err := q.attempts(c.ARN, event, &record)
	record.Outcome = "ok"
	if err == nil {
		record.keepAnswer(c.Hook, event, got)
		_, record.Problems, _ = judge(c, event, got) // nobody reads the answer
	} else {
		record.Problems = unsaid(err)
		record.Outcome = translate(c.Hook, err).Error()
	}
	if older != "" {
		record.Problems = append(record.Problems, older)
	}
	for _, a := range record.Attempts {
		record.Milliseconds += a.Milliseconds
	}
	q.firer.Log.Add(record)
	if err != nil && q.failed != nil && retried(err) {
		q.failed(failureOf(c, event, record, err))
	}
}

func (q *Queue) attempts(arn string, event []byte, record *Record) ([]byte, error) {
	if q.firer.Invoker == nil {
		return nil, errNoInvoker(arn)
	}
	for made := 0; ; made++ {
		answer, err := q.attempt(arn, event, record)
		if err == nil || made == len(q.waits) || !retried(err) {
			return answer, err
		}
		select {
		case <-time.After(q.waits[made]):
		case <-q.ctx.Done():
			return nil, err
		}
	}
}

func (q *Queue) attempt(arn string, event []byte, record *Record) (answer []byte, err error) {
	err = q.inTurn(func() error {
		began := time.Now()
		result, err := attempt(q.ctx, q.firer.Invoker, arn, event)
		record.Attempts = append(record.Attempts, attemptOf(began, result, err))
		record.Settings, answer = result.Settings, result.Payload
		return err
	})
	return answer, err
}

// inTurn does something as soon as fewer than maxRunning others do something.
func (q *Queue) inTurn(do func() error) error {
	select {
	case q.running <- struct{}{}:
		defer func() { <-q.running }()
		return do()
	case <-q.ctx.Done():
		return q.ctx.Err()
	}
}

// retried reports whether Lambda invokes the function again: after every error of the function or its process, and
// after Lambda's own.
func retried(err error) bool {
	outcome, _ := outcomeOf(err)
	var lost *LostError
	return outcome != NotRun || errors.As(err, &lost)
}

// Wait returns when no event waits or runs. It returns ctx's error if that ends first.
func (q *Queue) Wait(ctx context.Context) error {
	q.mu.Lock()
	idle := q.idle
	q.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close drops what waits, stops what runs, and returns when all of it has ended. Later events are not run.
func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	idle := q.idle
	q.mu.Unlock()
	q.stop()
	<-idle
}

// Failure is an asynchronous event whose last attempt failed.
type Failure struct {
	Function  string // the ARN
	RequestID string // of the last attempt
	Attempts  int
	At        time.Time
	Event     json.RawMessage
	ErrorType string // of the function's error; "" if its process was late or died
	Error     string
}

func failureOf(c Call, event []byte, record Record, err error) Failure {
	f := Failure{Function: c.ARN, Attempts: len(record.Attempts), At: time.Now().UTC(), Event: event, Error: err.Error()}
	if n := len(record.Attempts); n > 0 {
		f.RequestID = record.Attempts[n-1].RequestID
	}
	var function *lambdaruntime.FunctionError
	if errors.As(err, &function) {
		f.ErrorType, f.Error = function.Type, function.Message
	}
	return f
}

// Destination returns the record that Lambda sends to an on-failure destination.
//
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func (f Failure) Destination() ([]byte, error) {
	type object = map[string]any
	payload := object{"errorMessage": f.Error}
	if f.ErrorType != "" {
		payload["errorType"] = f.ErrorType
	}
	return json.Marshal(object{
		"version":   "1.0",
		"timestamp": f.At.Format("2006-01-02T15:04:05.000Z"),
		"requestContext": object{
			"requestId": f.RequestID, "functionArn": f.Function + ":$LATEST", "condition": "RetriesExhausted",
			"approximateInvokeCount": f.Attempts,
		},
		"requestPayload":  f.Event,
		"responseContext": object{"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
		"responsePayload": payload,
	})
}
