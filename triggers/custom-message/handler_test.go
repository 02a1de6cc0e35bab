package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/scrub/scrubtest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	triggertest.Replay(t, testevents.FS(), "custom-message", func(t *testing.T, c golden.Case) lambda.Handler {
		env := triggertest.Settings(t, c)
		handle, err := setup(env)
		if err := errors.Join(err, env.Err()); err != nil {
			t.Fatal(err)
		}
		return triggertest.Wrap(events.CustomMessage, handle)
	})
}

// TestGoldenSet: every source has its golden events, in each language and with mail.
func TestGoldenSet(t *testing.T) {
	for _, source := range cognito.CustomMessage.Sources() {
		for _, name := range []string{source, source + "-korean-ses"} {
			if _, err := fs.Stat(testevents.FS(), "custom-message/"+name+".json"); err != nil {
				t.Error(err)
			}
		}
	}
}

type fake struct {
	message messages.Message
	err     error
	got     messages.Request
}

func (f *fake) Compose(r messages.Request) (messages.Message, error) {
	f.got = r
	return f.message, f.err
}

const event = `{"version":"1","triggerSource":"CustomMessage_AdminCreateUser","userName":"ines",` +
	`"request":{"userAttributes":{"locale":"ko"},"codeParameter":"{####}","usernameParameter":"{username}",` +
	`"linkParameter":"{##x##}","clientMetadata":{"locale":"en"}},"response":{"smsMessage":null,"emailMessage":null,` +
	`"emailSubject":null}}`

