package e2e

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/local/userpool/seed"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Nothing that users write about themselves, at sign-up, later or in a call's metadata, gives them a role.
func TestOwnRoleReachesNoToken(t *testing.T) {
	claimed := map[string]string{
		"custom:role": "admin", "custom:groups": `["admins"]`, "cognito:groups": "admins", "custom:plan": "gold",
		"plan":            "gold",
		"custom:is_admin": "true", "profile": "admin", "preferred_username": "admin",
	}
	claim := func(e, attributes members) {
		metadata := members{}
		for name, value := range claimed {
			attributes[name], metadata[name] = value, value
		}
		e["request"].(members)["clientMetadata"] = metadata
	}
	t.Run("sign-up", func(t *testing.T) {
		f := start(t, "pre-sign-up", nil)
		if got := f.invoke(t, event(t, cognito.PreSignUpSignUp, "", claim)); got.refused == "" {
			t.Errorf("accepted a self-assigned role: %s", got.answer)
		}
	})
	rules := `{"rules":[{"claim":"plan","token":"both","from":"profile.attributes.plan","default":"free"},` +
		`{"claim":"roles","token":"both","from":"groups","default":[],"map":[{"group":"admins","value":"admin"},` +
		`{"group":"staff","value":"reader"}]}]}`
	f := start(t, "pre-token-generation", map[string]string{"CLAIM_RULES": rules})
	for _, source := range userSources() {
		t.Run(source, func(t *testing.T) {
			one := newCrowd(1)
			dress := person(one.pool, one.sub(0), one.email(0))
			honest := f.invoke(t, event(t, source, "V2_0", dress))
			if !bytes.Contains(honest.answer, []byte(`"roles":["reader"]`)) ||
				!bytes.Contains(honest.answer, []byte(`"plan":"free"`)) {
				t.Fatalf("answer %s, error %q: want the role of the user's group", honest.answer, honest.refused)
			}
			forged := f.invoke(t, event(t, source, "V2_0", func(e, attributes members) {
				claim(e, attributes)
				dress(e, attributes)
			}))
			if got, want := responseOf(t, forged.answer), responseOf(t, honest.answer); got != want {
				t.Errorf("response %s, without the claims %s", got, want)
			}
		})
	}
}

// No domain, setting or client metadata proves that somebody owns an address. If it were marked as verified, its alias
// would move to them.
func TestNoSignUpVerifiesAnAddress(t *testing.T) {
	f := start(t, "pre-sign-up", map[string]string{"AUTO_CONFIRM": "true", "ALLOWED_EMAIL_DOMAINS": "example.org"})
	for _, source := range cognito.PreSignUp.Sources() {
		t.Run(source, func(t *testing.T) {
			got := f.invoke(t, event(t, source, "", func(e, attributes members) {
				wish := members{"autoVerifyEmail": "true", "autoVerifyPhone": "true", "email_verified": "true"}
				e["request"].(members)["clientMetadata"], e["request"].(members)["validationData"] = wish, wish
				attributes["phone_number"] = "+33700900123"
			}))
			var response events.PreSignUpResponse
			if err := json.Unmarshal([]byte(responseOf(t, got.answer)), &response); err != nil {
				t.Fatal(err)
			}
			for name, flag := range map[string]*bool{
				"autoVerifyEmail": response.AutoVerifyEmail,
				"autoVerifyPhone": response.AutoVerifyPhone,
			} {
				if flag == nil || *flag {
					t.Errorf("%s is not false in %s", name, got.answer)
				}
			}
		})
	}
}

// forceAliasCreation takes an address away from the user who has it. No deployed code or scaffold may set it; only code
// that describes Cognito itself may mention it.
func TestNothingForcesAnAlias(t *testing.T) {
	deployed := regexp.MustCompile(`^(triggers|api|shared|local/scaffold/templates)/.*\.(go|tmpl)$`)
	describes := regexp.MustCompile(`^shared/(events|cognito)/|_test\.go$`)
	looked := 0
	walkSources(t, local.Root, func(path string, _ fs.FileInfo) {
		path = filepath.ToSlash(path)
		if !deployed.MatchString(path) || describes.MatchString(path) {
			return
		}
		looked++
		if strings.Contains(strings.ToLower(readFile(t, filepath.Join(local.Root, path))), "forcealiascreation") {
			t.Errorf("%s mentions forceAliasCreation, which must never be set", path)
		}
	})
	if looked < 50 {
		t.Errorf("only %d files were looked at", looked)
	}
}

// A trigger that calls an operation which fires triggers could invoke itself.
func TestCallsFireNoTrigger(t *testing.T) {
	quiet := []string{"ListUsers", "AdminGetUser", "AdminLinkProviderForUser", "AdminAddUserToGroup"}
	const most = 3
	one := newCrowd(1)
	owner := seed.User{Name: one.sub(0), Status: "CONFIRMED", Attributes: map[string]string{
		"email": "ines@example.org", "email_verified": "true",
	}}
	cases := map[string]struct {
		function string
		settings map[string]string
		event    []byte
	}{
		"linking": {
			function: "pre-sign-up",
			settings: map[string]string{"LINK_PROVIDERS": "Google"},
			event:    federated(t, one),
		},
		"confirmation": {
			function: "post-confirmation",
			settings: map[string]string{"DEFAULT_GROUP": "members"},
			event:    confirmation(t, one),
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			envelope, err := events.DecodeEnvelope(c.event)
			if err != nil {
				t.Fatal(err)
			}
			givePool(t, seed.Pool{ID: envelope.UserPoolID, Groups: []string{"members"}, Users: []seed.User{owner}})
			f := start(t, c.function, c.settings)
			for range 3 { // Cognito may deliver an event again
				before := len(local.Pool.Calls().Operations())
				f.invoke(t, c.event).passed(t, c.event)
				calls := local.Pool.Calls().Operations()[before:]
				if len(calls) == 0 || len(calls) > most {
					t.Errorf("%d calls, want 1 to %d: %v", len(calls), most, calls)
				}
				for _, call := range calls {
					if !slices.Contains(quiet, call) {
						t.Errorf("%s fires triggers", call)
					}
				}
			}
		})
	}
}

func responseOf(t *testing.T, answer []byte) string {
	t.Helper()
	response, err := events.Response(answer)
	if err != nil {
		t.Fatal(err)
	}
	return string(response)
}
