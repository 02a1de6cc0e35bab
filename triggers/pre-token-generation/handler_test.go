package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

var account = profile.Key{UserPoolID: "eu-west-1_Qk7Lm2XyZ", Sub: "6f0c1c9e-7d3a-4a55-9b57-0d1f5a3c2e11"}

// signIn is a version 2 event of that source.
func signIn(source string) []byte {
	return []byte(`{"version":"2","triggerSource":"` + source + `","region":"eu-west-1","userPoolId":"` +
		account.UserPoolID + `","userName":"ines.moreau",` +
		`"callerContext":{"awsSdkVersion":"aws-sdk-unknown-unknown","clientId":"4k2v"},"request":{"userAttributes":{"sub":"` +
		account.Sub + `","email":"ines@example.org"},` +
		`"groupConfiguration":{"groupsToOverride":["staff"],"iamRolesToOverride":[],"preferredRole":null},` +
		`"scopes":["openid"]},"response":{"claimsAndScopeOverrideDetails":null}}`)
}

var userSources = []string{
	cognito.TokenGenerationHostedAuth, cognito.TokenGenerationAuthentication, cognito.TokenGenerationNewPasswordChallenge,
	cognito.TokenGenerationAuthenticateDevice, cognito.TokenGenerationRefreshTokens,
}

func TestMissingProfileIsMade(t *testing.T) {
	for _, source := range userSources {
		t.Run(source, func(t *testing.T) {
			store := &faultyStore{Store: memory.New()}
			r := newRun(t, store, nil)
			for range 3 {
				if got := triggertest.Invoke(t, r.handler, signIn(source)); got.Error != "" {
					t.Fatal(got.Error)
				}
			}
			made, err := store.Get(t.Context(), account)
			if err != nil {
				t.Fatal(err)
			}
			if made.CreatedBy != source || made.Username != "ines.moreau" || made.Attributes["email"] != "ines@example.org" {
				t.Errorf("profile %+v", made)
			}
			if healed := r.counted(t, "ProfilesHealed"); healed != 1 || store.creates != 1 {
				t.Errorf("healed %d times with %d writes, want 1 and 1", healed, store.creates)
			}
		})
	}
}

func TestParallelSignInsMakeOneProfile(t *testing.T) {
	store := memory.New()
	config := readConfig(environment(t, withTable(nil)))
	handler := triggertest.Wrap(events.PreTokenGeneration, newHandler(config, store))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			got := triggertest.Invoke(t, handler, signIn(cognito.TokenGenerationAuthentication))
			if !strings.Contains(string(got.Answer), `"profile_id":"`+account.Sub) {
				t.Errorf("no claim from the profile in %s%s", got.Answer, got.Error)
			}
		})
	}
	wait.Wait()
	if _, err := store.Get(t.Context(), account); err != nil {
		t.Error(err)
	}
}

func TestProfileIsNotMade(t *testing.T) {
	deleted := func(t *testing.T, store *faultyStore) {
		if err := store.Delete(t.Context(), account, time.Now(), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		what    string
		event   []byte
		prepare func(*testing.T, *faultyStore)
		gets    int
		count   string
	}{
		{what: "machine client", event: signIn(cognito.TokenGenerationClientCredentials)},
		{
			what:    "deleted account",
			event:   signIn(cognito.TokenGenerationRefreshTokens),
			prepare: deleted,
			gets:    1,
			count:   "TombstonesRespected",
		},
		{
			what:  "account deleted in between",
			event: signIn(cognito.TokenGenerationRefreshTokens),
			prepare: func(t *testing.T, store *faultyStore) {
				store.onCreate = func() { deleted(t, store) }
			},
			gets:  1,
			count: "TombstonesRespected",
		},
		{
			what:  "store that does not take it",
			event: signIn(cognito.TokenGenerationAuthentication),
			prepare: func(_ *testing.T, store *faultyStore) {
				store.failCreate = errors.New("throttled")
			},
			gets:  1,
			count: "ProfilesNotHealed",
		},
		{
			what:  "no subject",
			event: []byte(strings.Replace(string(signIn(cognito.TokenGenerationAuthentication)), `"sub"`, `"bus"`, 1)),
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			store := &faultyStore{Store: memory.New()}
			if c.prepare != nil {
				c.prepare(t, store)
			}
			r := newRun(t, store, nil)
			got := triggertest.Invoke(t, r.handler, c.event)
			if got.Error != "" {
				t.Errorf("the sign-in failed: %s", got.Error)
			}
			if strings.Contains(string(got.Answer), "profile_id") {
				t.Errorf("a claim from a profile that is not there: %s", got.Answer)
			}
			if store.gets != c.gets {
				t.Errorf("%d reads, want %d", store.gets, c.gets)
			}
			if c.count != "" && r.counted(t, c.count) != 1 {
				t.Errorf("%s counted %d times, want once", c.count, r.counted(t, c.count))
			}
			if _, err := store.Store.Get(t.Context(), account); err == nil {
				t.Error("a profile was made")
			}
		})
	}
}

const failingRules = `{"rules":[{"claim":"tier","token":"access","from":"profile.attributes.tier",` +
	`"onUnavailable":"fail"}]}`

// errAccessDenied is the SDK's error for a refused call.
var errAccessDenied = errors.New(
	"operation error DynamoDB: GetItem, https response error StatusCode: 400, AccessDeniedException: " +
		"User: arn:aws:sts::123456789012:assumed-role/pre-token is not authorized on resource: " +
		"arn:aws:dynamodb:eu-west-1:123456789012:table/profiles")

