package answer

import (
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/events/sample"
)

// check puts a response into a sample event and returns the problems, one per line.
func check(t *testing.T, source, version, response string, pool Pool) string {
	t.Helper()
	event, err := sample.Event(source, version)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := events.ReplaceResponse(event, json.RawMessage(response))
	if err != nil {
		t.Fatal(err)
	}
	return Join(Check(event, answer, pool))
}

func TestEverySampleIsItsOwnAnswer(t *testing.T) {
	for _, hook := range cognito.Hooks() {
		for _, source := range hook.Sources() {
			event, err := sample.Event(source, "")
			if err != nil {
				t.Fatal(err)
			}
			if problems := Check(event, event, Pool{}); len(problems) > 0 {
				t.Errorf("%s: %s", source, Join(problems))
			}
		}
	}
}

func TestCommonMembersMustComeBack(t *testing.T) {
	event, _ := sample.Event("PreSignUp_SignUp", "")
	changed := strings.Replace(string(event), `"region": "eu-west-1"`, `"region": "eu-west-2"`, 1)
	for name, answer := range map[string]string{"changed": changed, "null": "null", "list": "[]", "no JSON": "{"} {
		if len(Check(event, []byte(answer), Pool{})) == 0 {
			t.Errorf("%s: no problem found", name)
		}
	}
}

