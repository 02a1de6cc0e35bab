package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/customsender"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/scrub/scrubtest"
	"cognito-triggers/shared/sendercode"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/sendonce/memory"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

// outbox takes mail, or fails.
type outbox struct {
	mails []sending.Email
	err   error
}

func (o *outbox) SendEmail(_ context.Context, mail sending.Email) (string, error) {
	o.mails = append(o.mails, mail)
	return "id", o.err
}

// codes decrypts to one text, or fails.
type codes struct {
	text string
	err  error
}

func (c codes) Decrypt(context.Context, string, string) (string, error) { return c.text, c.err }

func event(source string, attributes map[string]string) []byte {
	all := map[string]string{"sub": "6f0c", "email": "ines@EXAMPLE.org", "given_name": "Ines"}
	maps.Copy(all, attributes)
	text, err := json.Marshal(map[string]any{
		"version": "1", "triggerSource": source, "userPoolId": "eu-west-1_Qk7Lm2XyZ", "userName": "ines",
		"request": map[string]any{"type": "customEmailSenderRequestV1", "code": "encrypted", "userAttributes": all},
	})
	if err != nil {
		panic(err)
	}
	return text
}

// invoke runs the handler with settings over a complete environment.
func invoke(t *testing.T, more map[string]string, box *outbox, c codes, payload []byte, metrics *bytes.Buffer) error {
	t.Helper()
	env := settings.FromMap(onLambda(more))
	composer, err := messages.FromSettings(env)
	sender := customsender.FromSettings(env)
	sender.Codes, sender.Once, sender.Now = c, memory.New(), time.Now
	config := readConfig(env)
	if err := errors.Join(err, env.Err()); err != nil {
		t.Fatal(err)
	}
	handler := trigger.New(events.CustomEmailSender, newHandler(config, composer, box, sender), metrics)
	_, err = handler.Invoke(t.Context(), payload)
	return err
}

func TestMail(t *testing.T) {
	var metrics bytes.Buffer
	box := &outbox{}
	err := invoke(t, map[string]string{replySetting: "Help <help@example.org>", configurationSetSetting: "set",
		tagsSetting: "app=shop,team=a"}, box, codes{text: "394017"}, event("CustomEmailSender_SignUp", nil), &metrics)
	if err != nil || len(box.mails) != 1 {
		t.Fatalf("%d mails, error %v", len(box.mails), err)
	}
	mail := box.mails[0]
	if mail.From != "Example <hello@example.org>" || mail.To != "ines@example.org" || mail.ID == "" ||
		mail.ReplyTo != "Help <help@example.org>" || mail.ConfigurationSet != "set" ||
		!maps.Equal(mail.Tags, map[string]string{"app": "shop", "team": "a", "source": "SignUp"}) {
		t.Errorf("mail %+v", mail)
	}
	for _, text := range []string{mail.HTML, mail.Text} {
		if strings.Count(text, "394017") != 1 {
			t.Errorf("the code is not once in %s", text)
		}
	}
	for _, want := range []string{`"MessagesSent":1`, `"Locale":"en"`} {
		if !strings.Contains(metrics.String(), want) {
			t.Errorf("metrics lack %s: %s", want, metrics.String())
		}
	}
}

