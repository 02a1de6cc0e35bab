package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/challenge/memory"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	triggertest.ReplayInstance(t, testevents.FS(), "create-auth-challenge",
		func(t *testing.T, c golden.Case) triggertest.Instance {
			mailbox, store := triggertest.NewMailbox(t), memory.New()
			c.Config.Environment = maps.Clone(c.Config.Environment)
			maps.Copy(c.Config.Environment, mailbox.Settings())
			c.Config.Environment[tableSetting] = "challenges"
			env := triggertest.Settings(t, c)
			config, err := readConfig(env)
			services := newServices(env, config)
			if err := errors.Join(err, env.Err()); err != nil {
				t.Fatal(err)
			}
			services.store = store
			return triggertest.Instance{
				Handler: triggertest.Wrap(events.CreateAuthChallenge, newHandler(config, services, time.Now)),
				Tables:  store, Outbox: mailbox,
			}
		})
}

// everything switches on every method.
var everything = map[string]string{
	tableSetting: "challenges", "SMS_CODE": "true", "MAGIC_LINK": "true", fromSetting: "sign-in@example.org",
	pagesSetting: "https://app.example.org/sign-in",
}

func with(changes map[string]string) map[string]string {
	all := maps.Clone(everything)
	maps.Copy(all, changes)
	return all
}

func TestSetupNamesWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		environment map[string]string
		want        string // "": nothing is wrong
	}{
		"everything": {everything, ""},
		"any device": {with(map[string]string{deviceSetting: "any", "CODE_DIGITS": "6"}), ""},
		"text messages only": {
			map[string]string{tableSetting: "c", "EMAIL_CODE": "false", "SMS_CODE": "true"}, ""},
		"no table":         {with(map[string]string{tableSetting: ""}), "CHALLENGES_TABLE is not set"},
		"no method":        {map[string]string{tableSetting: "c", "EMAIL_CODE": "false"}, "EMAIL_CODE and all other methods"},
		"no sender":        {with(map[string]string{fromSetting: ""}), "EMAIL_FROM is not a valid sender"},
		"odd sender":       {with(map[string]string{fromSetting: "example.org"}), "EMAIL_FROM is not a valid sender"},
		"odd reply":        {with(map[string]string{replySetting: "x"}), "EMAIL_REPLY_TO is not a valid address"},
		"no page":          {with(map[string]string{pagesSetting: ""}), "LINK_PAGES is not set"},
		"plain http":       {with(map[string]string{pagesSetting: "http://app.example.org"}), "LINK_PAGES has an address"},
		"user in the page": {with(map[string]string{pagesSetting: "https://a@b.example/"}), "LINK_PAGES has an address"},
		"seven digits":     {with(map[string]string{"CODE_DIGITS": "7"}), "CODE_DIGITS is unknown: use one of 6, 8"},
		"long-lived code":  {with(map[string]string{"CODE_MINUTES": "11"}), "CODE_MINUTES is out of range"},
		"long-lived link":  {with(map[string]string{"LINK_MINUTES": "61"}), "LINK_MINUTES is out of range"},
		"odd device":       {with(map[string]string{deviceSetting: "phone"}), "LINK_DEVICE is unknown: use one of same, any"},
		"slow answers":     {with(map[string]string{"ANSWER_AFTER_MS": "3001"}), "ANSWER_AFTER_MS is out of range"},
		"many messages":    {with(map[string]string{"MAX_MESSAGES": "51"}), "MAX_MESSAGES is out of range"},
		"odd sender id":    {with(map[string]string{"SMS_SENDER_ID": "My Shop"}), "SMS_SENDER_ID is not a valid sender"},
		"odd number":       {with(map[string]string{"SMS_ORIGINATION_NUMBER": "0432"}), "SMS_ORIGINATION_NUMBER is not"},
		"no Region":        {with(map[string]string{"AWS_REGION": ""}), "AWS_REGION "},
		"odd boolean":      {with(map[string]string{"MAGIC_LINK": "yes"}), "MAGIC_LINK is not a boolean"},
	} {
		aws := map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s"}
		maps.Copy(aws, c.environment)
		env := settings.FromMap(aws)
		_, err := setup(env)
		err = errors.Join(err, env.Err())
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: problems %v, want %q", name, err, c.want)
		}
	}
}

