package events_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/events/sample"
)

// typed holds a hook's types and functions that use them.
type typed struct {
	request, response reflect.Type
	// remake decodes an event and returns the answer without changes, and the request encoded again.
	remake func(event []byte) (same, request []byte, err error)
}

func of[Req, Resp any](events.Hook[Req, Resp]) typed {
	return typed{
		request: reflect.TypeFor[Req](), response: reflect.TypeFor[Resp](),
		remake: func(event []byte) (same, request []byte, err error) {
			e, err := events.Decode[Req, Resp](event)
			if err != nil {
				return nil, nil, err
			}
			if same, err = e.Encode(); err == nil {
				request, err = json.Marshal(e.Request)
			}
			return same, request, err
		},
	}
}

var hooks = map[cognito.Hook]typed{
	events.PreSignUp.Name():                   of(events.PreSignUp),
	events.PostConfirmation.Name():            of(events.PostConfirmation),
	events.PreAuthentication.Name():           of(events.PreAuthentication),
	events.PostAuthentication.Name():          of(events.PostAuthentication),
	events.DefineAuthChallenge.Name():         of(events.DefineAuthChallenge),
	events.CreateAuthChallenge.Name():         of(events.CreateAuthChallenge),
	events.VerifyAuthChallengeResponse.Name(): of(events.VerifyAuthChallengeResponse),
	events.UserMigration.Name():               of(events.UserMigration),
	events.PreTokenGeneration.Name():          of(events.PreTokenGeneration),
	events.CustomMessage.Name():               of(events.CustomMessage),
	events.CustomEmailSender.Name():           of(events.CustomEmailSender),
	events.CustomSMSSender.Name():             of(events.CustomSMSSender),
	events.InboundFederation.Name():           of(events.InboundFederation),
}

func TestEveryHookHasTypesOfItsOwn(t *testing.T) {
	t.Parallel()
	owner := map[reflect.Type]cognito.Hook{}
	for _, hook := range cognito.Hooks() {
		h, there := hooks[hook]
		if !there {
			t.Fatalf("%s has no types", hook)
		}
		for _, of := range []reflect.Type{h.request, h.response} {
			if other, taken := owner[of]; taken {
				t.Errorf("%s and %s share %s", other, hook, of)
			}
			owner[of] = hook
		}
	}
}

// TestTypesHaveTheMembersOfTheContract fills every field, encodes the value and compares the members.
func TestTypesHaveTheMembersOfTheContract(t *testing.T) {
	t.Parallel()
	for _, hook := range cognito.Hooks() {
		t.Run(string(hook), func(t *testing.T) {
			t.Parallel()
			contract := hook.Contract()
			if got, want := written(t, hooks[hook].request), names(contract.Request); !slices.Equal(got, want) {
				t.Errorf("the request is written as %q, want %q", got, want)
			}
			got, want := written(t, hooks[hook].response), names(contract.Response)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("the response is written as %q, want %q", got, want)
			}
		})
	}
}

func names(members []cognito.Member) []string {
	var all []string
	for _, m := range members {
		all = append(all, m.Name)
	}
	return all
}

// written returns the members, in their order, of an encoded value of the type that has every field set.
func written(t *testing.T, of reflect.Type) []string {
	t.Helper()
	value := reflect.New(of).Elem()
	fillIn(value)
	text, err := json.Marshal(value.Interface())
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	var all []string
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, name.(string))
		var skipped json.RawMessage
		if err := dec.Decode(&skipped); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func fillIn(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		v.SetUint('1')
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillIn(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillIn(v.Index(0))
	case reflect.Map:
		element := reflect.New(v.Type().Elem()).Elem()
		fillIn(element)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("x"), element)
	case reflect.Struct:
		for i := range v.NumField() {
			fillIn(v.Field(i))
		}
	}
}

