package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

// call is one request in AWS's JSON 1.1 protocol.
type call struct {
	Operation string
	Body      map[string]any
}

// cognitoServer answers user pools API calls: reply gives status and body for each.
type cognitoServer struct {
	URL   string
	reply func(call) (int, string)

	mu    sync.Mutex
	calls []call
}

func newCognitoServer(t *testing.T, reply func(call) (int, string)) *cognitoServer {
	t.Helper()
	s := &cognitoServer{reply: reply}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

func (s *cognitoServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AWSCognitoIdentityProviderService.")
	body, err := io.ReadAll(r.Body)
	var c call
	if err == nil {
		err = json.Unmarshal(body, &c.Body)
	}
	if !ok || err != nil || r.Header.Get("Content-Type") != "application/x-amz-json-1.1" ||
		!strings.Contains(r.Header.Get("Authorization"), "/eu-west-1/cognito-idp/aws4_request") {
		http.Error(w, "not a signed call of the user pools API", http.StatusBadRequest)
		return
	}
	c.Operation = operation
	s.mu.Lock()
	s.calls = append(s.calls, c)
	s.mu.Unlock()
	status, text := s.reply(c)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

func (s *cognitoServer) pool(t *testing.T) pool {
	t.Helper()
	env := settings.FromMap(map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": s.URL,
	})
	p := newCognitoPool(env, Config{LinkProviders: []string{"Google"}})
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *cognitoServer) check(t *testing.T, want ...call) {
	t.Helper()
	if !reflect.DeepEqual(s.calls, want) {
		t.Errorf("calls %v,\nwant  %v", s.calls, want)
	}
}

const ines = `{"Username":"ines","Enabled":true,"UserStatus":"CONFIRMED","UserCreateDate":1.7672256E9,
	"Attributes":[{"Name":"sub","Value":"6f0c1c1e-0000-4000-8000-000000000001"},
	{"Name":"email","Value":"ines@example.org"},{"Name":"email_verified","Value":"true"}]}`

func TestUsersByEmailOnTheWire(t *testing.T) {
	s := newCognitoServer(t, func(c call) (int, string) {
		if c.Body["PaginationToken"] == nil {
			return 200, `{"Users":[` + ines + `,{"Username":"bare"}],"PaginationToken":"page-2"}`
		}
		return 200, `{"Users":[]}`
	})
	users, next, err := s.pool(t).UsersByEmail(t.Context(), "eu-west-1_Example1", "ines@example.org", "")
	if err != nil || next != "page-2" {
		t.Fatalf("next %q, error %v", next, err)
	}
	want := []user{
		{
			Name:    "ines",
			Status:  "CONFIRMED",
			Enabled: true,
			Attributes: events.Attributes{
				"sub":            "6f0c1c1e-0000-4000-8000-000000000001",
				"email":          "ines@example.org",
				"email_verified": "true",
			},
		},
		{Name: "bare", Attributes: events.Attributes{}},
	}
	if !reflect.DeepEqual(users, want) {
		t.Errorf("users %v", users)
	}
	users, next, err = s.pool(t).UsersByEmail(t.Context(), "eu-west-1_Example1", `a\"b@example.org`, "page-2")
	if err != nil || next != "" || len(users) != 0 {
		t.Fatalf("second page: %v, next %q, error %v", users, next, err)
	}
	s.check(t,
		call{
			Operation: "ListUsers",
			Body:      map[string]any{"UserPoolId": "eu-west-1_Example1", "Filter": `email = "ines@example.org"`, "Limit": 60.0},
		},
		call{
			Operation: "ListUsers",
			Body: map[string]any{
				"UserPoolId":      "eu-west-1_Example1",
				"Filter":          `email = "a\\\"b@example.org"`,
				"Limit":           60.0,
				"PaginationToken": "page-2",
			},
		},
	)
}

func TestUserOnTheWire(t *testing.T) {
	s := newCognitoServer(t, func(call) (int, string) {
		return 200, strings.Replace(ines, `"Attributes"`, `"UserAttributes"`, 1)
	})
	u, err := s.pool(t).User(t.Context(), "eu-west-1_Example1", "ines")
	if err != nil || u.Name != "ines" || !u.Enabled || u.Status != "CONFIRMED" ||
		u.Attributes["email"] != "ines@example.org" {
		t.Errorf("user %v, error %v", u, err)
	}
	s.check(t, call{
		Operation: "AdminGetUser",
		Body:      map[string]any{"UserPoolId": "eu-west-1_Example1", "Username": "ines"},
	})
}

func TestLinkOnTheWire(t *testing.T) {
	s := newCognitoServer(t, func(call) (int, string) { return 200, `{}` })
	if err := s.pool(t).Link(t.Context(), "eu-west-1_Example1", identity{Provider: "Google", Subject: "117"},
		"ines"); err != nil {
		t.Fatal(err)
	}
	s.check(t, call{Operation: "AdminLinkProviderForUser", Body: map[string]any{
		"UserPoolId":      "eu-west-1_Example1",
		"DestinationUser": map[string]any{"ProviderName": "Cognito", "ProviderAttributeValue": "ines"},
		"SourceUser": map[string]any{
			"ProviderName":           "Google",
			"ProviderAttributeName":  "Cognito_Subject",
			"ProviderAttributeValue": "117",
		},
	}})
}

func TestLinkErrors(t *testing.T) {
	for code, want := range map[string]error{
		"InvalidParameterException": errConflict,
		"AliasExistsException":      errConflict,
		"LimitExceededException":    errFull,
		"NotAuthorizedException":    nil,
		"ResourceNotFoundException": nil,
		"UserNotFoundException":     nil,
	} {
		t.Run(code, func(t *testing.T) {
			s := newCognitoServer(t, func(call) (int, string) {
				return 400, `{"__type":"` + code + `","message":"said Cognito"}`
			})
			err := s.pool(t).Link(t.Context(), "eu-west-1_Example1", identity{Provider: "Google", Subject: "117"}, "ines")
			if err == nil || !strings.Contains(err.Error(), "said Cognito") {
				t.Fatalf("error %v", err)
			}
			for _, known := range []error{errConflict, errFull} {
				if errors.Is(err, known) != (known == want) {
					t.Errorf("error %v, want %v", err, want)
				}
			}
		})
	}
}

// End to end with the SDK: a link is made, and AWS's texts for refusals stay inside.
func TestLinkThroughTheSDK(t *testing.T) {
	const arn = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_Example1"
	denied := `{"__type":"AccessDeniedException","message":"User: arn:aws:sts::111122223333:assumed-role/fn is not ` +
		`authorized to perform cognito-idp:ListUsers on ` + arn + `"}`
	cases := []struct {
		name, list, link string
		calls            int
		want             string // the error that leaves the function
	}{
		{name: "linked", list: `{"Users":[` + ines + `]}`, link: `{}`, calls: 3, want: ""},
		{name: "nobody to link to", list: `{"Users":[]}`, link: `{}`, calls: 1, want: ""},
		{
			name:  "squatted",
			list:  `{"Users":[` + strings.Replace(ines, "CONFIRMED", "UNCONFIRMED", 1) + `]}`,
			link:  `{}`,
			calls: 1,
			want:  accountUnverified.Text,
		},
		{name: "list denied", list: denied, link: `{}`, calls: 1, want: trigger.GenericMessage(triggertest.RequestID)},
		{
			name:  "link denied",
			list:  `{"Users":[` + ines + `]}`,
			link:  denied,
			calls: 3,
			want:  trigger.GenericMessage(triggertest.RequestID),
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newCognitoServer(t, func(call call) (int, string) {
				text := map[string]string{
					"ListUsers": c.list, "AdminLinkProviderForUser": c.link,
					"AdminGetUser": strings.Replace(ines, `"Attributes"`, `"UserAttributes"`, 1),
				}[call.Operation]
				if strings.HasPrefix(text, `{"__type"`) {
					return 400, text
				}
				return 200, text
			})
			handler := triggertest.Wrap(events.PreSignUp, newHandler(Config{LinkProviders: []string{"Google"}}, s.pool(t)))
			payload := event(t, cognito.PreSignUpExternalProvider, "google_117", verified).Raw()
			got := triggertest.Invoke(t, handler, payload)
			if got.Error != c.want || len(s.calls) != c.calls {
				t.Errorf("error %q after %d calls", got.Error, len(s.calls))
			}
			if c.want == "" && string(got.Answer) != string(payload) {
				t.Error("the answer is not the event byte for byte")
			}
		})
	}
}

// A pool API that does not answer must leave the function time to report it.
func TestStalledPoolEndsWithTheContext(t *testing.T) {
	release := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	s := newCognitoServer(t, func(call) (int, string) {
		cancel() // the call has arrived: now the deadline passes
		<-release
		return 200, `{}`
	})
	t.Cleanup(func() { close(release) }) // before the server's own clean-up, which waits for its requests
	e := event(t, cognito.PreSignUpExternalProvider, "Google_117", verified)
	if err := newHandler(Config{LinkProviders: []string{"Google"}}, s.pool(t))(ctx, e); err == nil {
		t.Error("a user who could not be looked up was let in")
	}
}
