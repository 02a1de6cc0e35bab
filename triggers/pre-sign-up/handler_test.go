package main

import (
	"bytes"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/migration/table/tabletest"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/trigger/triggertest"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	triggertest.ReplayInstance(t, testevents.FS(), "pre-sign-up", func(t *testing.T, c golden.Case) triggertest.Instance {
		db := tabletest.New(t)
		c.Config.Environment = maps.Clone(c.Config.Environment)
		if c.Config.Environment == nil {
			c.Config.Environment = map[string]string{}
		}
		c.Config.Environment["AWS_ENDPOINT_URL_DYNAMODB"] = db.URL
		env := triggertest.Settings(t, c)
		config := readConfig(env)
		if err := env.Err(); err != nil {
			t.Fatal(err)
		}
		pool := fakePoolOf(c)
		t.Cleanup(func() {
			if links, want := len(pool.links), strings.HasPrefix(c.Name, "PreSignUp_ExternalProvider-link-made"); (links == 1) !=
				want {
				t.Errorf("%d links made", links)
			}
		})
		return triggertest.Instance{
			Handler: triggertest.Wrap(events.PreSignUp, newHandler(config, pool)), Tables: db,
		}
	})
}

// event decodes an event from JSON members of userAttributes.
func event(t *testing.T, source, userName, attributes string) *events.PreSignUpEvent {
	t.Helper()
	e, err := events.Decode[events.PreSignUpRequest, events.PreSignUpResponse]([]byte(`{"version":"1","triggerSource":"` +
		source +
		`","region":"eu-west-1","userPoolId":"eu-west-1_Example1","userName":"` + userName +
		`","request":{"userAttributes":{` + attributes +
		`}},"response":{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}}`))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestFlags(t *testing.T) {
	cases := []struct {
		name, source string
		autoConfirm  bool
		want         bool
	}{
		{name: "self sign-up", source: cognito.PreSignUpSignUp, want: false},
		{name: "self sign-up in a test pool", source: cognito.PreSignUpSignUp, autoConfirm: true, want: true},
		{
			name:        "admin-created, where flags are ignored",
			source:      cognito.PreSignUpAdminCreateUser,
			autoConfirm: true,
			want:        false,
		},
		{
			name:        "federated, where it means nothing",
			source:      cognito.PreSignUpExternalProvider,
			autoConfirm: true,
			want:        false,
		},
		{name: "a source of the future", source: "PreSignUp_Passkey", autoConfirm: true, want: false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := event(t, c.source, "ines", `"email":"ines@example.org","phone_number":"+33700900123"`)
			if err := newHandler(Config{AutoConfirm: c.autoConfirm}, nil)(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			if got := e.Response.AutoConfirmUser != nil && *e.Response.AutoConfirmUser; got != c.want {
				t.Errorf("autoConfirmUser %v", got)
			}
			if e.Response.AutoVerifyEmail != nil || e.Response.AutoVerifyPhone != nil {
				t.Error("an address was verified")
			}
		})
	}
}

// Values that a client sends must decide nothing: neither who passes nor which flags are set.
func FuzzMetadataDecidesNothing(f *testing.F) {
	f.Add("autoVerifyEmail", "true", "invite")
	f.Add("email_verified", "true", "admin")
	f.Fuzz(func(t *testing.T, key, value, other string) {
		for source, userName := range map[string]string{
			cognito.PreSignUpSignUp:           "ines",
			cognito.PreSignUpExternalProvider: "Google_1",
		} {
			plain := event(t, source, userName, `"email":"ines@example.org"`)
			with := event(t, source, userName, `"email":"ines@example.org"`)
			with.Request.ClientMetadata = events.Attributes{key: value, other: value}
			with.Request.ValidationData = events.Attributes{value: key, key: other}
			for _, config := range []Config{{AutoConfirm: true}, {LinkProviders: []string{"Google"}}} {
				errPlain := newHandler(config, newFakePool())(t.Context(), plain)
				errWith := newHandler(config, newFakePool())(t.Context(), with)
				if (errPlain == nil) != (errWith == nil) || !sameFlags(plain.Response, with.Response) {
					t.Errorf("metadata changed the outcome: %v and %v", errPlain, errWith)
				}
			}
		}
	})
}

func sameFlags(a, b events.PreSignUpResponse) bool {
	same := func(x, y *bool) bool { return (x == nil) == (y == nil) && (x == nil || *x == *y) }
	return same(a.AutoConfirmUser, b.AutoConfirmUser) && same(a.AutoVerifyEmail, b.AutoVerifyEmail) &&
		same(a.AutoVerifyPhone, b.AutoVerifyPhone)
}

func TestSetup(t *testing.T) {
	function, err := manifest.Read("function.json")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("the manifest's settings are the defaults", func(t *testing.T) {
		env := settings.FromMap(function.Environment)
		if _, err := setup(env); err != nil || env.Err() != nil {
			t.Fatal(err, env.Err())
		}
		if !slices.Equal(readConfig(settings.FromMap(nil)).Rules.ProtectedAttributes,
			readConfig(env).Rules.ProtectedAttributes) {
			t.Error("PROTECTED_ATTRIBUTES has another default in the manifest than in the code")
		}
	})
	t.Run("the README's protected attributes are the defaults", func(t *testing.T) {
		readme, err := os.ReadFile("README.md")
		if err != nil {
			t.Fatal(err)
		}
		entry := "| `PROTECTED_ATTRIBUTES` | `" + strings.ReplaceAll(signup.DefaultProtected, ",", "`, `") + "` |"
		if !strings.Contains(string(readme), entry) {
			t.Errorf("README.md has no line that begins %s", entry)
		}
	})
	t.Run("linking needs the environment of a client", func(t *testing.T) {
		env := settings.FromMap(map[string]string{"LINK_PROVIDERS": "Google"})
		if _, err := setup(env); err != nil {
			t.Fatal(err)
		}
		if err := env.Err(); err == nil || !strings.Contains(err.Error(), "AWS_REGION") {
			t.Errorf("error %v, want one that names AWS_REGION", err)
		}
	})
}

func TestReadConfigNamesWhatIsWrong(t *testing.T) {
	cases := []struct{ variable, value, want string }{
		{variable: "INVITE_ONLY", value: "sometimes", want: "INVITE_ONLY is not a boolean"},
		{
			variable: "ALLOWED_EMAIL_DOMAINS",
			value:    "example.com,.example.org",
			want:     "ALLOWED_EMAIL_DOMAINS has the entry .example.org",
		},
		{variable: "DENIED_EMAIL_DOMAINS", value: "@example.com", want: "DENIED_EMAIL_DOMAINS has the entry @example.com"},
		{variable: "NOT_DISPOSABLE_EMAIL_DOMAINS", value: "com", want: "NOT_DISPOSABLE_EMAIL_DOMAINS has the entry com"},
		{variable: "PROTECTED_ATTRIBUTES", value: "custom:role,*", want: "PROTECTED_ATTRIBUTES has the entry *"},
		{variable: "USERNAME_MIN_LENGTH", value: "0", want: "USERNAME_MIN_LENGTH is out of range"},
		{variable: "USERNAME_MAX_LENGTH", value: "129", want: "USERNAME_MAX_LENGTH is out of range"},
		{variable: "USERNAME_PATTERN", value: "[a-z", want: "USERNAME_PATTERN is not a regular expression"},
		{variable: "LINK_PROVIDERS", value: "Acme_Okta", want: "LINK_PROVIDERS has the entry Acme_Okta"},
		{variable: "LINK_PROVIDERS", value: "Google,google", want: "LINK_PROVIDERS lists google twice"},
	}
	for _, c := range cases {
		t.Run(c.variable+"="+c.value, func(t *testing.T) {
			env := settings.FromMap(map[string]string{c.variable: c.value})
			readConfig(env)
			if err := env.Err(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	t.Run("limits that exclude each other", func(t *testing.T) {
		env := settings.FromMap(map[string]string{"USERNAME_MIN_LENGTH": "9", "USERNAME_MAX_LENGTH": "8"})
		readConfig(env)
		if err := env.Err(); err == nil || !strings.Contains(err.Error(),
			"USERNAME_MIN_LENGTH is more than USERNAME_MAX_LENGTH") {
			t.Errorf("error %v", err)
		}
	})
}

func TestProtectedAttributesSetting(t *testing.T) {
	for value, want := range map[string]int{"": 13, "none": 0, "custom:level": 1} {
		env := settings.FromMap(map[string]string{"PROTECTED_ATTRIBUTES": value})
		if got := len(readConfig(env).Rules.ProtectedAttributes); got != want || env.Err() != nil {
			t.Errorf("%q: %d names, want %d (error %v)", value, got, want, env.Err())
		}
	}
}

func TestDefaultProtectedAttributes(t *testing.T) {
	rules := readConfig(settings.FromMap(nil)).Rules
	for name, want := range map[string]bool{
		"custom:role": true, "custom:Roles": true, "custom:isAdmin": true, "custom:is_admin": true,
		"custom:is_superuser": true,
		"custom:user_role":    true, "custom:org_id": true, "custom:organisation": true, "custom:owner": true,
		"custom:ownerId":   true,
		"custom:tenant_id": true, "custom:is_student": false, "custom:colour": false, "email": false,
	} {
		applicant := signup.Applicant{Source: signup.SelfSignUp, Username: "ines", Attributes: map[string]string{name: ""}}
		if _, refused := rules.Refuse(applicant); refused != want {
			t.Errorf("%s: refused %v", name, refused)
		}
	}
}

// Nobody may register under the name that Cognito gives to a listed provider's user.
func TestFederatedNamesAreReserved(t *testing.T) {
	cases := []struct {
		source, userName string
		refused          bool
	}{
		{source: cognito.PreSignUpSignUp, userName: "Google_1234", refused: true},
		{source: cognito.PreSignUpSignUp, userName: "google_1234", refused: true},
		{source: cognito.PreSignUpSignUp, userName: "GOOGLE_", refused: true},
		{source: "PreSignUp_Passkey", userName: "google_1234", refused: true},
		{source: cognito.PreSignUpSignUp, userName: "Facebook_1234"},
		{source: cognito.PreSignUpSignUp, userName: "google"},
		{source: cognito.PreSignUpSignUp, userName: "googlers_1234"},
		{source: cognito.PreSignUpAdminCreateUser, userName: "google_1234"},
	}
	for _, c := range cases {
		t.Run(c.source+" "+c.userName, func(t *testing.T) {
			e := event(t, c.source, c.userName, `"email":"ines@example.org"`)
			var want signup.Refusal
			if c.refused {
				want = reservedUsername
			}
			checkRefused(t, newHandler(Config{LinkProviders: []string{"Google"}}, newFakePool())(t.Context(), e), want)
		})
	}
}

func TestAutoConfirmIsLoggedAtColdStart(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	readConfig(settings.FromMap(nil))
	if log.Len() > 0 {
		t.Errorf("logged without reason: %s", log.String())
	}
	readConfig(settings.FromMap(map[string]string{"AUTO_CONFIRM": "true"}))
	if !strings.Contains(log.String(), `"level":"WARN"`) || !strings.Contains(log.String(), "AUTO_CONFIRM") {
		t.Errorf("log: %s", log.String())
	}
}