// outbox notes what is sent, takes its time, and fails if told to.
type outbox struct {
	mails []sending.Email
	sms   []sending.SMS
	takes time.Duration
	err   error
}

func (o *outbox) SendEmail(ctx context.Context, m sending.Email) (string, error) {
	o.mails = append(o.mails, m)
	return "", o.sent(ctx)
}

func (o *outbox) SendSMS(ctx context.Context, m sending.SMS) (string, error) {
	o.sms = append(o.sms, m)
	return "", o.sent(ctx)
}

func (o *outbox) sent(ctx context.Context) error {
	select {
	case <-time.After(o.takes):
		return o.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// world is the trigger with a store and an outbox.
type world struct {
	store   challenge.Store
	sent    *outbox
	metrics bytes.Buffer
	config  Config
}

func newWorld(t *testing.T, environment map[string]string) *world {
	t.Helper()
	env := settings.FromMap(environment)
	config, err := readConfig(env)
	if err := errors.Join(err, env.Err()); err != nil {
		t.Fatal(err)
	}
	return &world{store: memory.New(), sent: &outbox{}, config: config}
}

func (w *world) invoke(t *testing.T, payload []byte) ([]byte, error) {
	t.Helper()
	handle := newHandler(w.config, services{w.store, w.sent, w.sent}, time.Now)
	return trigger.New(events.CreateAuthChallenge, handle, &w.metrics).Invoke(t.Context(), payload)
}

func event(t *testing.T, name string) []byte {
	t.Helper()
	const base = "../../testevents/create-auth-challenge/CreateAuthChallenge_Authentication"
	payload, err := os.ReadFile(base + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

var codeOnly = map[string]string{tableSetting: "challenges", fromSetting: "sign-in@example.org"}

// digits of a code and random names differ from run to run.
var random = regexp.MustCompile(`"id":"[A-Z2-7]{26}"`)

// Whoever exists or not gets an answer of the same shape, after the same time, whatever the mail takes.
func TestUnknownUsersLookAlike(t *testing.T) {
	for name, takes := range map[string]time.Duration{"at once": 0, "slowly": 500 * time.Millisecond} {
		synctestRun(t, name, func(t *testing.T) {
			shape := func(event []byte) (string, time.Duration, int) {
				w := newWorld(t, codeOnly)
				w.sent.takes = takes
				began := time.Now()
				answer, err := w.invoke(t, event)
				if err != nil {
					t.Fatal(err)
				}
				response, err := events.Response(answer)
				if err != nil {
					t.Fatal(err)
				}
				return random.ReplaceAllString(string(response), `"id":"ID"`), time.Since(began), len(w.sent.mails)
			}
			known, knownTook, mails := shape(event(t, ""))
			unknown, unknownTook, none := shape(event(t, "-unknown-user"))
			unverified, unverifiedTook, _ := shape(event(t, "-unverified"))
			if known != unknown || known != unverified {
				t.Errorf("known %s\nunknown %s\nunverified %s", known, unknown, unverified)
			}
			if knownTook != unknownTook || knownTook != unverifiedTook || knownTook != 600*time.Millisecond {
				t.Errorf("known %v, unknown %v, unverified %v", knownTook, unknownTook, unverifiedTook)
			}
			if mails != 1 || none != 0 {
				t.Errorf("%d mails to a user, %d to nobody", mails, none)
			}
		})
	}
}

// synctestRun runs a subtest in which pauses take no time.
func synctestRun(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// The mail service decides nothing about the answer.
func TestMailTrouble(t *testing.T) {
	for name, c := range map[string]struct {
		takes time.Duration
		err   error
		count string
	}{
		"down":     {0, errors.New("ses (temporary): down"), `"MessagesLost":1`},
		"hangs":    {time.Hour, nil, `"MessagesLost":1`},
		"too slow": {time.Second, nil, `"AnsweredLate":1`},
		"in time":  {100 * time.Millisecond, nil, `"MessagesSent":1`},
	} {
		synctestRun(t, name, func(t *testing.T) {
			w := newWorld(t, codeOnly)
			w.sent.takes, w.sent.err = c.takes, c.err
			began := time.Now()
			answer, err := w.invoke(t, event(t, ""))
			if err != nil || !bytes.Contains(answer, []byte(`"EMAIL_CODE"`)) {
				t.Errorf("answer %s, error %v", answer, err)
			}
			if took := time.Since(began); took > 4100*time.Millisecond {
				t.Errorf("it took %v", took)
			}
			if !strings.Contains(w.metrics.String(), c.count) {
				t.Errorf("no %s in %s", c.count, w.metrics.String())
			}
		})
	}
}

// A delivery that Cognito repeats sends nothing again, and leads to the same code.
func TestRepeatedDeliveries(t *testing.T) {
	synctestRun(t, "three", func(t *testing.T) {
		w := newWorld(t, codeOnly)
		ids := map[string]bool{}
		for range 3 {
			answer, err := w.invoke(t, event(t, ""))
			if err != nil {
				t.Fatal(err)
			}
			var e struct {
				Response struct{ PrivateChallengeParameters map[string]string }
			}
			if err := json.Unmarshal(answer, &e); err != nil {
				t.Fatal(err)
			}
			ids[e.Response.PrivateChallengeParameters["id"]] = true
		}
		if len(w.sent.mails) != 1 || len(ids) != 1 {
			t.Errorf("%d mails, %d challenges", len(w.sent.mails), len(ids))
		}
	})
}

var inMail = regexp.MustCompile(`\b\d{8}\b`)

// The code is in the message alone: not in the answer, which has parameters that clients and logs may see.
func TestSecretsStayInTheMessage(t *testing.T) {
	synctestRun(t, "code", func(t *testing.T) {
		w := newWorld(t, codeOnly)
		answer, err := w.invoke(t, event(t, ""))
		if err != nil {
			t.Fatal(err)
		}
		code := inMail.FindString(w.sent.mails[0].Text)
		if code == "" || bytes.Contains(answer, []byte(code)) || strings.Contains(w.metrics.String(), code) {
			t.Errorf("code %q, answer %s", code, answer)
		}
	})
	synctestRun(t, "link", func(t *testing.T) {
		w := newWorld(t, with(map[string]string{"EMAIL_CODE": "false", "SMS_CODE": "false"}))
		answer, err := w.invoke(t, event(t, ""))
		if err != nil {
			t.Fatal(err)
		}
		link := regexp.MustCompile(`https://\S+`).FindString(w.sent.mails[0].Text)
		page, fragment, _ := strings.Cut(link, "#")
		token := regexp.MustCompile(`token=([A-Z2-7]{26})`).FindStringSubmatch(fragment)
		if page != "https://app.example.org/sign-in" || token == nil || bytes.Contains(answer, []byte(token[1])) {
			t.Errorf("link %s, answer %s", link, answer)
		}
	})
}

// BenchmarkChoice is the round that makes no call.
func BenchmarkChoice(b *testing.B) {
	payload, err := os.ReadFile("../../testevents/create-auth-challenge/CreateAuthChallenge_Authentication-choice.json")
	if err != nil {
		b.Fatal(err)
	}
	config, err := readConfig(settings.FromMap(everything))
	if err != nil {
		b.Fatal(err)
	}
	handler := trigger.New(events.CreateAuthChallenge, newHandler(config, services{}, time.Now), io.Discard)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := handler.Invoke(b.Context(), payload); err != nil {
			b.Fatal(err)
		}
	}
}