// TestSamplesAreLossless checks for every sample that it goes back byte for byte if nothing is set, and that its
// request keeps its values when it is encoded again. Only empty members may be omitted or become null.
func TestSamplesAreLossless(t *testing.T) {
	t.Parallel()
	for _, hook := range cognito.Hooks() {
		for _, source := range hook.Sources() {
			for _, version := range slices.Concat([]string{""}, hook.Versions()) {
				t.Run(source+version, func(t *testing.T) {
					t.Parallel()
					event, err := sample.Event(source, version)
					if err != nil {
						t.Skip(err) // one source comes in one version only
					}
					same, request, err := hooks[hook].remake(event)
					if err != nil {
						t.Fatal(err)
					}
					if !bytes.Equal(same, event) {
						t.Errorf("the event came back as %s", same)
					}
					var whole struct{ Request map[string]any }
					var again map[string]any
					if err := json.Unmarshal(event, &whole); err != nil {
						t.Fatal(err)
					}
					if err := json.Unmarshal(request, &again); err != nil {
						t.Fatal(err)
					}
					for name, value := range whole.Request {
						if !holdsNothing(value) && !reflect.DeepEqual(again[name], value) {
							t.Errorf("request.%s is %v, and was %v", name, again[name], value)
						}
					}
					for name, value := range again {
						if _, there := whole.Request[name]; !there && !holdsNothing(value) {
							t.Errorf("request.%s was added: %v", name, value)
						}
					}
				})
			}
		}
	}
}

func holdsNothing(value any) bool {
	object, isObject := value.(map[string]any)
	return value == nil || isObject && len(object) == 0
}

// TestSamplesFollowTheContract checks that samples only have members of the contract.
func TestSamplesFollowTheContract(t *testing.T) {
	t.Parallel()
	for _, hook := range cognito.Hooks() {
		contract := hook.Contract()
		for _, source := range hook.Sources() {
			event, err := sample.Event(source, "")
			if err != nil {
				t.Fatal(err)
			}
			var e struct {
				Version           string
				Request, Response map[string]json.RawMessage
			}
			if err := json.Unmarshal(event, &e); err != nil {
				t.Fatal(err)
			}
			for _, name := range slices.Sorted(maps.Keys(e.Request)) {
				if _, known := cognito.Find(contract.Request, name); !known {
					t.Errorf("%s: the contract has no request.%s", source, name)
				}
			}
			if contract.Asynchronous != (e.Response == nil) {
				t.Errorf("%s: has a response: %v, asynchronous: %v", source, e.Response != nil, contract.Asynchronous)
			}
			for _, m := range contract.ResponseMembers(e.Version) {
				if e.Response[m.Name] == nil && len(e.Response) > 0 {
					t.Errorf("%s: the sample lacks response.%s", source, m.Name)
				}
				delete(e.Response, m.Name)
			}
			for name := range e.Response {
				t.Errorf("%s: the contract has no response.%s for version %s", source, name, e.Version)
			}
		}
	}
}

