package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/scrub/scrubtest"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

var account1 = profile.Key{UserPoolID: "eu-west-1_Qk7Lm2XyZ", Sub: "6f0c-canary"}

var everything = map[string]string{
	tableSetting: "profiles", noticeSetting: "Example <hello@example.org>",
	busSetting: "arn:aws:events:eu-west-1:123456789012:event-bus/audit",
}

func event(client string, newDevice bool) []byte {
	return fmt.Appendf(nil, `{"version":"1","triggerSource":"PostAuthentication_Authentication","region":"eu-west-1",`+
		`"userPoolId":%q,"userName":"canary.user","callerContext":{"clientId":%q},"request":{"userAttributes":{"sub":%q,`+
		`"email":"canary@example.org","email_verified":"true","name":%q},"newDeviceUsed":%v,`+
		`"clientMetadata":{"note":"canary-note"}},"response":{}}`,
		account1.UserPoolID, client, account1.Sub, scrubtest.Value, newDevice)
}

// world is a handler with everything that it calls; each can fail or hang.
type world struct {
	*memory.Store
	storeErr, mailErr, busErr error
	hang, panics              bool

	mu      sync.Mutex
	mails   []sending.Email
	events  []signIn
	writes  int
	config  Config
	metrics metricsLines
}

func (w *world) call(ctx context.Context, err error) error {
	if w.panics {
		panic("canary")
	}
	if w.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return err
}

// RecordSignIn implements profiles.
func (w *world) RecordSignIn(ctx context.Context, k profile.Key, in profile.SignIn) (profile.Recorded, error) {
	if err := w.call(ctx, w.storeErr); err != nil {
		return profile.Recorded{}, err
	}
	recorded, err := w.Store.RecordSignIn(ctx, k, in)
	w.mu.Lock()
	defer w.mu.Unlock()
	if recorded.Written {
		w.writes++
	}
	return recorded, err
}

// SendEmail implements sending.EmailSender.
func (w *world) SendEmail(ctx context.Context, mail sending.Email) (string, error) {
	w.mu.Lock()
	w.mails = append(w.mails, mail)
	w.mu.Unlock()
	return "", w.call(ctx, w.mailErr)
}

// Put implements bus.
func (w *world) Put(ctx context.Context, s signIn) error {
	w.mu.Lock()
	w.events = append(w.events, s)
	w.mu.Unlock()
	return w.call(ctx, w.busErr)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	env := settings.FromMap(everything)
	config, err := readConfig(env)
	if err := errors.Join(err, env.Err()); err != nil {
		t.Fatal(err)
	}
	w := &world{Store: memory.New(), config: config}
	if _, err := w.Create(t.Context(), profile.Profile{Key: account1}); err != nil {
		t.Fatal(err)
	}
	return w
}

// deliver sends the event at a time and expects it back unchanged.
func (w *world) deliver(t *testing.T, at time.Time, payload []byte) {
	t.Helper()
	h := handler{w.config, services{w, w, w}, func() time.Time { return at }}
	got := triggertest.Invoke(t, trigger.New(events.PostAuthentication, h.handle, &w.metrics), payload)
	if got.Error != "" || !bytes.Equal(got.Answer, payload) {
		t.Errorf("answer %s, error %q; want the event unchanged", got.Answer, got.Error)
	}
}

func (w *world) count(t *testing.T, name string) int {
	t.Helper()
	total := 0
	for line := range bytes.Lines(w.metrics.lines.Bytes()) {
		var members map[string]any
		if err := json.Unmarshal(line, &members); err != nil {
			t.Fatal(err)
		}
		n, _ := members[name].(float64)
		total += int(n)
	}
	return total
}

// metricsLines collects the lines of invocations in parallel.
type metricsLines struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (m *metricsLines) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.lines.Write(p)
}

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestManySignInsMakeOneWrite(t *testing.T) {
	w := newWorld(t)
	var wait sync.WaitGroup
	for n := range 100 {
		wait.Go(func() { w.deliver(t, noon.Add(time.Duration(n)*time.Second), event("app", false)) })
	}
	wait.Wait()
	if w.writes != 1 || w.count(t, signInsRecorded) != 1 || len(w.events) != 100 || len(w.mails) != 0 {
		t.Errorf("%d writes, %d counted, %d events, %d mails", w.writes, w.count(t, signInsRecorded), len(w.events),
			len(w.mails))
	}
	w.deliver(t, noon.Add(3*time.Hour), event("app", false))
	if w.writes != 2 {
		t.Errorf("%d writes after the interval, want 2", w.writes)
	}
}

