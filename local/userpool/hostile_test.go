package userpool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// furnishedDevice is the key of a device that is not confirmed.
const furnishedDevice = "eu-west-1_00000000-0000-4000-8000-00000000d001"

// furnished is a pool with one of everything, and a valid request for each operation.
type furnished struct {
	*direct
	access, refresh string
	machine, secret string // an app client that gets tokens of its own
	known           object // members of requests that name what the pool has
}

func furnish(t testing.TB) *furnished {
	t.Helper()
	f := &furnished{direct: startDirect(t, object{"AutoVerifiedAttributes": []string{"email"},
		"DeviceConfiguration": object{"ChallengeRequiredOnNewDevice": true}}, nil)}
	if _, err := f.server.Store().UpdatePool(f.pool, func(p *state.Pool) error { p.TOTP = true; return nil }); err != nil {
		t.Fatal(err)
	}
	f.do("CreateGroup", object{"GroupName": "staff"})
	f.do("CreateIdentityProvider", object{"ProviderName": "corp", "ProviderType": "OIDC"})
	f.do("CreateResourceServer", object{"Identifier": "things", "Name": "n"})
	f.do("CreateUserPoolDomain", object{"Domain": "people"})
	f.do("SetUserPoolSessionConfiguration",
		object{"UserSessionTracking": "ENABLED", "TokenSession": object{"MaxPerUser": 5}})
	style := f.do("CreateManagedLoginBranding", object{})
	f.known = object{
		"TermsId":                at(f.do("CreateTerms", someTerms()), "Terms.TermsId"),
		"ManagedLoginBrandingId": at(style, "ManagedLoginBranding.ManagedLoginBrandingId"),
	}
	machine := at(f.do("CreateUserPoolClient", object{"ClientName": "m", "GenerateSecret": true,
		"ExplicitAuthFlows": []string{"ALLOW_CLIENT_TOKEN_AUTH"}}), "UserPoolClient").(object)
	f.machine, f.secret = machine["ClientId"].(string), machine["ClientSecret"].(string)
	f.enter()
	return f
}

// enter creates a user and signs her in.
func (f *furnished) enter() {
	f.t.Helper()
	store := f.server.Store()
	user := state.User{Username: "ines", Status: state.Confirmed, Attributes: map[string]string{
		"sub": uuid.NewString(), "email": "ines@example.org", "email_verified": "true",
	}, Devices: []state.Device{{Key: furnishedDevice, Group: "-abcd1234"}}}
	if err := store.CreateUser(f.pool, user, state.KeepAliases); err != nil {
		f.t.Fatal(err)
	}
	client, pool, err := f.server.rooms.directory.Client(f.client)
	if err != nil {
		f.t.Fatal(err)
	}
	result, err := f.server.rooms.tokens.SignIn(f.t.Context(), wire.Request{BaseURL: "http://127.0.0.1"},
		directory.Bearer{Pool: pool, Client: client, User: user, Device: furnishedDevice},
		cognito.TokenGenerationAuthentication, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	f.access, f.refresh = result.AccessToken, result.RefreshToken
}

// request returns a valid body for the operation.
func (f *furnished) request(operation string) object {
	known := object{
		"UserPoolId": f.pool, "ClientId": f.client, "AccessToken": f.access, "RefreshToken": f.refresh, "Token": f.refresh,
		"Username":  "ines",
		"GroupName": "staff", "ProviderName": "corp", "Identifier": "things", "Domain": "people", "MaxResults": 5,
		"Password": password, "PoolName": "p",
		"ResourceArn": "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/" + f.pool, "AttributeName": "email",
		"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": object{"USERNAME": "ines", "PASSWORD": password, "SRP_A": "10"},
		"ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": object{"USERNAME": "ines"},
		"DeviceKey": furnishedDevice,
	}
	maps.Copy(known, f.known)
	if operation == "GetClientToken" || strings.HasSuffix(operation, "ClientSecret") {
		known["ClientId"], known["Secret"] = f.machine, f.secret
	}
	if f.server != nil {
		for _, s := range f.server.Store().Families(f.pool, "ines") {
			known["SessionId"] = s.SessionID()
		}
	}
	if strings.Contains(operation, "Terms") {
		maps.Copy(known, someTerms())
	}
	body := object{}
	for _, field := range fieldsOf(modelInput(f.t, operation)) {
		if value, is := known[field.Name]; is {
			body[field.Name] = value
		}
	}
	return body
}

// hostile returns values that no member, or few members, should accept.
func hostile() map[string]string {
	return map[string]string{
		"null": "null", "a number": "5", "negative": "-1", "fraction": "1.5", "too large a number": "1e400",
		"beyond int64": "99999999999999999999", "true": "true",
		"text": `"text"`, "empty text": `""`, "NUL": `"a\u0000b"`, "lone surrogate": `"\ud800"`, "list": "[]",
		"list of lists": "[[[]]]", "list of nulls": "[null]",
		"object": "{}", "object of nulls": `{"a":null}`, "deep list": strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000),
		"deep object": strings.Repeat(`{"a":`, 9_000) + "1" + strings.Repeat("}", 9_000), "pattern": `"(a+)+$\\"`,
		"path":   `"../../etc/passwd"`,
		"format": `"%s%n%!d(string={####}{username})"`, "invalid UTF-8": "\"\xff\xfe\"",
		"longer than any limit": `"` + strings.Repeat("x", 131_073) + `"`, // the API's longest is 131,072
	}
}

