package events

import (
	"encoding/json"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
)

func TestEncodeKeepsEveryByteOutsideResponse(t *testing.T) {
	set := PreSignUpResponse{AutoConfirmUser: Bool(true)}
	cases := map[string]struct {
		event    string
		response PreSignUpResponse
		want     string
	}{
		"nothing set": {
			event: "{ \"version\": 1,\n\t\"new\":[1.0, 1e400],\"request\":{}, \"response\":{\"autoConfirmUser\" : false} }",
			want:  "{ \"version\": 1,\n\t\"new\":[1.0, 1e400],\"request\":{}, \"response\":{\"autoConfirmUser\" : false} }",
		},
		"one of three members": {
			event:    `{"response": {"autoConfirmUser":false, "autoVerifyEmail" :false,"later":{"x":1.50}}, "z":"é"}`,
			response: set,
			want:     `{"response": {"autoConfirmUser":true, "autoVerifyEmail" :false,"later":{"x":1.50}}, "z":"é"}`,
		},
		"member that did not come in": {
			event: `{"response":{ }}`, response: set, want: `{"response":{ "autoConfirmUser":true}}`,
		},
		"one there, one new": {
			event:    `{"response":{"autoVerifyEmail":null , "z":1}}`,
			response: PreSignUpResponse{AutoConfirmUser: Bool(true), AutoVerifyEmail: Bool(false)},
			want:     `{"response":{"autoVerifyEmail":false , "z":1,"autoConfirmUser":true}}`,
		},
		"member twice": {
			event: `{"response":{"autoConfirmUser":1,"autoConfirmUser":2}}`, response: set,
			want: `{"response":{"autoConfirmUser":1,"autoConfirmUser":true}}`,
		},
		"null response": {
			event:    `{"response":null,"a":1}`,
			response: set,
			want:     `{"response":{"autoConfirmUser":true},"a":1}`,
		},
		"list response":   {event: `{"response":[]}`, response: set, want: `{"response":{"autoConfirmUser":true}}`},
		"absent response": {event: `{"a":1 }`, response: set, want: `{"a":1,"response":{"autoConfirmUser":true} }`},
		"empty event":     {event: `{ }`, response: set, want: `{ "response":{"autoConfirmUser":true}}`},
		"repeated name": {
			event:    `{"response":{"a":1},"response":{}}`,
			response: set,
			want:     `{"response":{"a":1},"response":{"autoConfirmUser":true}}`,
		},
		"other case": {event: `{"Response":{}}`, response: set, want: `{"Response":{},"response":{"autoConfirmUser":true}}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e, err := Decode[PreSignUpRequest, PreSignUpResponse]([]byte(c.event))
			if err != nil {
				t.Fatal(err)
			}
			e.Response = c.response
			got, err := e.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestDecodeIsLenient(t *testing.T) {
	const event = `{"version":2,"triggerSource":"PreSignUp_SignUp","userName":null,
		"callerContext":{"clientId":null,"awsSdk":"x"},
		"request":{"userAttributes":{"email_verified":true,"n":12345678901234567890,"gone":null,"list":["a"],"name":"김"},
		"validationData":null,"clientMetadata":[]}}`
	e, err := Decode[PreSignUpRequest, PreSignUpResponse]([]byte(event))
	if err != nil {
		t.Fatal(err)
	}
	if e.Version != "2" || e.UserName != "" || e.CallerContext.ClientID != "" {
		t.Errorf("envelope = %+v", e.Envelope)
	}
	want := map[string]string{"email_verified": "true", "n": "12345678901234567890", "list": `["a"]`, "name": "김"}
	for name, value := range want {
		if got := e.Request.UserAttributes[name]; got != value {
			t.Errorf("attribute %s = %q, want %q", name, got, value)
		}
	}
	if _, there := e.Request.UserAttributes["gone"]; there {
		t.Error("a null attribute must read as absent")
	}
	if e.Request.ValidationData != nil || e.Request.ClientMetadata != nil {
		t.Error("null and list metadata must read as none")
	}
}

func TestDecodeErrorsNameTheMemberAndNoValue(t *testing.T) {
	cases := map[string]struct{ event, want string }{
		"no JSON":        {event: `{"request":`, want: "not a JSON object"},
		"a list":         {event: `[]`, want: "not a JSON object"},
		"wrong envelope": {event: `{"userName":{"canary":1}}`, want: "userName has the JSON type object"},
		"wrong caller":   {event: `{"callerContext":"canary"}`, want: "callerContext has the JSON type string"},
		"wrong request":  {event: `{"request":"canary"}`, want: "request has the JSON type string"},
		"number request": {event: `{"request":31337}`, want: "request has the JSON type number"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Decode[PreSignUpRequest, PreSignUpResponse]([]byte(c.event))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error = %v, want it to name %q", err, c.want)
			}
			if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "31337") {
				t.Errorf("error %q holds a value of the event", err)
			}
		})
	}
}

func TestGroupConfiguration(t *testing.T) {
	cases := map[string]struct{ in, out string }{
		"full": {
			in:  `{"groupsToOverride":["a"],"iamRolesToOverride":["r"],"preferredRole":"p"}`,
			out: `{"groupsToOverride":["a"],"iamRolesToOverride":["r"],"preferredRole":"p"}`,
		},
		"null role": {
			in:  `{"groupsToOverride":["a"],"iamRolesToOverride":[],"preferredRole":null}`,
			out: `{"groupsToOverride":["a"],"iamRolesToOverride":[]}`,
		},
		"role in list": {
			in:  `{"groupsToOverride":null,"preferredRole":["p"]}`,
			out: `{"groupsToOverride":[],"iamRolesToOverride":[],"preferredRole":"p"}`,
		},
		"array": {in: `[]`, out: `{"groupsToOverride":[],"iamRolesToOverride":[]}`},
		"mixed members": {
			in:  `{"groupsToOverride":["a",1,null,"b"]}`,
			out: `{"groupsToOverride":["a","b"],"iamRolesToOverride":[]}`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var g GroupConfiguration
			if err := json.Unmarshal([]byte(c.in), &g); err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(g)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.out {
				t.Errorf("got %s, want %s", got, c.out)
			}
		})
	}
}

func TestTokenVersionOf(t *testing.T) {
	cases := map[string]struct {
		event string
		want  cognito.TokenVersion
	}{
		"1":                  {event: `{"version":"1","request":{"scopes":[]}}`, want: cognito.V1},
		"number 3":           {event: `{"version":3}`, want: cognito.V3},
		"configured form":    {event: `{"version":"V2_0"}`, want: cognito.V2},
		"unknown, scopes":    {event: `{"version":"9","request":{"scopes":null}}`, want: cognito.V2},
		"unknown, override":  {event: `{"version":"9","response":{"claimsAndScopeOverrideDetails":[]}}`, want: cognito.V2},
		"unknown, old shape": {event: `{"response":{"claimsOverrideDetails":null}}`, want: cognito.V1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e, err := Decode[PreTokenGenerationRequest, PreTokenGenerationResponse]([]byte(c.event))
			if err != nil {
				t.Fatal(err)
			}
			if got := TokenVersionOf(e); got != c.want {
				t.Errorf("version = %d, want %d", got, c.want)
			}
		})
	}
}

func TestPlaceholder(t *testing.T) {
	e, err := Decode[CustomMessageRequest, CustomMessageResponse](
		[]byte(`{"request":{"codeParameter":"{####}","usernameParameter":"None","linkParameter":null}}`))
	if err != nil {
		t.Fatal(err)
	}
	if r := e.Request; r.CodeParameter != "{####}" || r.UsernameParameter != "" || r.LinkParameter != "" {
		t.Errorf("placeholders = %+v", r)
	}
}

// FuzzLossless checks, for any JSON object, that the answer differs only in the response, and not at all if nothing is
// set.
func FuzzLossless(f *testing.F) {
	for _, seed := range []string{
		`{"version":"1","request":{"userAttributes":{"email":"a@example.com"}},"response":{"autoConfirmUser":false}}`,
		`{"response":null}`, `{"a":[{"b":1e999}],"response":[]}`, `{ }`, `{"response":{"x":1},"response":{"y":"\ud800"}}`,
		`{"a":"` + "\xff" + `"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		type response struct {
			Added json.RawMessage `json:"added,omitempty"`
		}
		e, err := Decode[PreTokenGenerationRequest, response](raw)
		if err != nil {
			return
		}
		same, err := e.Encode()
		if err != nil || string(same) != string(raw) {
			t.Fatalf("unchanged event became %q (%v)", same, err)
		}
		e.Response.Added = json.RawMessage(`{"n":1}`)
		answer, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		var before, after map[string]json.RawMessage
		if json.Unmarshal(raw, &before) != nil {
			return
		}
		if err := json.Unmarshal(answer, &after); err != nil {
			t.Fatalf("answer is no JSON: %v", err)
		}
		delete(before, "response")
		answered := after["response"]
		delete(after, "response")
		if len(before) != len(after) {
			t.Fatalf("members changed: %q", answer)
		}
		for name, value := range before {
			if string(after[name]) != string(value) {
				t.Fatalf("member %q changed", name)
			}
		}
		var added struct{ Added json.RawMessage }
		if err := json.Unmarshal(answered, &added); err != nil || string(added.Added) != `{"n":1}` {
			t.Fatalf("response %q lacks what was set", answered)
		}
	})
}