func TestRules(t *testing.T) {
	ses := Pool{SendsThroughSES: true}
	v1 := func(inner string) string { return `{"claimsOverrideDetails":` + inner + `}` }
	v2 := func(inner string) string { return `{"claimsAndScopeOverrideDetails":` + inner + `}` }
	access := func(inner string) string { return v2(`{"accessTokenGeneration":` + inner + `}`) }
	cases := map[string]struct {
		source, version, response string
		pool                      Pool
		want                      string // in the problems; "" for none
	}{
		"flags": {
			source: "PreSignUp_SignUp", response: `{"autoConfirmUser":true,"autoVerifyEmail":null}`, pool: ses,
		},
		"flag as text": {
			source: "PreSignUp_SignUp", response: `{"autoConfirmUser":"true"}`, pool: ses, want: "not true or false",
		},
		"verifies nothing": {
			source: "PreSignUp_SignUp", response: `{"autoVerifyPhone":true}`, pool: ses, want: "verifies phone_number",
		},
		"response is a list": {
			source: "PreSignUp_SignUp", response: `[]`, pool: ses, want: "response: is not an object",
		},
		"messages": {
			source:   "CustomMessage_SignUp",
			response: `{"smsMessage":"code {####}","emailMessage":"code {####}","emailSubject":"s"}`, pool: ses,
		},
		"e-mail without SES": {
			source: "CustomMessage_SignUp", response: `{"emailSubject":"s"}`, want: "through SES",
		},
		"no placeholder": {
			source: "CustomMessage_SignUp", response: `{"smsMessage":"no code"}`, pool: ses, want: "lacks the code",
		},
		"two placeholders": {
			source: "CustomMessage_SignUp", response: `{"smsMessage":"{####} {####}"}`, pool: ses, want: "2 times",
		},
		"link": {
			source: "CustomMessage_SignUp", response: `{"emailMessage":"open {##this##} now"}`, pool: ses,
		},
		"link for a reset": {
			source: "CustomMessage_ForgotPassword", response: `{"emailMessage":"open {##this##} now"}`, pool: ses,
			want: "lacks the code",
		},
		"SMS at the limit": {
			source: "CustomMessage_SignUp", response: `{"smsMessage":"{####}` + strings.Repeat("é", 134) + `"}`, pool: ses,
		},
		"SMS over the limit": {
			source: "CustomMessage_SignUp", response: `{"smsMessage":"{####}` + strings.Repeat("é", 135) + `"}`, pool: ses,
			want: "141 characters",
		},
		"control character": {
			source: "CustomMessage_SignUp", response: `{"emailMessage":"{####} a\u0007"}`, pool: ses, want: "has a character",
		},
		"invitation without name": {
			source: "CustomMessage_AdminCreateUser", response: `{"smsMessage":"code {####}"}`, pool: ses,
			want: "username placeholder",
		},
		"link in an SMS": {
			source: "CustomMessage_SignUp", response: `{"smsMessage":"open {##this##} now"}`, pool: ses, want: "lacks the code",
		},
		"half a link": {
			source: "CustomMessage_SignUp", response: `{"emailMessage":"open {##this now"}`, pool: ses, want: "lacks the code",
		},
		"wrong case": {
			source: "PreSignUp_SignUp", response: `{"AutoConfirmUser":true}`, pool: ses, want: "response.AutoConfirmUser",
		},
		"flags nobody reads": {
			source: "PreSignUp_AdminCreateUser", response: `{"autoVerifyPhone":true}`, pool: ses,
		},
		"no response": {
			source: "PreSignUp_SignUp", response: `null`, pool: ses, want: "response: is missing",
		},
		"V1 answer to V2": {
			source: "TokenGeneration_Authentication", version: "V2_0", response: v1(`{}`), pool: ses,
			want: "claimsOverrideDetails",
		},
		"unknown member": {
			source: "TokenGeneration_Authentication", version: "V2_0", response: access(`{"claimsToAdd":{}}`), pool: ses,
			want: "claimsToAdd",
		},
		"null list of groups": {
			source: "TokenGeneration_Authentication", version: "V2_0",
			response: v2(`{"groupOverrideDetails":{"groupsToOverride":null}}`),
			pool:     ses, want: "removes the user from every group",
		},
		"ID token for a machine": {
			source: "TokenGeneration_ClientCredentials", response: v2(`{"idTokenGeneration":{}}`), pool: ses,
			want: "no ID token",
		},
		"text for a message": {
			source: "CustomMessage_SignUp", response: `{"smsMessage":5}`, pool: ses, want: "is not a string",
		},
		"V1 claim": {
			source: "TokenGeneration_Authentication", version: "V1_0", response: v1(`{"claimsToAddOrOverride":{"plan":"gold"}}`),
			pool: ses,
		},
		"V1 list": {
			source: "TokenGeneration_Authentication", version: "V1_0",
			response: v1(`{"claimsToAddOrOverride":{"plan":["gold"]}}`), pool: ses, want: "plan",
		},
		"V1 reserved": {
			source: "TokenGeneration_Authentication", version: "V1_0", response: v1(`{"claimsToAddOrOverride":{"sub":"x"}}`),
			pool: ses, want: "sub",
		},
		"V2 claims": {
			source: "TokenGeneration_Authentication", version: "V2_0",
			response: access(`{"claimsToAddOrOverride":{"seats":12},"scopesToAdd":["billing/read"]}`), pool: ses,
		},
		"V2 reserved": {
			source: "TokenGeneration_Authentication", version: "V2_0",
			response: access(`{"claimsToAddOrOverride":{"client_id":"x"}}`), pool: ses, want: "client_id",
		},
		"foreign audience": {
			source: "TokenGeneration_Authentication", version: "V2_0",
			response: access(`{"claimsToAddOrOverride":{"aud":"other"}}`), pool: ses, want: "id of the app client",
		},
		"own audience": {
			source: "TokenGeneration_Authentication", version: "V2_0",
			response: access(`{"claimsToAddOrOverride":{"aud":"4k2v0h1example7c9d3t5b6"}}`), pool: ses,
		},
		"scope with space": {
			source: "TokenGeneration_Authentication", version: "V2_0", response: access(`{"scopesToAdd":["a b"]}`), pool: ses,
			want: "scopesToAdd[0]",
		},
		"suppress reserved": {
			source: "TokenGeneration_Authentication", version: "V2_0", response: access(`{"claimsToSuppress":["exp"]}`),
			pool: ses, want: "claimsToSuppress[0]",
		},
		"groups": {
			source: "TokenGeneration_Authentication", version: "V2_0",
			response: v2(`{"groupOverrideDetails":{"groupsToOverride":["a"],"iamRolesToOverride":[]}}`), pool: ses,
		},
		"empty groups object": {
			source: "TokenGeneration_Authentication", version: "V2_0", response: v2(`{"groupOverrideDetails":{}}`), pool: ses,
			want: "removes the user from every group",
		},
		"null groups": {
			source: "TokenGeneration_Authentication", version: "V2_0", response: v2(`{"groupOverrideDetails":null}`), pool: ses,
			want: "removes the user from every group",
		},
		"override is a list": {
			source: "TokenGeneration_Authentication", version: "V2_0", response: v2(`[1]`), pool: ses, want: "not an object",
		},
		"member of a hook without any": {
			source: "PostConfirmation_ConfirmSignUp", response: `{"anything":1}`, pool: ses,
			want: "response.anything: is unknown; the response of this trigger has no members",
		},
		"role that is not a string": {
			source: "TokenGeneration_Authentication", version: "V2_0",
			response: v2(`{"groupOverrideDetails":{"groupsToOverride":[],"preferredRole":["x"]}}`), pool: ses,
			want: "preferredRole",
		},
		"override that is an empty list": {
			source: "TokenGeneration_Authentication", version: "V2_0", response: v2(`[]`), want: "not an object",
		},
		"groups that are a text": {
			source: "TokenGeneration_Authentication", version: "V2_0", response: v2(`{"groupOverrideDetails":"staff"}`),
			want: "groupOverrideDetails: is not an object",
		},
		"claims that are a list": {
			source: "TokenGeneration_Authentication", version: "V2_0", response: access(`{"claimsToAddOrOverride":[1]}`),
			want: "claimsToAddOrOverride: is not an object",
		},
		"reserved V1 list": {
			source: "TokenGeneration_Authentication", version: "V1_0", response: v1(`{"claimsToAddOrOverride":{"sub":[]}}`),
			want: "strings only, not a list",
		},
		"flag of an administrator's user": {
			source: "PreSignUp_AdminCreateUser", response: `{"autoConfirmUser":"yes"}`, want: "not true or false",
		},
		"unknown status": {
			source: "UserMigration_Authentication", response: `{"finalUserStatus":"ARCHIVED"}`,
			want: "finalUserStatus: is not one of CONFIRMED, RESET_REQUIRED",
		},
		"unknown medium": {
			source: "UserMigration_Authentication", response: `{"desiredDeliveryMediums":["EMAIL","FAX"]}`,
			want: "desiredDeliveryMediums: is not one of EMAIL, SMS",
		},
		"migrated user": {
			source: "UserMigration_Authentication",
			response: `{"userAttributes":{"email":"a@example.org"},"finalUserStatus":"CONFIRMED","messageAction":"SUPPRESS",` +
				`"desiredDeliveryMediums":["EMAIL"]}`,
		},
		"attribute that is a number": {
			source: "UserMigration_Authentication", response: `{"userAttributes":{"zip":1}}`,
			want: "userAttributes: is not an object with string values",
		},
		"challenge": {
			source:   "CreateAuthChallenge_Authentication",
			response: `{"publicChallengeParameters":{"a":"b"},"challengeMetadata":"x"}`,
		},
		"verdict as a text": {
			source: "VerifyAuthChallengeResponse_Authentication", response: `{"answerCorrect":"yes"}`,
			want: "answerCorrect: is not true or false",
		},
		"long attribute": {
			source:   "InboundFederation_ExternalProvider",
			response: `{"userAttributesToMap":{"groups":"` + strings.Repeat("é", 2049) + `"}}`,
			want:     "userAttributesToMap.groups: has 2049 characters; Cognito allows at most 2048",
		},
		"longest attribute": {
			source:   "InboundFederation_ExternalProvider",
			response: `{"userAttributesToMap":{"groups":"` + strings.Repeat("é", 2048) + `"}}`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := check(t, c.source, c.version, c.response, c.pool)
			if c.want == "" && got != "" || c.want != "" && !strings.Contains(got, c.want) {
				t.Errorf("problems = %q, want %q", got, c.want)
			}
		})
	}
}