// Whatever value a member has, an operation answers as AWS would: never with an internal error, always with a name and
// a message, and it never accepts a value of the wrong type.
func TestHostileMembers(t *testing.T) {
	for _, op := range Registry() {
		if !op.Served() {
			continue
		}
		t.Run(op.Name, func(t *testing.T) {
			t.Parallel()
			f := furnish(t)
			for _, field := range fieldsOf(modelInput(t, op.Name)) {
				if takesAway(op.Name) {
					f = furnish(t)
				}
				for name, value := range hostile() {
					body := f.request(op.Name)
					delete(body, field.Name)
					raw := append(bytes.TrimSuffix(encode(t, body), []byte("}")),
						fmt.Sprintf(`%s%q:%s}`, comma(body), field.Name, value)...)
					answer := send(f.server, op.Name, raw)
					what := op.Name + "." + field.Name + " is " + name
					wantAnswer(t, what, answer)
					ignored := wire.OwnerOf(op.Name) == wire.AnyRequest && op.PlaceOf(field.Name) == wire.Listed
					if answer.Code == 200 && !mayHold(field.Type, value) && !ignored {
						t.Errorf("%s: accepted", what)
					}
				}
			}
		})
	}
}

// someTerms returns terms as CreateTerms takes them.
func someTerms() object {
	return object{"TermsName": "privacy-policy", "TermsSource": "LINK", "Enforcement": "NONE",
		"Links": object{"cognito:default": "https://example.org/privacy"}}
}

// takesAway reports whether the operation may remove what the next request needs.
func takesAway(operation string) bool {
	return strings.Contains(operation, "Delete") || strings.Contains(operation, "SignOut") ||
		strings.Contains(operation, "Disable") || strings.Contains(operation, "ForgetDevice") ||
		strings.Contains(operation, "Revoke")
}

func comma(body object) string {
	if len(body) == 0 {
		return ""
	}
	return ","
}

func encode(t testing.TB, body object) []byte {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// mayHold reports whether a member of this type can have the value.
func mayHold(of reflect.Type, value string) bool {
	into := of
	if of.Kind() == reflect.Slice && of.Elem().Kind() == reflect.Slice {
		into = reflect.TypeFor[[]any]()
	}
	return json.Unmarshal([]byte(value), reflect.New(into).Interface()) == nil
}

func wantAnswer(t *testing.T, what string, answer *httptest.ResponseRecorder) {
	t.Helper()
	var out struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	err := json.Unmarshal(answer.Body.Bytes(), &out)
	switch {
	case err != nil, answer.Code != 200 && answer.Code != 400, answer.Code == 400 && (out.Type == "" || out.Message == ""):
		t.Errorf("%s: %d %.300s", what, answer.Code, answer.Body)
	case answer.Code == 400 && answer.Header().Get("X-Amzn-Errortype") == "":
		t.Errorf("%s: no X-Amzn-Errortype", what)
	}
}

// Every operation answers any body, including the refused ones.
func TestHostileBodies(t *testing.T) {
	f := furnish(t)
	for _, op := range Registry() {
		for name, body := range map[string]string{
			"empty": "", "blank": " \n", "list": "[]", "null": "null", "text": `"x"`, "number": "5", "cut off": `{"UserPoolId":`,
			"two":      "{}{}",
			"not JSON": "<xml/>", "deep": strings.Repeat(`{"a":`, 10_001), "invalid UTF-8": "{\"Username\":\"\xff\"}",
			"2 MiB": `{"a":"` + strings.Repeat("x", 2<<20) + `"}`,
			"NUL":   "\x00", "a member twice": `{"UserPoolId":"eu-west-1_A","UserPoolId":5}`,
			"lower-case name": `{"userpoolid":"` + f.pool + `"}`,
		} {
			answer := send(f.server, op.Name, []byte(body))
			wantAnswer(t, op.Name+": "+name, answer)
			takesNothing := slices.Contains([]string{"empty", "blank", "null", "lower-case name"}, name)
			if answer.Code == 200 && !(takesNothing && len(f.request(op.Name)) == 0) {
				t.Errorf("%s: %s: accepted: %.200s", op.Name, name, answer.Body)
			}
		}
	}
}

func TestHostileRequests(t *testing.T) {
	f := furnish(t)
	cases := map[string]struct {
		method, path, target string
		body                 io.Reader
		want                 int
	}{
		"no target": {method: http.MethodPost, path: "/", body: strings.NewReader("{}"), want: 400},
		"another service": {
			method: http.MethodPost,
			path:   "/",
			target: "AWSCognitoIdentityService.GetId",
			body:   strings.NewReader("{}"),
			want:   400,
		},
		"no such operation": {
			method: http.MethodPost,
			path:   "/",
			target: targetPrefix + "Nothing",
			body:   strings.NewReader("{}"),
			want:   400,
		},
		"only the prefix": {
			method: http.MethodPost,
			path:   "/",
			target: targetPrefix,
			body:   strings.NewReader("{}"),
			want:   400,
		},
		"GET":                   {method: http.MethodGet, path: "/", target: targetPrefix + "ListUserPools", want: 404},
		"GET of a missing pool": {method: http.MethodGet, path: "/eu-west-1_Nowhere00/.well-known/jwks.json", want: 404},
		"GET with dots":         {method: http.MethodGet, path: "/" + f.pool + "/../x", want: 404},
		"PUT":                   {method: http.MethodPut, path: "/", body: strings.NewReader("{}"), want: 400},
		"DELETE":                {method: http.MethodDelete, path: "/" + f.pool, want: 400},
		"broken body": {
			method: http.MethodPost,
			path:   "/",
			target: targetPrefix + "ListUserPools",
			body:   brokenBody{},
			want:   400,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, "http://127.0.0.1"+c.path, c.body)
			if c.target != "" {
				r.Header.Set("X-Amz-Target", c.target)
			}
			w := httptest.NewRecorder()
			f.server.ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("%d %s, want %d", w.Code, w.Body, c.want)
			}
		})
	}
}

// brokenBody is a body whose sender disconnects.
type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