// Cognito may deliver an event again, even in parallel: the user is told once.
func TestNewClientIsToldOnce(t *testing.T) {
	for name, payload := range map[string][]byte{"client": event("other", false), "device": event("app", true)} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.deliver(t, noon, event("app", false))
			var wait sync.WaitGroup
			for range 8 {
				wait.Go(func() { w.deliver(t, noon.Add(time.Second), payload) })
			}
			wait.Wait()
			if len(w.mails) != 1 || w.count(t, noticesSent) != 1 {
				t.Fatalf("%d mails, %d counted", len(w.mails), w.count(t, noticesSent))
			}
			mail := w.mails[0]
			if mail.To != "canary@example.org" || mail.From != everything[noticeSetting] ||
				!strings.Contains(mail.Text, "2026-03-14 12:00 UTC") || mail.HTML == "" {
				t.Errorf("mail %+v", mail)
			}
		})
	}
}

func TestAuditEvents(t *testing.T) {
	w := newWorld(t)
	w.deliver(t, noon, event("app", true))
	w.deliver(t, noon.Add(time.Minute), event("other", true))
	want := signIn{UserPoolID: account1.UserPoolID, Sub: account1.Sub, ClientID: "app", At: noon, FirstSignIn: true}
	then := want
	then.ClientID, then.At, then.FirstSignIn = "other", noon.Add(time.Minute), false
	then.NewClient, then.NewDevice = true, true
	if !reflect.DeepEqual(w.events, []signIn{want, then}) {
		t.Errorf("events %+v", w.events)
	}
}

// Whatever fails, the sign-in goes on, and what was lost is counted.
func TestTroubleNeverFailsASignIn(t *testing.T) {
	down := errors.New("connection refused")
	for name, c := range map[string]struct {
		trouble func(*world)
		counts  map[string]int
	}{
		"store down": {trouble: func(w *world) { w.storeErr = down }, counts: map[string]int{signInsNotRecorded: 1}},
		"mail down": {
			trouble: func(w *world) { w.mailErr = down },
			counts:  map[string]int{signInsRecorded: 1, noticesLost: 1},
		},
		"bus down": {
			trouble: func(w *world) { w.busErr = down },
			counts:  map[string]int{signInsRecorded: 1, noticesSent: 1, auditEventsLost: 1},
		},
		"panic": {trouble: func(w *world) { w.panics = true }, counts: map[string]int{panics: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.deliver(t, noon, event("app", false))
			w.metrics.lines.Reset()
			c.trouble(w)
			w.deliver(t, noon.Add(3*time.Hour), event("other", false))
			for _, counter := range []string{signInsRecorded, signInsNotRecorded, noticesSent, noticesLost, auditEventsLost,
				panics} {
				if got := w.count(t, counter); got != c.counts[counter] {
					t.Errorf("%s is %d, want %d", counter, got, c.counts[counter])
				}
			}
		})
	}
}

// A notice that may have been sent is not sent again.
func TestLostNoticeIsNotSentAgain(t *testing.T) {
	w := newWorld(t)
	w.deliver(t, noon, event("app", false))
	w.mailErr = errors.New("connection reset")
	for range 2 {
		w.deliver(t, noon, event("other", false))
	}
	if len(w.mails) != 1 {
		t.Errorf("%d attempts to send", len(w.mails))
	}
}

func TestStalledServicesLeaveTimeToAnswer(t *testing.T) {
	known := profile.SignIn{At: noon, Interval: time.Hour, Client: "known"}
	for name, c := range map[string]struct {
		stalled func(w *world) services
		most    time.Duration
	}{
		"everything": {stalled: func(w *world) services { return services{w, w, w} }, most: storeTime + eventTime},
		"mail": {
			stalled: func(w *world) services { return services{profiles: w.Store, mail: w} }, most: noticeTime,
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			if _, err := w.Store.RecordSignIn(t.Context(), account1, known); err != nil {
				t.Fatal(err)
			}
			w.hang = true
			began := time.Now()
			h := handler{w.config, c.stalled(w), time.Now}
			payload := event("app", false)
			answer, err := trigger.New(events.PostAuthentication, h.handle, io.Discard).Invoke(t.Context(), payload)
			if err != nil || !bytes.Equal(answer, payload) {
				t.Errorf("%s: answer %s, error %v", name, answer, err)
			}
			if took := time.Since(began); took != c.most || took > 3*time.Second {
				t.Errorf("%s: answered after %v, want %v", name, took, c.most)
			}
		})
	}
}

