package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/customsender"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/sendonce/memory"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

// outbox takes text messages, or fails.
type outbox struct {
	sent []sending.SMS
	err  error
}

func (o *outbox) SendSMS(_ context.Context, message sending.SMS) (string, error) {
	o.sent = append(o.sent, message)
	return "id", o.err
}

// plainCodes takes a code as it is.
type plainCodes struct{}

func (plainCodes) Decrypt(_ context.Context, _, code string) (string, error) { return code, nil }

func event(number, code string) []byte {
	text, err := json.Marshal(map[string]any{
		"version": "1", "triggerSource": "CustomSMSSender_SignUp", "userPoolId": "eu-west-1_Qk7Lm2XyZ", "userName": "ines",
		"request": map[string]any{
			"type": "customSMSSenderRequestV1", "code": code,
			"userAttributes": map[string]string{"sub": "6f0c", "phone_number": number, "given_name": "Canarygiven"},
		},
	})
	if err != nil {
		panic(err)
	}
	return text
}

// world returns a function that invokes the handler with settings over a complete environment.
func world(t *testing.T, more map[string]string, box *outbox, metrics *bytes.Buffer) func(payload []byte) error {
	t.Helper()
	env := settings.FromMap(onLambda(more))
	composer, err := messages.FromSettings(env)
	sender := customsender.FromSettings(env)
	sender.Codes, sender.Once, sender.Now = plainCodes{}, memory.New(), time.Now
	config := readConfig(env)
	if err := errors.Join(err, env.Err()); err != nil {
		t.Fatal(err)
	}
	handler := trigger.New(events.CustomSMSSender, newHandler(config, composer, box, sender), metrics)
	return func(payload []byte) error {
		_, err := handler.Invoke(t.Context(), payload)
		return err
	}
}

func TestMessage(t *testing.T) {
	var metrics bytes.Buffer
	box := &outbox{}
	invoke := world(t, map[string]string{senderIDSetting: "Example", originSetting: "+14325550100", priceSetting: "0.50",
		liveSetting: "300", entitySetting: "e", templateSetting: "t", "CONFIGURATION_SET": "set"}, box, &metrics)
	if err := invoke(event("+14325551212", "394017")); err != nil || len(box.sent) != 1 {
		t.Fatalf("%d messages, error %v", len(box.sent), err)
	}
	got := box.sent[0]
	if !strings.Contains(got.Text, "394017") || got.ID == "" {
		t.Errorf("message %+v", got)
	}
	got.Text, got.ID = "", ""
	want := sending.SMS{To: "+14325551212", SenderID: "Example", OriginationID: "+14325550100", ConfigurationSet: "set",
		MaxPrice: "0.50", TimeToLive: 5 * time.Minute, EntityID: "e", TemplateID: "t"}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// SMS pumping: a block of numbers gets a few messages, others are not affected; other countries get none.
func TestPumping(t *testing.T) {
	var metrics bytes.Buffer
	box := &outbox{}
	invoke := world(t, map[string]string{blockSetting: "3"}, box, &metrics)
	for i := range 10 {
		if err := invoke(event(fmt.Sprintf("+1432555%04d", i), fmt.Sprint("a", i))); err != nil {
			t.Error(err)
		}
	}
	for i, number := range []string{"+14325561212", "+33612345678", "+18765551212", "+14165551212", "+999123456789"} {
		if err := invoke(event(number, fmt.Sprint("b", i))); err != nil {
			t.Error(err)
		}
	}
	var to []string
	for _, message := range box.sent {
		to = append(to, message.To)
	}
	const want = "+14325550000 +14325550001 +14325550002 +14325561212 +33612345678"
	if strings.Join(to, " ") != want {
		t.Errorf("sent to %s, want %s", to, want)
	}
	for name, n := range map[string]int{
		customsender.MessagesThrottled: 7, countriesRefused: 3, customsender.MessagesRefused: 3, customsender.MessagesSent: 5,
	} {
		if got := strings.Count(metrics.String(), `"`+name+`":1`); got != n {
			t.Errorf("%s is %d, want %d", name, got, n)
		}
	}
}

func TestEverywhere(t *testing.T) {
	var metrics bytes.Buffer
	box := &outbox{}
	invoke := world(t, map[string]string{countriesSetting: "*"}, box, &metrics)
	if err := invoke(event("+18765551212", "1")); err != nil || len(box.sent) != 1 {
		t.Errorf("%d messages, error %v", len(box.sent), err)
	}
}

func TestConfigProblems(t *testing.T) {
	for name, c := range map[string]struct {
		set  map[string]string
		want string
	}{
		"complete":           {},
		"no countries":       {set: map[string]string{countriesSetting: ""}, want: countriesSetting + " is not set: list"},
		"no country":         {set: map[string]string{countriesSetting: "US,UK"}, want: countriesSetting + " has an entry"},
		"small letters":      {set: map[string]string{countriesSetting: "us"}, want: countriesSetting + " has an entry"},
		"nobody sends":       {set: map[string]string{snsSetting: "false"}, want: snsSetting + " is off, and HTTP_"},
		"both":               {set: map[string]string{endUserMessagingSetting: "true"}, want: "are both on"},
		"End User Messaging": {set: map[string]string{snsSetting: "false", endUserMessagingSetting: "true"}},
		"sender":             {set: map[string]string{senderIDSetting: "too long a name"}, want: senderIDSetting + " is not"},
		"price":              {set: map[string]string{priceSetting: "half"}, want: priceSetting + " is not a price"},
		"short life":         {set: map[string]string{liveSetting: "4"}, want: liveSetting + " is out of range"},
		"half of India":      {set: map[string]string{entitySetting: "e"}, want: entitySetting + " and"},
		"block":              {set: map[string]string{blockSetting: "many"}, want: blockSetting + " is out of range"},
	} {
		t.Run(name, func(t *testing.T) {
			env := settings.FromMap(onLambda(c.set))
			if _, err := setup(env); err != nil {
				t.Fatal(err)
			}
			if err := env.Err(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("problem %v, want %q", err, c.want)
			}
		})
	}
}

// No log and no metrics line may hold a number, a name or a code.
func TestNoPersonalDataInLogs(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	for name, c := range map[string]struct {
		number string
		err    error
	}{
		"sent":          {number: "+14325551212"},
		"SNS fails":     {number: "+14325551212", err: errors.New("no +14325551212 with canary-394017, Canarygiven")},
		"other country": {number: "+18765551212"},
		"no number":     {number: "14325551212"},
	} {
		t.Run(name, func(t *testing.T) {
			var logs, metrics bytes.Buffer
			trigger.UseLog(&logs, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
			err := world(t, nil, &outbox{err: c.err}, &metrics)(event(c.number, "canary-394017"))
			if name != "sent" && logs.Len() == 0 {
				t.Fatal("nothing was logged, so nothing was shown")
			}
			for _, text := range []string{logs.String(), metrics.String(), fmt.Sprint(err)} {
				if strings.Contains(strings.ToLower(text), "canary") || strings.Contains(text, strings.Trim(c.number, "+")) {
					t.Errorf("personal data in %s", text)
				}
			}
		})
	}
}
