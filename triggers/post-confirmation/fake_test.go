package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

const (
	poolID = "eu-west-1_Qk7Lm2XyZ"
	sub    = "6f0c1a52-8d3b-4c57-9b0e-2f6d4f1f7a10"
)

// everything switches on every part of the trigger.
var everything = map[string]string{
	tableSetting: "profiles", groupSetting: "members", welcomeSetting: "Example <hello@example.org>",
}

// event is a confirmation of a user with the attributes, over those that every confirmed user has.
func event(t *testing.T, attributes map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"sub": sub, "cognito:user_status": "CONFIRMED", "email": "ines@example.org", "email_verified": "true",
		"name": "Inès Moreau",
	}
	maps.Copy(all, attributes)
	payload, err := json.Marshal(map[string]any{
		"version": "1", "triggerSource": cognito.PostConfirmationConfirmSignUp, "region": "eu-west-1",
		"userPoolId": poolID, "userName": "ines.moreau",
		"callerContext": map[string]string{"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "4k2v0h1example7c9d3t5b6"},
		"request":       map[string]any{"userAttributes": all}, "response": map[string]any{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// world is a handler with everything that it calls.
type world struct {
	store   *flakyStore
	pool    *fakePool
	mailer  *fakeMailer
	handler lambda.Handler
	metrics *bytes.Buffer
}

func newWorld(t *testing.T, environment map[string]string) *world {
	t.Helper()
	env := settings.FromMap(environment)
	config, err := readConfig(env)
	if err := errors.Join(err, env.Err()); err != nil {
		t.Fatal(err)
	}
	w := &world{
		store:   &flakyStore{Store: memory.New()},
		pool:    &fakePool{},
		mailer:  &fakeMailer{},
		metrics: &bytes.Buffer{},
	}
	w.handler = trigger.New(events.PostConfirmation,
		newHandler(config, services{profiles: w.store, pool: w.pool, mailer: w.mailer}), &lockedWriter{to: w.metrics})
	return w
}

// deliver sends the event and expects it back byte for byte.
func (w *world) deliver(t *testing.T, payload []byte) {
	t.Helper()
	got := triggertest.Invoke(t, w.handler, payload)
	if got.Error != "" || !bytes.Equal(got.Answer, payload) {
		t.Errorf("answer %s, error %q; want the event unchanged", got.Answer, got.Error)
	}
}

// count adds up a counter over all metrics lines.
func (w *world) count(t *testing.T, name string) int {
	t.Helper()
	total := 0
	for line := range strings.Lines(w.metrics.String()) {
		var members map[string]any
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			t.Fatal(err)
		}
		if n, ok := members[name].(float64); ok {
			total += int(n)
		}
	}
	return total
}

func (w *world) wantCounts(t *testing.T, want map[string]int) {
	t.Helper()
	for _, name := range []string{profilesLost, identitiesUnreadable, groupAddsFailed, welcomeEmailsSent, mailsLost,
		signOutsFailed} {
		if got := w.count(t, name); got != want[name] {
			t.Errorf("%s is %d, want %d", name, got, want[name])
		}
	}
}

func (w *world) hasProfile(t *testing.T) bool {
	t.Helper()
	_, err := w.store.Get(t.Context(), profile.Key{UserPoolID: poolID, Sub: sub})
	return err == nil
}

// flakyStore is a store whose calls fail while its errors last.
type flakyStore struct {
	profile.Store
	mu       sync.Mutex
	creates  []error
	claims   []error
	attempts int
	stall    bool // Create hangs until its context ends
}

func take(errs *[]error) error {
	if len(*errs) == 0 {
		return nil
	}
	err := (*errs)[0]
	*errs = (*errs)[1:]
	return err
}

func (s *flakyStore) Create(ctx context.Context, p profile.Profile) (bool, error) {
	s.mu.Lock()
	s.attempts++
	err := take(&s.creates)
	s.mu.Unlock()
	if s.stall {
		<-ctx.Done()
		return false, ctx.Err()
	}
	if err != nil {
		return false, err
	}
	return s.Store.Create(ctx, p)
}

func (s *flakyStore) ClaimWelcome(ctx context.Context, k profile.Key, at time.Time) (bool, error) {
	s.mu.Lock()
	err := take(&s.claims)
	s.mu.Unlock()
	if err != nil {
		return false, err
	}
	return s.Store.ClaimWelcome(ctx, k, at)
}

// fakePool records who was added to which group and who was signed out.
type fakePool struct {
	mu        sync.Mutex
	added     []string
	signedOut []string
	err       error
}

func (p *fakePool) AddToGroup(ctx context.Context, userPoolID, userName, group string) error {
	return p.record(ctx, &p.added, userPoolID+" "+userName+" "+group)
}

func (p *fakePool) SignOut(ctx context.Context, userPoolID, userName string) error {
	return p.record(ctx, &p.signedOut, userPoolID+" "+userName)
}

func (p *fakePool) record(ctx context.Context, list *[]string, call string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := errors.Join(p.err, ctx.Err()); err != nil {
		return err
	}
	*list = append(*list, call)
	return nil
}

// fakeMailer notes what it is given, also where it fails.
type fakeMailer struct {
	mu    sync.Mutex
	to    []string
	mails []messages.Mail
	err   error
	stall bool
}

func (m *fakeMailer) Send(ctx context.Context, _, to string, mail messages.Mail) error {
	m.mu.Lock()
	m.to = append(m.to, to)
	m.mails = append(m.mails, mail)
	m.mu.Unlock()
	if m.stall {
		<-ctx.Done()
		return ctx.Err()
	}
	return m.err
}

// lockedWriter keeps lines of parallel invocations whole.
type lockedWriter struct {
	mu sync.Mutex
	to *bytes.Buffer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}