// TestRequestsAreReadLeniently decodes types that AWS's pages disagree about, and others that Cognito may send one day.
func TestRequestsAreReadLeniently(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		hook          cognito.Hook
		request, want string
	}{
		"nothing": {
			hook: cognito.PreAuthentication, request: `null`, want: `{"userAttributes":null,"validationData":null}`,
		},
		"user not found": {
			hook: cognito.PreAuthentication, request: `{"userNotFound":"true","later":[1]}`,
			want: `{"userAttributes":null,"validationData":null,"userNotFound":true}`,
		},
		"user found": {
			hook: cognito.PreAuthentication, request: `{"validationData":{"ip":"1"},"userNotFound":false}`,
			want: `{"userAttributes":null,"validationData":{"ip":"1"},"userNotFound":false}`,
		},
		"flag is null": {
			hook: cognito.PreAuthentication, request: `{"userNotFound":null}`,
			want: `{"userAttributes":null,"validationData":null}`,
		},
		"new device": {
			hook: cognito.PostAuthentication, request: `{"newDeviceUsed":"true","clientMetadata":{"a":1}}`,
			want: `{"userAttributes":null,"newDeviceUsed":true,"clientMetadata":{"a":"1"}}`,
		},
		"no session": {
			hook: cognito.DefineAuthChallenge, request: `{"session":null}`, want: `{"userAttributes":null,"session":[]}`,
		},
		"session": {
			hook: cognito.DefineAuthChallenge,
			request: `{"session":[{"challengeName":"NEW","challengeResult":"true","challengeMetadata":null},null,` +
				`{"challengeName":null,"challengeResult":1,"challengeMetadata":"m","x":{}}]}`,
			want: `{"userAttributes":null,"session":[{"challengeName":"NEW","challengeResult":true,"challengeMetadata":null},` +
				`{"challengeName":"","challengeResult":false,"challengeMetadata":null},{"challengeName":"",` +
				`"challengeResult":false,"challengeMetadata":"m"}]}`,
		},
		"challenge": {
			hook: cognito.CreateAuthChallenge, request: `{"challengeName":"CUSTOM_CHALLENGE","session":{}}`,
			want: `{"userAttributes":null,"challengeName":"CUSTOM_CHALLENGE","session":[]}`,
		},
		"answer in a map": {
			hook:    cognito.VerifyAuthChallengeResponse,
			request: `{"challengeAnswer":{"a":"b"},"privateChallengeParameters":{"n":7}}`,
			want:    `{"userAttributes":null,"privateChallengeParameters":{"n":"7"},"challengeAnswer":"{\"a\":\"b\"}"}`,
		},
		"forgotten": {
			hook: cognito.UserMigration, request: `{"userAttributes":null,"clientMetadata":{}}`,
			want: `{"validationData":null,"userAttributes":null}`,
		},
		"code is null": {
			hook: cognito.CustomEmailSender, request: `{"type":"t","code":null,"clientMetadata":null}`,
			want: `{"type":"t","code":null,"clientMetadata":null,"userAttributes":null}`,
		},
		"code": {
			hook: cognito.CustomSMSSender, request: `{"type":"t","code":"AYAD","userAttributes":{"phone_number":"+1"}}`,
			want: `{"type":"t","code":"AYAD","clientMetadata":null,"userAttributes":{"phone_number":"+1"}}`,
		},
		"claims of a type": {
			hook: cognito.InboundFederation,
			request: `{"attributes":{"idToken":{"exp":12345678901234567890,"groups":["a"],"ok":true},"userInfo":{},` +
				`"tokenResponse":null}}`,
			want: `{"providerName":"","providerType":"","attributes":{"idToken":{"exp":"12345678901234567890",` +
				`"groups":"[\"a\"]","ok":"true"},"userInfo":{}}}`,
		},
		"no attributes": {
			hook: cognito.InboundFederation, request: `{"providerType":"SAML","attributes":[]}`,
			want: `{"providerName":"","providerType":"SAML","attributes":{}}`,
		},
		"placeholders": {
			hook: cognito.CustomMessage, request: `{"codeParameter":"{####}","usernameParameter":"None"}`,
			want: `{"userAttributes":null,"codeParameter":"{####}","linkParameter":null,"usernameParameter":null}`,
		},
		"groups": {
			hook: cognito.PreTokenGeneration, request: `{"groupConfiguration":null}`,
			want: `{"userAttributes":null,"groupConfiguration":{"groupsToOverride":[],"iamRolesToOverride":[],` +
				`"preferredRole":null}}`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, request, err := hooks[c.hook].remake([]byte(`{"request":` + c.request + `}`))
			if err != nil || string(request) != c.want {
				t.Errorf("request became\n%s (error %v), want\n%s", request, err, c.want)
			}
		})
	}
}

// FuzzEveryHook checks for the types of every hook that an event goes back byte for byte if nothing is set, and that a
// decoded request can be encoded.
func FuzzEveryHook(f *testing.F) {
	for i, hook := range cognito.Hooks() {
		event, err := sample.Event(hook.Sources()[0], "")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), event)
	}
	all := cognito.Hooks()
	f.Fuzz(func(t *testing.T, which uint8, event []byte) {
		hook := all[int(which)%len(all)]
		same, request, err := hooks[hook].remake(event)
		if err != nil && strings.Contains(err.Error(), "event:") {
			return // not an event
		}
		if err != nil || !bytes.Equal(same, event) || !json.Valid(request) {
			t.Fatalf("%s: %q became %q with the request %q, error %v", hook, event, same, request, err)
		}
	})
}