func TestStoreDown(t *testing.T) {
	for _, c := range []struct{ what, rules, want string }{
		{what: "the built-in rules leave the claims out", want: ""},
		{what: "a rule says to fail", rules: failingRules, want: trigger.GenericMessage(triggertest.RequestID)},
		{
			what:  "a rule of another app client says to fail",
			rules: strings.Replace(failingRules, `{"claim"`, `{"when":{"clients":["other"]},"claim"`, 1),
			want:  "",
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := newRun(t, &faultyStore{Store: memory.New(), failGet: errAccessDenied}, map[string]string{rulesSetting: c.rules})
			got := triggertest.Invoke(t, r.handler, signIn(cognito.TokenGenerationAuthentication))
			if got.Error != c.want {
				t.Errorf("error %q, want %q", got.Error, c.want)
			}
			if c.want == "" && string(got.Answer) != string(signIn(cognito.TokenGenerationAuthentication)) {
				t.Errorf("answer %s, want the event as it came", got.Answer)
			}
			if r.counted(t, "ProfilesUnavailable") != 1 {
				t.Error("ProfilesUnavailable was not counted")
			}
		})
	}
}

func TestStalledStoreLeavesTimeToAnswer(t *testing.T) {
	for _, c := range []struct {
		what, rules string
		failed      bool
	}{
		{what: "without the claims"},
		{what: "with an error", rules: failingRules, failed: true},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := newRun(t, &faultyStore{Store: memory.New(), hang: true}, map[string]string{rulesSetting: c.rules})
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				_, err := r.handler.Invoke(context.Background(), signIn(cognito.TokenGenerationRefreshTokens))
				if failed := err != nil; failed != c.failed {
					t.Errorf("error %v", err)
				}
				if took := time.Since(began); took > 3500*time.Millisecond {
					t.Errorf("answered after %v", took)
				}
			})
		})
	}
}

// A pool whose event version is older than its rules must not lose them without a word.
func TestRulesThatTheEventCannotCarryAreCounted(t *testing.T) {
	rules := `{"rules":[{"claim":"plan","token":"access","value":"gold"},{"suppress":["email"],"token":"access"},` +
		`{"scopes":{"add":["billing/read"]}},{"claim":"note","token":"both","value":"x"}]}`
	version1 := strings.NewReplacer(`"version":"2"`, `"version":"1"`, `"claimsAndScopeOverrideDetails"`,
		`"claimsOverrideDetails"`).Replace(string(signIn(cognito.TokenGenerationAuthentication)))
	r := newRun(t, memory.New(), map[string]string{rulesSetting: rules})
	if got := triggertest.Invoke(t, r.handler, []byte(version1)); got.Error != "" {
		t.Fatal(got.Error)
	}
	if omitted := r.counted(t, "ClaimsOmitted"); omitted != 3 {
		t.Errorf("ClaimsOmitted counted %d times, want 3", omitted)
	}
}

func TestOverBudgetIsRefused(t *testing.T) {
	groups := make([]string, 50)
	for i := range groups {
		groups[i] = strings.Repeat("g", 100) + string(rune('a'+i%26)) + string(rune('a'+i/26))
	}
	list, err := json.Marshal(groups)
	if err != nil {
		t.Fatal(err)
	}
	event := []byte(strings.Replace(string(signIn(cognito.TokenGenerationAuthentication)), `["staff"]`, string(list), 1))
	store := &faultyStore{Store: memory.New()}
	for range 2 {
		r := newRun(t, store, nil)
		if got := triggertest.Invoke(t, r.handler, event); got.Error != tooMuch {
			t.Errorf("error %q, answer %s, want %q", got.Error, got.Answer, tooMuch)
		}
		if r.counted(t, "ClaimsOverBudget") != 1 {
			t.Error("ClaimsOverBudget was not counted")
		}
	}
	raised := newRun(t, store, map[string]string{"CLAIMS_BUDGET_BYTES": "8192"})
	if got := triggertest.Invoke(t, raised.handler, event); got.Error != "" {
		t.Errorf("with a larger budget: %s", got.Error)
	}
}

// Metadata comes from the caller, so the built-in rules must give the same answer with and without it.
func FuzzMetadataChangesNothing(f *testing.F) {
	config := readConfig(environment(f, withTable(nil)))
	f.Add("plan", "gold")
	f.Add("cognito:groups", `["admins"]`)
	f.Add("groupConfiguration", `{"groupsToOverride":["admins"]}`)
	f.Add("", "\xff\u2028")
	f.Fuzz(func(t *testing.T, key, value string) {
		handle := newHandler(config, memory.New())
		plain := decoded(t, signIn(cognito.TokenGenerationAuthentication))
		fuzzed := decoded(t, signIn(cognito.TokenGenerationAuthentication))
		fuzzed.Request.ClientMetadata = events.Attributes{key: value}
		for _, e := range []*events.PreTokenGenerationEvent{plain, fuzzed} {
			if err := handle(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		want, _ := plain.Encode()
		got, _ := fuzzed.Encode()
		if string(want) != string(got) {
			t.Errorf("answer\n%s\nwant\n%s", got, want)
		}
	})
}

func decoded(t *testing.T, event []byte) *events.PreTokenGenerationEvent {
	t.Helper()
	e, err := events.Decode[events.PreTokenGenerationRequest, events.PreTokenGenerationResponse](event)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
