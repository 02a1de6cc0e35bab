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
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cognito-triggers/shared/admission"
	"cognito-triggers/shared/admission/gate"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/scrub/scrubtest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

// source is a source of facts whose calls can fail or hang.
type source struct {
	access profile.Access
	groups []string
	err    error
	hang   bool
	keys   []string
}

func (s *source) call(ctx context.Context, key string) error {
	s.keys = append(s.keys, key)
	if s.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.err
}

// Get implements gate.Profiles.
func (s *source) Get(ctx context.Context, k profile.Key) (profile.Profile, error) {
	return profile.Profile{Access: s.access}, s.call(ctx, k.String())
}

// GroupsOf implements gate.Groups.
func (s *source) GroupsOf(ctx context.Context, _, userName string) ([]string, error) {
	return s.groups, s.call(ctx, userName)
}

func rules(t *testing.T, text string) *admission.Set {
	t.Helper()
	set, err := admission.Compile([]byte(`{"rules":[` + text + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

const (
	user    = `"userAttributes":{"sub":"6f0c","email":"ines@example.org"},"userNotFound":false`
	nobody  = `"userAttributes":{},"userNotFound":true`
	refuses = `{"rule":"suspended","text":"Suspended","onUnavailable":"refuse"}`
	allows  = `{"rule":"suspended","text":"Suspended","onUnavailable":"allow"}`
	staff   = `{"rule":"groups","anyOf":["staff"],"text":"For staff","onUnavailable":"refuse"}`
)

func event(request string) []byte {
	return []byte(`{"version":"1","triggerSource":"PreAuthentication_Authentication","region":"eu-west-1",` +
		`"userPoolId":"eu-west-1_Qk7Lm2XyZ","userName":"ines","callerContext":{"clientId":"app"},"request":{` + request +
		`,"validationData":{"note":"canary-note"}},"response":{}}`)
}

func counted(t *testing.T, metrics []byte, name string) int {
	t.Helper()
	var line map[string]any
	if err := json.Unmarshal(metrics, &line); err != nil {
		t.Fatal(err)
	}
	n, _ := line[name].(float64)
	return int(n)
}

// While a source is down, each rule does what it says.
func TestSourceDown(t *testing.T) {
	down := errors.New("connection refused")
	for name, c := range map[string]struct {
		rules, want string
		counts      []string
	}{
		"open":   {rules: allows, counts: []string{gate.ProfilesUnavailable, gate.RulesPassed}},
		"closed": {rules: refuses, want: "generic", counts: []string{gate.ProfilesUnavailable, gate.SignInsUndecided}},
		"open and closed": {
			rules: allows + "," + staff, want: "generic",
			counts: []string{gate.ProfilesUnavailable, gate.RulesPassed, gate.GroupsUnavailable, gate.SignInsUndecided},
		},
		"refused for another reason": {
			rules: `{"rule":"clients","noneOf":["app"],"text":"Update"},` + refuses, want: "Update",
			counts: []string{gate.ProfilesUnavailable, gate.SignInsRefused},
		},
		"rule of another app client": {
			rules: strings.Replace(refuses, `"text"`, `"when":{"clients":["other"]},"text"`, 1),
		},
	} {
		for _, request := range []string{user, nobody} {
			t.Run(name, func(t *testing.T) {
				var metrics bytes.Buffer
				g := &gate.Gate{
					Rules: rules(t, c.rules), Profiles: &source{err: down}, Groups: &source{err: down}, Now: time.Now,
				}
				got := triggertest.Invoke(t, trigger.New(events.PreAuthentication, newHandler(g), &metrics), event(request))
				want := strings.Replace(c.want, "generic", trigger.GenericMessage(triggertest.RequestID), 1)
				if got.Error != want {
					t.Errorf("error %q, want %q", got.Error, want)
				}
				for _, counter := range c.counts {
					if counted(t, metrics.Bytes(), counter) != 1 {
						t.Errorf("%s is not counted once in %s", counter, metrics.Bytes())
					}
				}
			})
		}
	}
}

func TestStalledSourceLeavesTimeToAnswer(t *testing.T) {
	for name, rule := range map[string]string{"open": allows, "closed": refuses} {
		synctest.Test(t, func(t *testing.T) {
			g := &gate.Gate{Rules: rules(t, rule+","+strings.Replace(staff, "refuse", "allow", 1)),
				Profiles: &source{hang: true}, Groups: &source{hang: true}, Now: time.Now}
			began := time.Now()
			_, err := trigger.New(events.PreAuthentication, newHandler(g), io.Discard).Invoke(t.Context(), event(user))
			if (err != nil) != (name == "closed") {
				t.Errorf("%s: error %v", name, err)
			}
			if took := time.Since(began); took > 3500*time.Millisecond {
				t.Errorf("%s: answered after %v", name, took)
			}
		})
	}
}

// A sign-in of nobody makes the calls of a sign-in of somebody, and gets the answer of a user without profile and
// groups.
func TestNobodyTakesTheSamePath(t *testing.T) {
	for name, rule := range map[string]string{"no groups": refuses, "groups": refuses + "," + staff} {
		t.Run(name, func(t *testing.T) {
			outcomes := map[string]string{}
			calls := map[string]int{}
			for who, request := range map[string]string{"somebody": user, "nobody": nobody} {
				profiles, groups := &source{err: profile.ErrNotFound}, &source{}
				g := &gate.Gate{Rules: rules(t, rule), Profiles: profiles, Groups: groups, Now: time.Now}
				got := triggertest.Invoke(t, triggertest.Wrap(events.PreAuthentication, newHandler(g)), event(request))
				outcomes[who], calls[who] = got.Error, len(profiles.keys)+10*len(groups.keys)
			}
			if outcomes["nobody"] != outcomes["somebody"] || calls["nobody"] != calls["somebody"] || calls["nobody"] == 0 {
				t.Errorf("outcomes %q, calls %v", outcomes, calls)
			}
		})
	}
	suspended := &source{access: profile.Access{Suspended: true}}
	g := &gate.Gate{Rules: rules(t, refuses), Profiles: suspended, Now: time.Now}
	got := triggertest.Invoke(t, triggertest.Wrap(events.PreAuthentication, newHandler(g)), event(nobody))
	if got.Error != "" || strings.Contains(suspended.keys[0], "6f0c") {
		t.Errorf("nobody was found under %v: %s", suspended.keys, got.Error)
	}
}

func TestEachFactIsReadOnce(t *testing.T) {
	profiles := &source{access: profile.Access{Groups: []string{"staff"}}}
	g := &gate.Gate{Rules: rules(t, refuses+","+allows+","+staff), Profiles: profiles, Now: time.Now}
	got := triggertest.Invoke(t, triggertest.Wrap(events.PreAuthentication, newHandler(g)), event(user))
	if got.Error != "" || len(profiles.keys) != 1 {
		t.Errorf("error %q, reads %v", got.Error, profiles.keys)
	}
}

func TestGroupsOfThePool(t *testing.T) {
	pages := map[string]string{
		"":    `{"Groups":[{"GroupName":"members"}],"NextToken":"two"}`,
		"two": `{"Groups":[{"GroupName":"staff"}]}`,
	}
	var failure string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ UserPoolId, Username, NextToken string }
		if json.NewDecoder(r.Body).Decode(&in) != nil || in.UserPoolId != "eu-west-1_Qk7Lm2XyZ" || in.Username != "ines" ||
			r.Header.Get("X-Amz-Target") != "AWSCognitoIdentityProviderService.AdminListGroupsForUser" {
			t.Errorf("request %+v", in)
		}
		if failure != "" {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"__type":%q}`, failure)
			return
		}
		_, _ = io.WriteString(w, pages[in.NextToken])
	}))
	t.Cleanup(server.Close)
	env := settings.FromMap(map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_ENDPOINT_URL": server.URL,
		groupsSetting: "true", rulesSetting: `{"rules":[` + staff + `]}`,
	})
	handler := triggertest.Wrap(events.PreAuthentication, newHandler(newGate(env, readConfig(env))))
	for _, c := range []struct{ failure, want string }{
		{want: ""},
		{failure: "UserNotFoundException", want: "For staff"},
		{failure: "AccessDeniedException", want: trigger.GenericMessage(triggertest.RequestID)},
	} {
		failure = c.failure
		if got := triggertest.Invoke(t, handler, event(user)); got.Error != c.want {
			t.Errorf("with %q: error %q, want %q", c.failure, got.Error, c.want)
		}
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings map[string]string
		want     string
	}{
		"wrong rules": {
			settings: map[string]string{rulesSetting: `{"rules":[{"rule":"clients","anyOf":["a"]}]}`},
			want:     "SIGN_IN_RULES is wrong: rules[0].text: is missing: say what the user reads",
		},
		"profile without a table": {
			settings: map[string]string{rulesSetting: `{"rules":[` + refuses + `]}`},
			want:     "PROFILE_TABLE is not set: rules in SIGN_IN_RULES look at the profile, so name the DynamoDB table",
		},
		"groups from nowhere": {
			settings: map[string]string{rulesSetting: `{"rules":[` + staff + `]}`},
			want:     "READ_GROUPS_FROM_POOL is not true, and PROFILE_TABLE is not set: rules in SIGN_IN_RULES look at groups",
		},
		"groups from somewhere": {
			settings: map[string]string{groupsSetting: "maybe"},
			want:     "READ_GROUPS_FROM_POOL is not a boolean",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := settings.FromMap(c.settings)
			readConfig(env)
			if err := env.Err(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("problems %v, want %s", err, c.want)
			}
		})
	}
}

// Without settings the function starts and asks no service.
func TestDefaults(t *testing.T) {
	t.Parallel()
	function, err := manifest.Read("function.json")
	if err != nil {
		t.Fatal(err)
	}
	unset := settings.FromMap(nil)
	config := readConfig(unset)
	g := newGate(unset, config)
	if err := unset.Err(); err != nil || g.Profiles != nil || g.Groups != nil {
		t.Errorf("problems %v, gate %+v", err, g)
	}
	if !reflect.DeepEqual(readConfig(settings.FromMap(function.Environment)), config) {
		t.Error("the manifest's settings are not the defaults")
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
		if _, err := admission.Compile(block[1]); err != nil {
			t.Errorf("%v in\n%s", err, block[1])
		}
	}
	if loaded == 0 {
		t.Error("README.md shows no rule file")
	}
}

// Neither values of the user nor what a service says may reach a log.
func TestLogsHoldNoPersonalData(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	request := `"userAttributes":{"sub":"canary-sub","email":"canary@example.org","name":"` + scrubtest.Value + `"}`
	failures := scrubtest.Errors()
	failures["repeats values"] = errors.New("nothing about canary@example.org, canary-note and canary-sub")
	for name, failure := range failures {
		t.Run(name, func(t *testing.T) {
			var log, metrics bytes.Buffer
			trigger.UseLog(&log, settings.FromMap(map[string]string{"LOG_LEVEL": "debug"}))
			down := &source{err: fmt.Errorf("call: %w", failure)}
			g := &gate.Gate{Rules: rules(t, allows+","+staff), Profiles: down, Groups: down, Now: time.Now}
			got := triggertest.Invoke(t, trigger.New(events.PreAuthentication, newHandler(g), &metrics), event(request))
			if !strings.Contains(log.String(), `"error":"`) {
				t.Fatalf("no error was logged: %s", log.String())
			}
			text := log.String() + metrics.String() + got.Error
			scrubtest.Check(t, text)
			if strings.Contains(text, "canary") {
				t.Errorf("a canary in %s", text)
			}
		})
	}
}