func TestTooManyClaims(t *testing.T) {
	many := make(map[string]string, cognito.MaxClaims+1)
	for i := range cognito.MaxClaims + 1 {
		many["c"+strconv.Itoa(i)] = ""
	}
	text, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	got := check(t, "TokenGeneration_Authentication", "V2_0",
		`{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":`+string(text)+`}}}`, Pool{})
	if !strings.Contains(got, "5001 claims") {
		t.Errorf("problems = %.300q", got)
	}
}

// misspelt returns a response with a misspelt member for each hook, or with any member if the hook has none. The tests
// of replay and of the local pool use the same file.
func misspelt(t *testing.T) map[cognito.Hook]struct {
	Response json.RawMessage
	Place    string
} {
	t.Helper()
	text, err := os.ReadFile("testdata/misspelt.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[cognito.Hook]struct {
		Response json.RawMessage
		Place    string
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMisspeltMembersOfEveryHook(t *testing.T) {
	cases := misspelt(t)
	for _, hook := range cognito.Hooks() {
		c, there := cases[hook]
		if !there {
			t.Errorf("%s has no case", hook)
		}
		for _, source := range hook.Sources() {
			t.Run(source, func(t *testing.T) {
				event, err := sample.Event(source, "")
				if err != nil {
					t.Fatal(err)
				}
				answer, err := events.ReplaceResponse(event, c.Response)
				if err != nil {
					t.Fatal(err)
				}
				problems := Check(event, answer, Pool{SendsThroughSES: true})
				if len(problems) != 1 || problems[0].Code != UnknownMember || problems[0].Place != c.Place {
					t.Errorf("problems are %q, want one about %s", Join(problems), c.Place)
				}
			})
		}
	}
}

func TestEveryCodeHasAText(t *testing.T) {
	for _, code := range codes(t) {
		if format := code.format(); format == "" || format == string(code) {
			t.Errorf("%s has no text", code)
		}
	}
}

// codes reads the codes from the source, so that the test covers all of them.
func codes(t *testing.T) []Code {
	t.Helper()
	source, err := os.ReadFile("problem.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []Code
	for _, found := range regexp.MustCompile(`Code = "([a-z_]+)"`).FindAllSubmatch(source, -1) {
		all = append(all, Code(found[1]))
	}
	if len(all) < 20 {
		t.Fatalf("only %d codes were found", len(all))
	}
	return all
}

// FuzzCheck checks that no answer makes Check panic.
func FuzzCheck(f *testing.F) {
	for _, hook := range cognito.Hooks() {
		event, err := sample.Event(hook.Sources()[0], "")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(event, event)
	}
	f.Fuzz(func(t *testing.T, event, answer []byte) { Check(event, answer, Pool{}) })
}
