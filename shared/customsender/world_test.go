package customsender

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/sendercode"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/sendonce"
	"cognito-triggers/shared/sendonce/memory"
	"cognito-triggers/shared/trigger"
)

const pool = "eu-west-1_Qk7Lm2XyZ"

// world is a handler around a Sender, with everything that it calls.
type world struct {
	sender  *Sender
	mu      sync.Mutex
	sent    map[string]int // accepted by the provider, by code
	ids     map[string]bool
	fail    func(code string) error // the provider's answer; after acceptance if it is Unknown
	limits  []Limit
	handler lambda.Handler
	metrics lockedBuffer
}

func newWorld(t testing.TB, change func(w *world)) *world {
	t.Helper()
	w := &world{sent: map[string]int{}, ids: map[string]bool{}}
	w.sender = &Sender{
		Config: Config{Window: time.Hour, PerRecipient: 10, MayDouble: true, Unescape: true},
		Codes:  plainCodes{}, Once: memory.New(), Now: time.Now,
	}
	if change != nil {
		change(w)
	}
	w.handler = trigger.New(events.CustomEmailSender, w.handle, &w.metrics)
	return w
}

func (w *world) handle(ctx context.Context, e *events.CustomEmailSenderEvent) error {
	event := Event{Envelope: e.Envelope, Code: e.Request.Code, Attributes: e.Request.UserAttributes}
	return w.sender.Deliver(ctx, Message{
		Event: event, Recipient: event.Attributes["email"], Limits: w.limits,
		Send: func(ctx context.Context, kind messages.Kind, code, id string) error {
			var err error
			if w.fail != nil {
				err = w.fail(code)
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			if err == nil || sending.ClassOf(err) == sending.Unknown {
				w.sent[string(kind)+" "+code]++
				w.ids[id] = true
			}
			return err
		},
	})
}

// deliver invokes the handler and returns its error.
func (w *world) deliver(ctx context.Context, payload []byte) error {
	_, err := w.handler.Invoke(ctx, payload)
	return err
}

func (w *world) count(name string) int {
	total := 0
	for line := range strings.Lines(w.metrics.String()) {
		var members map[string]any
		if json.Unmarshal([]byte(line), &members) == nil {
			if n, ok := members[name].(float64); ok {
				total += int(n)
			}
		}
	}
	return total
}

func (w *world) want(t *testing.T, wanted map[string]int) {
	t.Helper()
	for _, name := range []string{MessagesSent, MessagesRepeated, MessagesThrottled, MessagesRefused, MessagesFailed,
		MessagesDoubtful, CodesRefused, MarksFailed} {
		if got := w.count(name); got != wanted[name] {
			t.Errorf("%s is %d, want %d", name, got, wanted[name])
		}
	}
}

// plainCodes takes a code as it is. One that begins with "bad" is refused, one with "down" fails.
type plainCodes struct{}

func (plainCodes) Decrypt(_ context.Context, _, code string) (string, error) {
	switch {
	case strings.HasPrefix(code, "bad"):
		return "", fmt.Errorf("%w: it is bad", sendercode.ErrRefused)
	case strings.HasPrefix(code, "down"):
		return "", errors.New("KMS is down")
	}
	return code, nil
}

func event(kind, code, email string, attributes map[string]string) []byte {
	all := map[string]string{"sub": "6f0c", "email": email}
	for name, value := range attributes {
		all[name] = value
	}
	text, err := json.Marshal(map[string]any{
		"version": "1", "triggerSource": "CustomEmailSender_" + kind, "userPoolId": pool, "userName": "ines",
		"request": map[string]any{"type": "customEmailSenderRequestV1", "code": code, "userAttributes": all},
	})
	if err != nil {
		panic(err)
	}
	return text
}

func failure(class sending.Class) error {
	return &sending.Error{Provider: "test", Class: class, Err: io.ErrUnexpectedEOF}
}

// lostStore fails its calls while told to.
type lostStore struct {
	sendonce.Store
	claims, counts, ends error
}

func (s *lostStore) Claim(ctx context.Context, c sendonce.Claim) (sendonce.Standing, error) {
	if s.claims != nil {
		return 0, s.claims
	}
	return s.Store.Claim(ctx, c)
}

func (s *lostStore) Count(ctx context.Context, key string, limit int, window time.Duration, now time.Time) (
	bool, error) {
	if s.counts != nil {
		return false, s.counts
	}
	return s.Store.Count(ctx, key, limit, window, now)
}

func (s *lostStore) End(ctx context.Context, c sendonce.Claim, state sendonce.State) error {
	if s.ends != nil {
		return s.ends
	}
	return s.Store.End(ctx, c, state)
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
