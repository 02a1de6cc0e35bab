package answer

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/events/sample"
)

// check lays a response over a sample event and lists the problems as one text.
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
		"flags":                     {"PreSignUp_SignUp", "", `{"autoConfirmUser":true,"autoVerifyEmail":null}`, ses, ""},
		"flag as text":              {"PreSignUp_SignUp", "", `{"autoConfirmUser":"true"}`, ses, "not true or false"},
		"verifies nothing":          {"PreSignUp_SignUp", "", `{"autoVerifyPhone":true}`, ses, "verifies phone_number"},
		"response is a list":        {"PreSignUp_SignUp", "", `[]`, ses, "response: is not an object"},
		"messages":                  {"CustomMessage_SignUp", "", `{"smsMessage":"code {####}","emailMessage":"code {####}","emailSubject":"s"}`, ses, ""},
		"e-mail without SES":        {"CustomMessage_SignUp", "", `{"emailSubject":"s"}`, Pool{}, "through SES"},
		"no placeholder":            {"CustomMessage_SignUp", "", `{"smsMessage":"no code"}`, ses, "lacks the code"},
		"two placeholders":          {"CustomMessage_SignUp", "", `{"smsMessage":"{####} {####}"}`, ses, "2 times"},
		"link":                      {"CustomMessage_SignUp", "", `{"emailMessage":"open {##this##} now"}`, ses, ""},
		"link for a reset":          {"CustomMessage_ForgotPassword", "", `{"emailMessage":"open {##this##} now"}`, ses, "lacks the code"},
		"SMS at the limit":          {"CustomMessage_SignUp", "", `{"smsMessage":"{####}` + strings.Repeat("é", 134) + `"}`, ses, ""},
		"SMS over the limit":        {"CustomMessage_SignUp", "", `{"smsMessage":"{####}` + strings.Repeat("é", 135) + `"}`, ses, "141 characters"},
		"control character":         {"CustomMessage_SignUp", "", `{"emailMessage":"{####} a\u0007"}`, ses, "holds a character"},
		"invitation without name":   {"CustomMessage_AdminCreateUser", "", `{"smsMessage":"code {####}"}`, ses, "username placeholder"},
		"link in an SMS":            {"CustomMessage_SignUp", "", `{"smsMessage":"open {##this##} now"}`, ses, "lacks the code"},
		"half a link":               {"CustomMessage_SignUp", "", `{"emailMessage":"open {##this now"}`, ses, "lacks the code"},
		"wrong case":                {"PreSignUp_SignUp", "", `{"AutoConfirmUser":true}`, ses, "response.AutoConfirmUser"},
		"flags nobody reads":        {"PreSignUp_AdminCreateUser", "", `{"autoVerifyPhone":true}`, ses, ""},
		"no response":               {"PreSignUp_SignUp", "", `null`, ses, "response: is missing"},
		"V1 answer to V2":           {"TokenGeneration_Authentication", "V2_0", v1(`{}`), ses, "claimsOverrideDetails"},
		"unknown member":            {"TokenGeneration_Authentication", "V2_0", access(`{"claimsToAdd":{}}`), ses, "claimsToAdd"},
		"null list of groups":       {"TokenGeneration_Authentication", "V2_0", v2(`{"groupOverrideDetails":{"groupsToOverride":null}}`), ses, "out of every group"},
		"ID token for a machine":    {"TokenGeneration_ClientCredentials", "", v2(`{"idTokenGeneration":{}}`), ses, "no ID token"},
		"text for a message":        {"CustomMessage_SignUp", "", `{"smsMessage":5}`, ses, "not a text"},
		"V1 claim":                  {"TokenGeneration_Authentication", "V1_0", v1(`{"claimsToAddOrOverride":{"plan":"gold"}}`), ses, ""},
		"V1 list":                   {"TokenGeneration_Authentication", "V1_0", v1(`{"claimsToAddOrOverride":{"plan":["gold"]}}`), ses, "plan"},
		"V1 reserved":               {"TokenGeneration_Authentication", "V1_0", v1(`{"claimsToAddOrOverride":{"sub":"x"}}`), ses, "sub"},
		"V2 claims":                 {"TokenGeneration_Authentication", "V2_0", access(`{"claimsToAddOrOverride":{"seats":12},"scopesToAdd":["billing/read"]}`), ses, ""},
		"V2 reserved":               {"TokenGeneration_Authentication", "V2_0", access(`{"claimsToAddOrOverride":{"client_id":"x"}}`), ses, "client_id"},
		"foreign audience":          {"TokenGeneration_Authentication", "V2_0", access(`{"claimsToAddOrOverride":{"aud":"other"}}`), ses, "id of the app client"},
		"own audience":              {"TokenGeneration_Authentication", "V2_0", access(`{"claimsToAddOrOverride":{"aud":"4k2v0h1example7c9d3t5b6"}}`), ses, ""},
		"scope with space":          {"TokenGeneration_Authentication", "V2_0", access(`{"scopesToAdd":["a b"]}`), ses, "scopesToAdd[0]"},
		"suppress reserved":         {"TokenGeneration_Authentication", "V2_0", access(`{"claimsToSuppress":["exp"]}`), ses, "claimsToSuppress[0]"},
		"groups":                    {"TokenGeneration_Authentication", "V2_0", v2(`{"groupOverrideDetails":{"groupsToOverride":["a"],"iamRolesToOverride":[]}}`), ses, ""},
		"empty groups object":       {"TokenGeneration_Authentication", "V2_0", v2(`{"groupOverrideDetails":{}}`), ses, "out of every group"},
		"null groups":               {"TokenGeneration_Authentication", "V2_0", v2(`{"groupOverrideDetails":null}`), ses, "out of every group"},
		"override is a list":        {"TokenGeneration_Authentication", "V2_0", v2(`[1]`), ses, "not an object"},
		"hooks without rules":       {"PostConfirmation_ConfirmSignUp", "", `{"anything":1}`, ses, ""},
		"role that is not a string": {"TokenGeneration_Authentication", "V2_0", v2(`{"groupOverrideDetails":{"groupsToOverride":[],"preferredRole":["x"]}}`), ses, "preferredRole"},
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
	many := make(map[string]string, maxClaims+1)
	for i := range maxClaims + 1 {
		many["c"+strconv.Itoa(i)] = ""
	}
	text, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	got := check(t, "TokenGeneration_Authentication", "V2_0", `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":`+string(text)+`}}}`, Pool{})
	if !strings.Contains(got, "5001 claims") {
		t.Errorf("problems = %.300q", got)
	}
}

// FuzzCheck holds that no answer makes the rules panic.
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