func TestConfigProblems(t *testing.T) {
	for name, c := range map[string]struct {
		set  map[string]string
		want string
	}{
		"complete":   {},
		"no sender":  {set: map[string]string{fromSetting: ""}, want: fromSetting + " is not set"},
		"bad sender": {set: map[string]string{fromSetting: "hello"}, want: fromSetting + " is not an address"},
		"bad reply":  {set: map[string]string{replySetting: "x"}, want: replySetting + " is not an address"},
		"bad tags":   {set: map[string]string{tagsSetting: "a"}, want: tagsSetting + " is not a list of tags"},
		"our tag":    {set: map[string]string{tagsSetting: "source=x"}, want: tagsSetting + " is not a list of tags"},
		"nobody sends": {
			set:  map[string]string{sesSetting: "false"},
			want: "SEND_WITH_SES is off, and HTTP_PROVIDER_URL",
		},
		"HTTP alone": {set: map[string]string{sesSetting: "false", "HTTP_PROVIDER_URL": "https://mail.example.org/"}},
		"HTTP in the open": {
			set:  map[string]string{"HTTP_PROVIDER_URL": "http://mail.example.org/"},
			want: "HTTP_PROVIDER_URL",
		},
		"secret alone": {
			set:  map[string]string{"HTTP_PROVIDER_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:1:secret:x"},
			want: "HTTP_PROVIDER_SECRET_ARN is set and HTTP_PROVIDER_URL is not",
		},
		"no key":        {set: map[string]string{sendercode.KeySetting: ""}, want: sendercode.KeySetting + " is not set"},
		"no table":      {set: map[string]string{"SENT_TABLE": ""}, want: "SENT_TABLE is not set"},
		"other doubt":   {set: map[string]string{"WHEN_UNCERTAIN": "ask"}, want: "WHEN_UNCERTAIN is unknown"},
		"limit":         {set: map[string]string{"MAX_PER_RECIPIENT": "-1"}, want: "MAX_PER_RECIPIENT is out of range"},
		"brand":         {set: map[string]string{"BRAND_NAME": "<b>"}, want: "BRAND_NAME"},
		"no AWS Region": {set: map[string]string{"AWS_REGION": ""}, want: "AWS_REGION is not set"},
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

// No log and no metrics line may hold a value of the user or the code, whatever happens.
func TestNoPersonalDataInLogs(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	user := map[string]string{"email": "Canary.Address@EXAMPLE.org", "given_name": "Canarygiven"}
	repeats := fmt.Errorf("no mail with canary-394017 to canary.address@example.org (%s)", user["given_name"])
	for name, c := range map[string]struct {
		box    outbox
		codes  codes
		event  []byte
		logged bool
	}{
		"sent": {codes: codes{text: "canary-394017"}, event: event("CustomEmailSender_SignUp", user)},
		"SES fails": {
			box:    outbox{err: repeats},
			codes:  codes{text: "canary-394017"},
			event:  event("CustomEmailSender_SignUp", user),
			logged: true,
		},
		"KMS fails": {
			codes:  codes{err: errors.New("no key for canary.address@example.org")},
			event:  event("CustomEmailSender_SignUp", user),
			logged: true,
		},
		"a password": {
			box:    outbox{err: errors.New("canary<1>")},
			codes:  codes{text: "canary&lt;1&gt;"},
			event:  event("CustomEmailSender_AdminCreateUser", user),
			logged: true,
		},
		"no address": {
			codes:  codes{text: "canary-394017"},
			event:  event("CustomEmailSender_SignUp", map[string]string{"email": "canary"}),
			logged: true,
		},
		"new source": {codes: codes{text: "canary-394017"}, event: event("CustomEmailSender_Future", user), logged: true},
		"a service": {
			box:    outbox{err: scrubtest.Error("about canary")},
			codes:  codes{text: "canary-394017"},
			event:  event("CustomEmailSender_SignUp", user),
			logged: true,
		},
		"KMS's answer": {
			codes:  codes{err: scrubtest.Error("about canary")},
			event:  event("CustomEmailSender_SignUp", user),
			logged: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var logs, metrics bytes.Buffer
			trigger.UseLog(&logs, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
			err := invoke(t, nil, &c.box, c.codes, c.event, &metrics)
			if c.logged && logs.Len() == 0 {
				t.Fatal("nothing was logged, so nothing was shown")
			}
			for _, text := range []string{logs.String(), metrics.String(), fmt.Sprint(err)} {
				if strings.Contains(strings.ToLower(text), "canary") {
					t.Errorf("a canary in %s", text)
				}
			}
		})
	}
}
