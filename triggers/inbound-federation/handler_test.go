package main

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/inbound"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/scrub/scrubtest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

func handlerWith(t testing.TB, rules string) lambda.Handler {
	t.Helper()
	env := settings.FromMap(map[string]string{rulesSetting: rules})
	config := readConfig(env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	return trigger.New(events.InboundFederation, newHandler(config), io.Discard)
}

func TestGoldenEvents(t *testing.T) {
	triggertest.Replay(t, testevents.FS(), "inbound-federation", func(t *testing.T, c golden.Case) lambda.Handler {
		return handlerWith(t, c.Config.Environment[rulesSetting])
	})
}

// No answer to a golden event holds a token of the provider.
func TestTokensReachNoAnswer(t *testing.T) {
	cases, err := golden.Load(testevents.FS(), "inbound-federation")
	if err != nil {
		t.Fatal(err)
	}
	tokens := 0
	for _, c := range cases {
		tokens += bytes.Count(c.Event, []byte("live-"))
		got := triggertest.Invoke(t, handlerWith(t, c.Config.Environment[rulesSetting]), c.Event)
		_, response, _ := bytes.Cut(got.Answer, []byte(`"response"`))
		if bytes.Contains(response, []byte("live-")) || strings.Contains(got.Error, "live-") {
			t.Errorf("%s: a token in %s%s", c.Name, response, got.Error)
		}
	}
	if tokens == 0 {
		t.Error("no event has a token")
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ rules, want string }{
		"no JSON": {rules: "{", want: "ATTRIBUTE_RULES is wrong: line 1"},
		"a role": {
			rules: `{"rules":[{"rename":"role","to":"custom:role"}]}`,
			want:  "ATTRIBUTE_RULES is wrong: rules[0].authority: must be true",
		},
		"the subject": {rules: `{"rules":[{"drop":"sub"}]}`, want: "ATTRIBUTE_RULES is wrong: rules[0].drop: sub identifies"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := settings.FromMap(map[string]string{rulesSetting: c.rules})
			readConfig(env)
			if err := env.Err(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("problems %v, want %s", err, c.want)
			}
		})
	}
	function, err := manifest.Read("function.json")
	if err != nil {
		t.Fatal(err)
	}
	env := settings.FromMap(function.Environment)
	if readConfig(env); env.Err() != nil {
		t.Errorf("the manifest's settings: %v", env.Err())
	}
}

// Every rule file that the README shows must load.
func TestReadmeExamplesLoad(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	loaded := 0
	for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(readme, -1) {
		loaded++
		if _, err := inbound.Compile(block[1]); err != nil {
			t.Errorf("%v in\n%s", err, block[1])
		}
	}
	if loaded == 0 {
		t.Error("README.md shows no rule file")
	}
}

// Neither tokens nor values of the user may reach a log.
func TestLogsHoldNoPersonalData(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	const request = `"providerName":"Okta","providerType":"OIDC","attributes":{"tokenResponse":{"access_token":` +
		`"canary-access","id_token":"canary-id","refresh_token":"canary-refresh"},"idToken":{"sub":"canary-sub","groups":` +
		`"canary-group","email":"canary@example.org","name":"` + scrubtest.Value + `"},"userInfo":{"note":"NOTE"}}`
	for name, c := range map[string]struct{ rules, request string }{
		"dropped": {rules: `{"rules":[]}`, request: request},
		"cut":     {rules: `{"rules":[]}`, request: strings.Replace(request, "NOTE", strings.Repeat("canary", 400), 1)},
		"refused": {rules: `{"rules":[{"domains":"email","allowed":["a.example"],"text":"No"}]}`, request: request},
		"too long": {
			rules:   `{"rules":[]}`,
			request: strings.Replace(request, "canary-sub", strings.Repeat("canary", 400), 1),
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log, metrics bytes.Buffer
			trigger.UseLog(&log, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
			env := settings.FromMap(map[string]string{rulesSetting: c.rules})
			handler := trigger.New(events.InboundFederation, newHandler(readConfig(env)), &metrics)
			got := triggertest.Invoke(t, handler, []byte(`{"version":"1","triggerSource":"InboundFederation_ExternalProvider",`+
				`"userPoolId":"eu-west-1_a","userName":"Okta_canary-sub","request":{`+c.request+`},"response":{}}`))
			text := log.String() + metrics.String() + got.Error
			scrubtest.Check(t, text)
			if strings.Contains(text, "canary") || metrics.Len() == 0 {
				t.Errorf("a canary in %s", text)
			}
		})
	}
}

// BenchmarkSignIn is the warm path: decode, rules, answer, metrics line.
func BenchmarkSignIn(b *testing.B) {
	handler := handlerWith(b, `{"rules":[{"lowerCase":"email"},{"rename":"hd","to":"custom:tenant"}]}`)
	event, err := os.ReadFile("../../testevents/inbound-federation/InboundFederation_ExternalProvider.json")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := handler.Invoke(b.Context(), event); err != nil {
			b.Fatal(err)
		}
	}
}
