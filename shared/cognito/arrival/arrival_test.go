package arrival_test

import (
	"encoding/json"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/arrival"
	"cognito-triggers/shared/events/sample"
)

func TestSamplesAreWhatCognitoSends(t *testing.T) {
	t.Parallel()
	for _, hook := range cognito.Hooks() {
		for _, source := range hook.Sources() {
			versions := cognito.VersionsOf(source)
			if versions == nil {
				versions = []string{""}
			}
			for _, version := range versions {
				event, err := sample.Event(source, version)
				if err != nil {
					t.Error(err)
				}
				for _, hook := range []cognito.Hook{hook, ""} {
					if problems := arrival.Check(hook, event); problems != nil {
						t.Errorf("%s %s:\n%s", source, version, arrival.Join(problems))
					}
				}
			}
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		hook    cognito.Hook
		event   string
		source  string // for event; its request, when event begins with "request:"
		version string
		want    []string // beginnings of the problems
	}{
		"client metadata of a sign-in": {
			source: "PreAuthentication_Authentication", event: `request:{"clientMetadata":{"a":"b"}}`,
			want: []string{"request.clientMetadata is never sent here: the ClientMetadata of InitiateAuth arrives as " +
				"validationData"},
		},
		"and empty": {
			source: "PreAuthentication_Authentication", event: `request:{"clientMetadata":{}}`,
			want: []string{"request.clientMetadata is never"},
		},
		"validation data of a sign-in": {
			source: "PreAuthentication_Authentication", event: `request:{"validationData":{"a":"b"},"userNotFound":true}`,
		},
		"validation data after it": {
			source: "PostAuthentication_Authentication", event: `request:{"validationData":{}}`,
			want: []string{"request.validationData goes to pre sign-up, pre authentication and user migration alone"},
		},
		"metadata of a federated user": {
			source: "PreSignUp_ExternalProvider", event: `request:{"clientMetadata":{"a":"b"},"validationData":{}}`,
			want: []string{"request.clientMetadata is empty in events of PreSignUp_ExternalProvider; only PreSignUp_SignUp"},
		},
		"password that was forgotten": {
			source: "UserMigration_ForgotPassword", event: `request:{"password":"x"}`,
			want: []string{"request.password is empty in events of UserMigration_ForgotPassword"},
		},
		"name of another hook's member": {
			source: "PostConfirmation_ConfirmSignUp", event: `request:{"codeParameter":"x"}`,
			want: []string{"request.codeParameter is a member that Cognito does not send; it sends userAttributes, clientM"},
		},
		"scopes of the first version": {
			source: "TokenGeneration_Authentication", version: `"1"`, event: `request:{"scopes":[]}`,
			want: []string{"request.scopes is a member"},
		},
		"scopes of the second, a number": {
			source: "TokenGeneration_Authentication", version: `2`, event: `request:{"scopes":["a"]}`,
		},
		"version of a machine client": {
			source: "TokenGeneration_ClientCredentials", version: `"2"`, event: `request:{}`,
			want: []string{`version is "2"; TokenGeneration_ClientCredentials comes with version 3`},
		},
		"version that others have": {
			source: "PreSignUp_SignUp", version: `"2"`, event: `request:{}`, want: []string{`version is "2"; PreSignUp`},
		},
		"types": {
			source: "DefineAuthChallenge_Authentication",
			event:  `request:{"userAttributes":[1],"session":[{"challengeResult":"true"},7,null],"userNotFound":"no"}`,
			want: []string{
				"request.session[0].challengeResult is not true or false", "request.session[1] is not an object",
				"request.userAttributes is not an object", "request.userNotFound is not true",
			},
		},
		"bare booleans among attributes": {
			source: "PreSignUp_SignUp",
			event:  `request:{"userAttributes":{"email_verified":true},"clientMetadata":{"a":true},"validationData":null}`,
			want:   []string{"request.clientMetadata.a is not a string"},
		},
		"another hook's source": {
			hook: cognito.PreSignUp, source: "CustomMessage_SignUp", event: `request:{}`,
			want: []string{`triggerSource "CustomMessage_SignUp" is never sent to a function at pre_sign_up`},
		},
		"source that does not exist": {
			source: "PreSignUp_signup", event: `request:{}`,
			want: []string{`triggerSource "PreSignUp_signup" is not a source of pre_sign_up, which has PreSignUp_SignUp`},
		},
		"no hook's source": {source: "Other_X", event: `request:{}`, want: []string{`triggerSource "Other_X" is none`}},
		"other spellings":  {source: "CustomSmsSender_SignUp", event: `request:{"code":"x"}`},
		"no source":        {event: `{"request":{}}`, want: []string{"triggerSource is missing"}},
		"no event":         {event: `[]`, want: []string{"the event is not a JSON object"}},
		"answer to a sender": {
			event: `{"triggerSource":"CustomSMSSender_SignUp","response":{}}`,
			want:  []string{"response is not sent to a function at custom_sms_sender"},
		},
		"misspelt envelope and response": {
			event: `{"triggerSource":"PreSignUp_SignUp","username":"x","userName":7,"response":{"autoconfirm":false},` +
				`"callerContext":{"clientID":"x"}}`,
			want: []string{"callerContext.clientID is a member", "response.autoconfirm is a member",
				"userName is not a string", "username is a member that Cognito does not send; it sends version, trigger"},
		},
		"empty lists for objects": {
			event: `{"triggerSource":"TokenGeneration_HostedAuth","version":"2",` +
				`"response":{"claimsAndScopeOverrideDetails":[]}}`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			event := c.event
			if request, is := strings.CutPrefix(event, "request:"); is {
				version := c.version
				if version == "" {
					version = `"1"`
				}
				event = `{"version":` + version + `,"triggerSource":"` + c.source + `","request":` + request + `}`
			}
			got := arrival.Check(c.hook, []byte(event))
			if len(got) != len(c.want) {
				t.Fatalf("%d problems, want %d:\n%s", len(got), len(c.want), arrival.Join(got))
			}
			for i, want := range c.want {
				if !strings.HasPrefix(got[i].String(), want) {
					t.Errorf("got %q, want %q", got[i], want)
				}
			}
		})
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(`{"triggerSource":"DefineAuthChallenge_Authentication","request":{"session":[{"challengeName":null}]}}`))
	f.Fuzz(func(t *testing.T, event []byte) {
		if problems := arrival.Check("", event); !json.Valid(event) && problems == nil {
			t.Error("no problem with what is not JSON")
		}
	})
}
