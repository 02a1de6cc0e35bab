package fire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/userpool/internal/ring"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// answering is a function that always answers with the event and this response, or with something else entirely.
type answering struct {
	response string
	whole    string
	err      error
}

func (a answering) Invoke(_ context.Context, _ string, event []byte) ([]byte, error) {
	if a.whole != "" || a.err != nil {
		return []byte(a.whole), a.err
	}
	document := members(event)
	document["response"] = json.RawMessage(a.response)
	return json.Marshal(document)
}

func callOf(hook cognito.Hook, version string) Call {
	return Call{
		Hook: hook, Source: hook.Sources()[0], ARN: "arn:aws:lambda:eu-west-1:000000000000:function:f", Version: version,
		Region: "eu-west-1",
		PoolID: "eu-west-1_Pool00001", UserName: "ines", ClientID: NoClient,
		Request: events.PostConfirmationRequest{UserAttributes: map[string]string{"sub": "s"}},
	}
}

const unusable = "InvalidLambdaResponseException: Unrecognizable lambda output"

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		hook    cognito.Hook
		version string
		ses     bool
		answer  answering
		want    string // "" if the answer is accepted
	}{
		"nothing set": {hook: cognito.PostConfirmation, answer: answering{response: `{}`}},
		"not JSON": {
			hook: cognito.PostConfirmation, answer: answering{whole: `{`},
			want: "InvalidLambdaResponseException: Invalid lambda function output : Invalid JSON",
		},
		"null": {
			hook: cognito.PostConfirmation, answer: answering{whole: ` null `},
			want: "InvalidLambdaResponseException: Invalid lambda function output : Invalid JSON",
		},
		"a list":                {hook: cognito.PostConfirmation, answer: answering{whole: `[]`}, want: unusable},
		"a string":              {hook: cognito.PostConfirmation, answer: answering{whole: `"done"`}, want: unusable},
		"event without members": {hook: cognito.PostConfirmation, answer: answering{whole: `{}`}, want: unusable},
		"response as a list":    {hook: cognito.PostConfirmation, answer: answering{response: `[]`}, want: unusable},
		"flags": {
			hook: cognito.PreSignUp, answer: answering{response: `{"autoConfirmUser":true,"autoVerifyEmail":null}`},
		},
		"flag as a string": {
			hook: cognito.PreSignUp, answer: answering{response: `{"autoConfirmUser":"true"}`}, want: unusable,
		},
		"challenge name": {
			hook:   cognito.DefineAuthChallenge,
			answer: answering{response: `{"challengeName":"CUSTOM_CHALLENGE","issueTokens":false}`},
		},
		"challenge name as a number": {
			hook: cognito.DefineAuthChallenge, answer: answering{response: `{"challengeName":1}`}, want: unusable,
		},
		"parameters": {
			hook: cognito.CreateAuthChallenge, answer: answering{response: `{"publicChallengeParameters":{"a":"b"}}`},
		},
		"parameter as a number": {
			hook: cognito.CreateAuthChallenge, answer: answering{response: `{"publicChallengeParameters":{"a":1}}`},
			want: unusable,
		},
		"answer correct": {
			hook: cognito.VerifyAuthChallengeResponse, answer: answering{response: `{"answerCorrect":true}`},
		},
		"answer correct as a string": {
			hook: cognito.VerifyAuthChallengeResponse, answer: answering{response: `{"answerCorrect":"yes"}`}, want: unusable,
		},
		"mediums": {
			hook:   cognito.UserMigration,
			answer: answering{response: `{"userAttributes":{"email":"a@example.org"},"desiredDeliveryMediums":["EMAIL"]}`},
		},
		"mediums as a string": {
			hook: cognito.UserMigration, answer: answering{response: `{"desiredDeliveryMediums":"EMAIL"}`}, want: unusable,
		},
		"SMS": {
			hook: cognito.CustomMessage, answer: answering{response: `{"smsMessage":"code {####}"}`},
		},
		"mail through SES": {
			hook: cognito.CustomMessage, ses: true,
			answer: answering{response: `{"emailMessage":"code {####}","emailSubject":"s"}`},
		},
		"mail without SES": {
			hook: cognito.CustomMessage, answer: answering{response: `{"emailMessage":"code {####}"}`}, want: unusable,
		},
		"message as a number": {
			hook: cognito.CustomMessage, answer: answering{response: `{"smsMessage":5}`}, want: unusable,
		},
		"claims": {
			hook: cognito.PreTokenGeneration, version: "1",
			answer: answering{response: `{"claimsOverrideDetails":{"claimsToAddOrOverride":{"a":"b"}}}`},
		},
		"claim as a list": {
			hook: cognito.PreTokenGeneration, version: "1",
			answer: answering{response: `{"claimsOverrideDetails":{"claimsToAddOrOverride":{"a":[]}}}`}, want: unusable,
		},
		"claims and scopes": {
			hook: cognito.PreTokenGeneration, version: "2",
			answer: answering{response: `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":["a"]}}}`},
		},
		"scopes as a string": {
			hook: cognito.PreTokenGeneration, version: "2",
			answer: answering{response: `{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"scopesToAdd":"a"}}}`},
			want:   unusable,
		},
	} {
		t.Run(name, func(t *testing.T) {
			call := callOf(c.hook, "1")
			if c.version != "" {
				call.Version = c.version
			}
			call.SES = c.ses
			if c.hook == cognito.CustomMessage {
				call.Request = events.CustomMessageRequest{CodeParameter: "{####}", LinkParameter: "{##Click Here##}"}
			}
			firer := &Firer{Invoker: c.answer, Now: time.Now, Log: &Log{}}
			_, err := firer.Fire(t.Context(), call)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("error %q, want %q", got, c.want)
			}
			record := firer.Log.Records(0)[0]
			if want := c.want; record.Outcome != want && (want != "" || record.Outcome != "ok") {
				t.Errorf("recorded as %q", record.Outcome)
			}
		})
	}
}

