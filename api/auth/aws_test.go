package main

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/settings"
)

// service is Cognito and DynamoDB over HTTP.
type service struct {
	mu     sync.Mutex
	asked  []string // operations
	signed []string // those that came with IAM credentials
	answer func(w http.ResponseWriter, operation string)
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	s.mu.Lock()
	s.asked = append(s.asked, operation)
	if r.Header.Get("Authorization") != "" {
		s.signed = append(s.signed, operation)
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	s.answer(w, operation)
}

// onAWS sets up the function as deployed, with every service at one address.
func onAWS(t *testing.T, answer func(http.ResponseWriter, string)) (*apitest.API, *service) {
	t.Helper()
	s := &service{answer: answer}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	environment := maps.Clone(deployed)
	environment["AWS_ENDPOINT_URL"] = server.URL
	return apitest.New(t, setup, environment), s
}

func TestOperationsAreNotSigned(t *testing.T) {
	a, s := onAWS(t, func(w http.ResponseWriter, operation string) {
		if operation == "InitiateAuth" || operation == "RespondToAuthChallenge" || operation == "GetTokensFromRefreshToken" {
			_, _ = io.WriteString(w,
				`{"AuthenticationResult":{"AccessToken":"a","ExpiresIn":3600,"TokenType":"Bearer","IdToken":"i"}}`)
			return
		}
		_, _ = io.WriteString(w, `{"Username":"x","UserAttributes":[],"CodeDeliveryDetailsList":[]}`)
	})
	for route, request := range requests {
		// DynamoDB's answer is none
		if got := a.Call(t, route, request.options...); got.Status >= 300 && route != "PATCH /auth/me" {
			t.Errorf("%s: %d %s", route, got.Status, got.Body)
		}
		if !slices.Contains(s.asked, request.operation) {
			t.Errorf("%s: asked %v, not %s", route, s.asked, request.operation)
		}
	}
	for _, operation := range s.signed {
		if !strings.HasSuffix(operation, "Item") && operation != "AdminUserGlobalSignOut" {
			t.Errorf("%s came with IAM credentials", operation)
		}
	}
}

// An operation whose outcome is not known may have been carried out: it is not sent again.
func TestOperationsAreNotRepeated(t *testing.T) {
	for route, request := range requests {
		a, s := onAWS(t, func(w http.ResponseWriter, _ string) { w.WriteHeader(http.StatusInternalServerError) })
		a.Call(t, route, request.options...).WantProblem(t, 500, api.CodeInternal)
		if len(s.asked) != 1 {
			t.Errorf("%s: asked %v", route, s.asked)
		}
	}
}

func TestSetupNamesWhatIsMissing(t *testing.T) {
	_, err := api.New(manifest, setup, settings.FromMap(map[string]string{concealSetting: "maybe"}), io.Discard)
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{userPoolSetting, clientSetting, profileTableSetting, concealSetting, "AWS_REGION"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}

// No log holds a value of the request, even if Cognito's error repeats it.
func TestNothingOfARequestIsLogged(t *testing.T) {
	const canary = "canary7193"
	email := canary + "@example.org"
	bodies := map[string]object{
		"POST /auth/sign-up": {
			"email":    email,
			"password": "Pw-" + canary,
			"name":     "N " + canary,
			"metadata": object{"k": "m-" + canary},
		},
		"POST /auth/confirm": {"email": email, "code": "c-" + canary},
		"POST /auth/resend":  {"email": email},
		"POST /auth/sign-in": {"email": email, "password": "Pw-" + canary},
		"POST /auth/challenge": {
			"session":   pack(email, "s-"+canary),
			"challenge": "NEW_PASSWORD_REQUIRED",
			"answers":   object{"NEW_PASSWORD": "Pw-" + canary},
		},
		"POST /auth/refresh":         {"refresh_token": "r-" + canary},
		"POST /auth/sign-out":        {"refresh_token": "r-" + canary},
		"POST /auth/forgot-password": {"email": email},
		"POST /auth/reset-password":  {"email": email, "code": "c-" + canary, "new_password": "Pw-" + canary},
		"PATCH /auth/me":             {"name": "N " + canary},
	}
	for _, code := range []string{"InvalidParameterException", "InternalErrorException", "NotAuthorizedException",
		"UserLambdaValidationException", "NewException", ""} {
		for route, request := range requests {
			text := "PreSignUp failed with error t-" + canary + " " + strings.Join(textsOf(bodies[route]), " ") + " s-" +
				canary + "."
			if route != "POST /auth/challenge" {
				text = strings.TrimSuffix(text, " s-"+canary+".")
			}
			err := cognitoError(code, text)
			if code == "" {
				err = errors.New(text)
			}
			w := start(t, map[string]any{request.operation: err, "GetUser": err}, concealed)
			options := []apitest.Option{signedInUser, apitest.Token("t-" + canary)}
			if body, has := bodies[route]; has {
				options = append(options, apitest.Body(body))
			}
			w.Call(t, route, options...)
			if logged := w.Log() + w.Metrics(); strings.Contains(logged, canary) ||
				!json.Valid([]byte(strings.TrimSpace(w.Metrics()))) {
				t.Errorf("%s, %q: %s", route, code, logged)
			}
		}
	}
}

// textsOf lists the texts in a body.
func textsOf(value any) (all []string) {
	switch v := value.(type) {
	case string:
		all = append(all, v)
	case object:
		for _, inner := range v {
			all = append(all, textsOf(inner)...)
		}
	}
	return all
}