func TestEventBus(t *testing.T) {
	failed := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Entries []struct{ EventBusName, Source, DetailType, Detail string }
		}
		if json.NewDecoder(r.Body).Decode(&in) != nil || len(in.Entries) != 1 || r.Header.Get("X-Amz-Target") !=
			"AWSEvents.PutEvents" || in.Entries[0].EventBusName != everything[busSetting] ||
			in.Entries[0].DetailType != "Sign-in" || !strings.Contains(in.Entries[0].Detail, `"sub":"6f0c-canary"`) {
			t.Errorf("request %+v", in)
		}
		fmt.Fprintf(w, `{"FailedEntryCount":%d}`, failed)
	}))
	t.Cleanup(server.Close)
	env := settings.FromMap(map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_ENDPOINT_URL": server.URL,
		busSetting: everything[busSetting],
	})
	config, err := readConfig(env)
	if err := errors.Join(err, env.Err()); err != nil {
		t.Fatal(err)
	}
	to := newServices(env, config).bus
	if err := to.Put(t.Context(), signIn{Sub: account1.Sub}); err != nil {
		t.Error(err)
	}
	failed = 1
	if err := to.Put(t.Context(), signIn{Sub: account1.Sub}); err == nil {
		t.Error("a refused event is no error")
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings map[string]string
		want     string
	}{
		"interval": {settings: map[string]string{intervalSetting: "59"}, want: "SIGN_IN_INTERVAL_SECONDS is out of range"},
		"no table": {settings: map[string]string{noticeSetting: "a@example.org"}, want: "PROFILE_TABLE is not set"},
		"odd sender": {
			settings: map[string]string{tableSetting: "p", noticeSetting: "hello"},
			want:     "NOTICE_EMAIL_FROM is not",
		},
		"several buses": {
			settings: map[string]string{busSetting: "arn:a, arn:b"}, want: "AUDIT_EVENT_BUS names several event buses",
		},
		"odd brand": {
			settings: map[string]string{tableSetting: "p", noticeSetting: "a@example.org", "BRAND_NAME": "<b>"},
			want:     "BRAND_NAME",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := settings.FromMap(c.settings)
			_, err := readConfig(env)
			if err := errors.Join(err, env.Err()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("problems %v, want %s", err, c.want)
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	function, err := manifest.Read("function.json")
	if err != nil {
		t.Fatal(err)
	}
	unset := settings.FromMap(nil)
	config, err := readConfig(unset)
	s := newServices(unset, config)
	if err := errors.Join(err, unset.Err()); err != nil || s != (services{}) {
		t.Errorf("problems %v, services %+v", err, s)
	}
	if got, _ := readConfig(settings.FromMap(function.Environment)); !reflect.DeepEqual(got, config) {
		t.Error("the manifest's settings are not the defaults")
	}
}

// Neither values of the user nor what a service says may reach a log, the audit line included.
func TestLogsHoldNoPersonalData(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	failures := scrubtest.Errors()
	failures["repeats values"] = errors.New("nothing about canary@example.org, canary-note, 6f0c-canary, canary.user")
	for name, failure := range failures {
		for place, cause := range map[string]func(*world, error){
			"store": func(w *world, err error) { w.storeErr = err },
			"mail":  func(w *world, err error) { w.mailErr = err },
			"bus":   func(w *world, err error) { w.busErr = err },
			"panic": func(w *world, _ error) { w.panics = true },
		} {
			t.Run(place+", "+name, func(t *testing.T) {
				var log bytes.Buffer
				trigger.UseLog(&log, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
				w := newWorld(t)
				w.deliver(t, noon, event("app", false))
				cause(w, fmt.Errorf("call: %w", failure))
				w.deliver(t, noon.Add(3*time.Hour), event("other", false))
				if !strings.Contains(log.String(), `"error":"`) && place != "panic" || !strings.Contains(log.String(),
					`"msg":"signed in"`) || !strings.Contains(log.String(), fmt.Sprintf("%x", digest(account1.String()))) {
					t.Fatalf("too little was logged: %s", log.String())
				}
				text := log.String() + w.metrics.lines.String()
				scrubtest.Check(t, text)
				if strings.Contains(text, "canary") {
					t.Errorf("a canary in %s", text)
				}
			})
		}
	}
}