// A message that breaks one of Cognito's rules is an invalid parameter, which the error names as the API does.
func TestMessageWithoutCode(t *testing.T) {
	for member, named := range map[string]string{"smsMessage": "smsMessage", "emailMessage": "emailBody"} {
		call := callOf(cognito.CustomMessage, "1")
		call.SES, call.Request = true, events.CustomMessageRequest{CodeParameter: "{####}", LinkParameter: "{##Click Here##}"}
		firer := &Firer{Invoker: answering{response: fmt.Sprintf(`{%q:"no code"}`, member)}, Now: time.Now, Log: &Log{}}
		_, err := firer.Fire(t.Context(), call)
		var known *Error
		if !errors.As(err, &known) || known.Kind != "InvalidParameterException" ||
			!strings.Contains(known.Message, "'"+named+"'") {
			t.Errorf("%s: %v", member, err)
		}
	}
}

// Events have the same members as Cognito's, in the same order, and a response with the expected members.
func TestEventShapes(t *testing.T) {
	for name, c := range map[string]struct {
		hook              cognito.Hook
		version           string
		request           any
		members, response string
	}{
		"pre sign-up": {
			hook: cognito.PreSignUp, version: "1", request: events.PreSignUpRequest{}, members: "userAttributes validationData",
			response: `{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}`,
		},
		"post confirmation": {
			hook: cognito.PostConfirmation, version: "1",
			request: events.PostConfirmationRequest{ClientMetadata: map[string]string{}}, members: "userAttributes",
			response: `{}`,
		},
		"with metadata": {
			hook: cognito.PostConfirmation, version: "1",
			request: events.PostConfirmationRequest{ClientMetadata: map[string]string{"a": "b"}},
			members: "userAttributes clientMetadata", response: `{}`,
		},
		"custom message": {
			hook: cognito.CustomMessage, version: "1", request: events.CustomMessageRequest{},
			members:  "userAttributes codeParameter linkParameter usernameParameter",
			response: `{"smsMessage":null,"emailMessage":null,"emailSubject":null}`,
		},
		"pre authentication": {
			hook: cognito.PreAuthentication, version: "1", request: events.PreAuthenticationRequest{},
			members: "userAttributes validationData", response: `{}`,
		},
		"user not found": {
			hook: cognito.PreAuthentication, version: "1", request: events.PreAuthenticationRequest{UserNotFound: new(bool)},
			members: "userAttributes validationData userNotFound", response: `{}`,
		},
		"post authentication": {
			hook: cognito.PostAuthentication, version: "1", request: events.PostAuthenticationRequest{},
			members: "userAttributes newDeviceUsed", response: `{}`,
		},
		"define": {
			hook: cognito.DefineAuthChallenge, version: "1", request: events.DefineAuthChallengeRequest{},
			members:  "userAttributes session",
			response: `{"challengeName":null,"issueTokens":null,"failAuthentication":null}`,
		},
		"create": {
			hook: cognito.CreateAuthChallenge, version: "1", request: events.CreateAuthChallengeRequest{},
			members:  "userAttributes challengeName session",
			response: `{"publicChallengeParameters":null,"privateChallengeParameters":null,"challengeMetadata":null}`,
		},
		"verify": {
			hook: cognito.VerifyAuthChallengeResponse, version: "1", request: events.VerifyAuthChallengeResponseRequest{},
			members: "userAttributes privateChallengeParameters challengeAnswer", response: `{"answerCorrect":null}`,
		},
		"migrate": {
			hook:    cognito.UserMigration,
			version: "1",
			request: events.UserMigrationRequest{Password: "p"},
			members: "password validationData userAttributes",
			response: `{"userAttributes":null,"forceAliasCreation":null,"enableSMSMFA":null,"finalUserStatus":null,` +
				`"messageAction":null,"desiredDeliveryMediums":null}`,
		},
		"pre token V1": {
			hook: cognito.PreTokenGeneration, version: "1", request: events.PreTokenGenerationRequest{},
			members:  "userAttributes groupConfiguration",
			response: `{"claimsOverrideDetails":null}`,
		},
		"pre token V2": {
			hook: cognito.PreTokenGeneration, version: "2", request: events.PreTokenGenerationRequest{Scopes: []string{"a"}},
			members: "userAttributes groupConfiguration scopes", response: `{"claimsAndScopeOverrideDetails":null}`,
		},
		"pre token V3": {
			hook: cognito.PreTokenGeneration, version: "3", request: events.PreTokenGenerationRequest{Scopes: []string{"a"}},
			members: "userAttributes groupConfiguration scopes", response: `{"claimsAndScopeOverrideDetails":null}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			call := callOf(c.hook, c.version)
			call.Request = c.request
			raw, err := Event(call)
			if err != nil {
				t.Fatal(err)
			}
			if got := keys(t, raw); got != "version triggerSource region userPoolId userName callerContext request response" {
				t.Errorf("the event has %s", got)
			}
			event := members(raw)
			if got := keys(t, event["request"]); got != c.members {
				t.Errorf("the request has %s, want %s", got, c.members)
			}
			if got := string(event["response"]); got != c.response {
				t.Errorf("the response is %s, want %s", got, c.response)
			}
			context := `{"awsSdkVersion":"aws-sdk-unknown-unknown","clientId":"CLIENT_ID_NOT_APPLICABLE"}`
			if got := string(event["version"]) + string(event["callerContext"]); got != `"`+c.version+`"`+context {
				t.Errorf("version and context are %s", got)
			}
		})
	}
}

// keys returns the names of an object's members in order.
func keys(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	if _, err := decoder.Token(); err != nil {
		t.Fatal(err)
	}
	var names []string
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name.(string))
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Join(names, " ")
}

// Without groups, the members are empty lists, not null.
func TestGroupsAreLists(t *testing.T) {
	raw, err := json.Marshal(events.PreTokenGenerationRequest{})
	want := `{"userAttributes":null,"groupConfiguration":{"groupsToOverride":[],"iamRolesToOverride":[],` +
		`"preferredRole":null}}`
	if err != nil || string(raw) != want {
		t.Errorf("%s, %v", raw, err)
	}
}

// The log does not keep the password that a migration trigger gets.
func TestPasswordsAreNotRemembered(t *testing.T) {
	call := callOf(cognito.UserMigration, "1")
	call.Request = events.UserMigrationRequest{Password: "Correct-horse-7"}
	firer := &Firer{Invoker: answering{response: `{}`}, Now: time.Now, Log: &Log{}}
	if _, err := firer.Fire(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(firer.Log.Records(0))
	if err != nil || strings.Contains(string(text), "Correct-horse-7") ||
		!strings.Contains(string(text), `"password":"..."`) {
		t.Errorf("logged: %s, %v", text, err)
	}
}

// The log numbers all records and keeps at least the promised number of recent ones.
func TestLogIsBounded(t *testing.T) {
	log := &Log{}
	var group sync.WaitGroup
	const all = 3*ring.Keep + 7
	for worker := range 7 {
		group.Go(func() {
			for i := worker; i < all; i += 7 {
				log.Add(Record{UserName: "u"})
			}
		})
	}
	group.Wait()
	records := log.Records(0)
	if n := len(records); n < ring.Keep || n > 2*ring.Keep {
		t.Errorf("%d records kept", n)
	}
	if last := records[len(records)-1]; last.Number != all {
		t.Errorf("the last one is number %d, want %d", last.Number, all)
	}
	if !slices.IsSortedFunc(records, func(a, b Record) int { return a.Number - b.Number }) {
		t.Error("the records are out of order")
	}
	if got := log.Records(all - 3); len(got) != 3 || got[0].Number != all-2 {
		t.Errorf("after %d there are %d, from %d", all-3, len(got), got[0].Number)
	}
	if got := len(log.Records(all)) + len(log.Records(all+5)); got != 0 {
		t.Errorf("%d unexpected records", got)
	}
}
