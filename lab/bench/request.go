package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"cognito-triggers/local/stack"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
)

// requestPlan says how to measure a function of the HTTP API: with a request that it validates and refuses without
// calling AWS.
type requestPlan struct {
	name     string // in the report
	route    string
	guarded  bool // the event has a token's claims
	body     string
	status   int // expected
	settings map[string]string
	budget   Budget
}

const requestWarmLimit = 1.6 // of Budget.Warm: a body is read, a problem is written, and two lines are logged

// requestPlans maps functions to plans. A function without one is not measured, and the report notes it.
func requestPlans() map[string]requestPlan {
	return map[string]requestPlan{
		"auth": {
			name: "POST /auth/sign-up without a password", route: "POST /auth/sign-up",
			body: `{"email":"ines@example.org","name":"Ines Moreau"}`, status: 400,
			settings: map[string]string{
				"USER_POOL_ID":  "eu-west-1_Example01",
				"CLIENT_ID":     "1example23456789",
				"PROFILE_TABLE": "profiles",
			},
			budget: Budget{First: 1.8, Warm: requestWarmLimit},
		},
		"posts": {
			name: "POST /post without contents", route: "POST /post", guarded: true, body: `{"title":"Hello"}`, status: 400,
			settings: map[string]string{"POSTS_TABLE": "posts"},
			budget:   Budget{First: 1.8, Warm: requestWarmLimit},
		},
	}
}

// event returns the request in payload format 2.0.
func (p requestPlan) event() ([]byte, error) {
	route := manifest.Route{Route: p.route}
	context := map[string]any{
		"accountId": stack.Account, "apiId": "bench", "domainName": "bench.example.com", "domainPrefix": "bench",
		"requestId": "JKJaXmPLvHcESHA=",
		"routeKey":  p.route, "stage": "$default", "time": "22/Nov/2026:12:00:00 +0000", "timeEpoch": 1795348800000,
		"http": map[string]any{
			"method":    route.Method(),
			"path":      route.Path(),
			"protocol":  "HTTP/1.1",
			"sourceIp":  "192.0.2.1",
			"userAgent": "bench",
		},
	}
	if p.guarded {
		context["authorizer"] = map[string]any{"jwt": map[string]any{"scopes": nil, "claims": map[string]string{
			"sub": "6f0c0000-0000-4000-8000-000000000000", "username": "ines", "client_id": "1example23456789",
			"token_use": "access",
			"scope":     "aws.cognito.signin.user.admin", "cognito:groups": "[members]", "plan": "free", "exp": "1795352400",
			"iat": "1795348800",
			"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example01",
		}}}
	}
	return json.Marshal(map[string]any{
		"version": "2.0", "routeKey": p.route, "rawPath": route.Path(), "rawQueryString": "", "body": p.body,
		"isBase64Encoded": false,
		"headers": map[string]string{
			"content-type": "application/json",
			"host":         "bench.example.com",
			"user-agent":   "bench",
		},
		"requestContext": context,
	})
}

// check checks the response's status.
func (p requestPlan) check(got golden.Outcome) error {
	var answer struct{ StatusCode int }
	switch {
	case got.Error != "":
		return errors.New(got.Error)
	case json.Unmarshal(got.Answer, &answer) != nil || answer.StatusCode != p.status:
		return fmt.Errorf("it answered %d, want %d", answer.StatusCode, p.status)
	}
	return nil
}

// requestProgram prepares a function of the HTTP API for its request.
func requestProgram(root, scratch string, function manifest.Function, chosen requestPlan) (program, error) {
	p, err := binaryProgram(function.Name, stack.Bootstrap(filepath.Join(root, "build"), function.Name), scratch)
	if err != nil {
		return p, fmt.Errorf("%s: %w; make bench builds it", filepath.Join("api", function.Name), err)
	}
	p.check, p.settings = chosen.check, function.EnvironmentWith(chosen.settings)
	p.event, err = chosen.event()
	return p, err
}