func TestHandler(t *testing.T) {
	const untouched = `"response":{"smsMessage":null,"emailMessage":null,"emailSubject":null}`
	for name, c := range map[string]struct {
		compose fake
		want    string // part of the answer
		metrics []string
	}{
		"all texts": {
			compose: fake{message: messages.Message{Locale: "ko", SMS: "s", HTML: "h", Subject: "t"}},
			want:    `"response":{"smsMessage":"s","emailMessage":"h","emailSubject":"t"}`,
			metrics: []string{`"Locale":"ko"`},
		},
		"SMS alone": {
			compose: fake{message: messages.Message{SMS: "s"}},
			want:    `"response":{"smsMessage":"s","emailMessage":null,"emailSubject":null}`,
		},
		"shorter text": {
			compose: fake{message: messages.Message{SMS: "s", Shortened: true}},
			want:    `"smsMessage":"s"`,
			metrics: []string{`"MessagesShortened":1`},
		},
		"omitted texts": {
			compose: fake{message: messages.Message{Omitted: true}},
			want:    untouched,
			metrics: []string{`"MessageFallbacks":1`},
		},
		"failure": {
			compose: fake{err: errors.New("broken template")},
			want:    untouched,
			metrics: []string{`"MessageFallbacks":1`, `"Outcome":"answered"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var metrics bytes.Buffer
			handler := trigger.New(events.CustomMessage, newHandler(Config{Email: true}, &c.compose), &metrics)
			answer := triggertest.Invoke(t, handler, []byte(event))
			if answer.Error != "" || !strings.Contains(string(answer.Answer), c.want) {
				t.Errorf("got %s %s, want %s", answer.Error, answer.Answer, c.want)
			}
			for _, want := range c.metrics {
				if !strings.Contains(metrics.String(), want) {
					t.Errorf("metrics line lacks %s: %s", want, metrics.String())
				}
			}
			if c.metrics == nil && (strings.Contains(metrics.String(), fallbacks) ||
				strings.Contains(metrics.String(), shortened)) {
				t.Errorf("metrics line counts what did not happen: %s", metrics.String())
			}
		})
	}
}

func TestRequest(t *testing.T) {
	compose := &fake{}
	handler := trigger.New(events.CustomMessage, newHandler(Config{Email: true, ByLink: true}, compose), &bytes.Buffer{})
	triggertest.Invoke(t, handler, []byte(event))
	got := compose.got
	if got.Kind != messages.AdminCreateUser || got.UserName != "ines" || got.Attributes["locale"] != "ko" ||
		got.Metadata["locale"] != "en" ||
		got.Code != "{####}" || got.Username != "{username}" || got.Link != "{##x##}" || !got.Email || !got.ByLink {
		t.Errorf("got %+v", got)
	}
}

// TestUnchanged: what is not this function's to answer goes back byte for byte.
func TestUnchanged(t *testing.T) {
	handle, err := setup(settings.FromMap(nil))
	if err != nil {
		t.Fatal(err)
	}
	handler := triggertest.Wrap(events.CustomMessage, handle)
	for _, source := range []string{"CustomMessage_Future", "CustomMessage_Welcome", "CustomMessage_",
		"PreSignUp_SignUp"} {
		t.Run(source, func(t *testing.T) {
			sent := []byte(strings.Replace(event, "CustomMessage_AdminCreateUser", source, 1))
			got := triggertest.Invoke(t, handler, sent)
			if got.Error != "" || !bytes.Equal(got.Answer, sent) {
				t.Errorf("got %s %s", got.Error, got.Answer)
			}
		})
	}
}

func TestConfigProblems(t *testing.T) {
	for name, value := range map[string]string{
		"EMAIL_SENDING_ACCOUNT": "developer", "VERIFICATION": "both", "DEFAULT_LOCALE": "fr", "BRAND_NAME": "{####}",
		"SUPPORT_ADDRESS": "nobody", "SIGN_IN_URL": "ftp://example.org",
	} {
		t.Run(name, func(t *testing.T) {
			env := settings.FromMap(map[string]string{name: value})
			if _, err := setup(env); err != nil {
				t.Fatal(err)
			}
			if err := env.Err(); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("problem %v, want one that names %s", err, name)
			}
		})
	}
}

// FuzzHandler sends hostile attributes through the whole function: it never fails, and every text has its code once.
func FuzzHandler(f *testing.F) {
	f.Add("SignUp", "ines", `{####}<script>`, "ko", "{####}", "{username}")
	f.Add("AdminCreateUser", "n", "a\r\nb", "../..", "####", "{####}")
	handle, err := setup(settings.FromMap(map[string]string{"EMAIL_SENDING_ACCOUNT": "DEVELOPER"}))
	if err != nil {
		f.Fatal(err)
	}
	handler := triggertest.Wrap(events.CustomMessage, handle)
	f.Fuzz(func(t *testing.T, source, user, name, locale, code, username string) {
		request := map[string]any{
			"userAttributes": map[string]string{"given_name": name, "name": name, "locale": locale}, "codeParameter": code,
			"usernameParameter": username,
		}
		sent, err := json.Marshal(map[string]any{
			"triggerSource": "CustomMessage_" + source,
			"userName":      user,
			"request":       request,
		})
		if err != nil {
			t.Fatal(err)
		}
		got := triggertest.Invoke(t, handler, sent)
		if got.Error != "" {
			t.Fatalf("failed: %s", got.Error)
		}
		e, err := events.Decode[events.CustomMessageRequest, events.CustomMessageResponse](sent)
		if err != nil {
			t.Fatal(err)
		}
		response, err := events.Response(got.Answer)
		if err != nil {
			t.Fatal(err)
		}
		var answer events.CustomMessageResponse
		if response != nil && json.Unmarshal(response, &answer) != nil {
			t.Fatalf("response %s", response)
		}
		for _, text := range []*string{answer.SMSMessage, answer.EmailMessage} {
			if text != nil && strings.Count(*text, string(e.Request.CodeParameter)) != 1 {
				t.Errorf("code placeholder %q not once in %s", e.Request.CodeParameter, *text)
			}
		}
	})
}

// The trigger calls no service now; a composer that does must not bring its texts into the log either.
func TestTextsOfServicesReachNoLog(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	for name, failure := range scrubtest.Errors() {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			trigger.UseLog(&log, settings.FromMap(nil))
			handler := triggertest.Wrap(events.CustomMessage, newHandler(Config{}, &fake{err: failure}))
			if got := triggertest.Invoke(t, handler, []byte(event)); got.Error != "" {
				t.Error(got.Error)
			}
			if !strings.Contains(log.String(), `"error":"`) {
				t.Fatalf("no error was logged: %s", log.String())
			}
			scrubtest.Check(t, log.String())
		})
	}
}
