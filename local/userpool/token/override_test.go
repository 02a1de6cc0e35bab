package token

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/cognito"
)

func TestOverrides(t *testing.T) {
	const (
		v1     = `{"claimsOverrideDetails":`
		v2     = `{"claimsAndScopeOverrideDetails":`
		client = "4k2v0h1example7c9d3t5b6"
	)
	for name, test := range map[string]struct {
		version  cognito.TokenVersion
		response string
		id       map[string]string // claim: JSON, "" where it must be absent
		access   map[string]string
	}{
		"V1 adds a text to the ID token only": {
			cognito.V1, v1 + `{"claimsToAddOrOverride":{"plan":"gold"}}}`,
			map[string]string{"plan": `"gold"`}, map[string]string{"plan": ""},
		},
		"V1 overrides and suppresses attributes": {
			cognito.V1, v1 + `{"claimsToAddOrOverride":{"email":"x@example.org"},"claimsToSuppress":["custom:tenant","phone_number_verified"]}}`,
			map[string]string{"email": `"x@example.org"`, "custom:tenant": "", "phone_number_verified": ""}, nil,
		},
		"V1 replaces groups in both tokens": {
			cognito.V1, v1 + `{"groupOverrideDetails":{"groupsToOverride":["a","b"],"iamRolesToOverride":["r"],"preferredRole":"r"}}}`,
			map[string]string{"cognito:groups": `["a","b"]`, "cognito:roles": `["r"]`, "cognito:preferred_role": `"r"`},
			map[string]string{"cognito:groups": `["a","b"]`, "cognito:roles": ""},
		},
		"V1 ignores the member of the others": {
			cognito.V1, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"}}}}`,
			map[string]string{"plan": ""}, nil,
		},
		"V2 adds values of every type to both": {
			cognito.V2, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"n":9007199254740993,"o":{"a":[1]}}},
				"accessTokenGeneration":{"claimsToAddOrOverride":{"roles":["editor",7,true],"tenant":{"id":"acme"},"b":false}}}}`,
			map[string]string{"n": `9007199254740993`, "o": `{"a":[1]}`, "roles": ""},
			map[string]string{"roles": `["editor",7,true]`, "tenant": `{"id":"acme"}`, "b": "false", "n": ""},
		},
		"suppressing beats adding": {
			cognito.V2, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"},"claimsToSuppress":["plan"]},
				"accessTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"},"claimsToSuppress":["plan"],"scopesToAdd":["a/b"],"scopesToSuppress":["a/b"]}}}`,
			map[string]string{"plan": ""}, map[string]string{"plan": "", "scope": `"aws.cognito.signin.user.admin"`},
		},
		"scopes are added and suppressed": {
			cognito.V2, v2 + `{"accessTokenGeneration":{"scopesToAdd":["billing/read","billing/read"],"scopesToSuppress":["aws.cognito.signin.user.admin"]}}}`,
			map[string]string{"scope": ""}, map[string]string{"scope": `"billing/read"`},
		},
		"scopes all suppressed": {
			cognito.V3, v2 + `{"accessTokenGeneration":{"scopesToSuppress":["aws.cognito.signin.user.admin"]}}}`,
			nil, map[string]string{"scope": ""},
		},
		"scopes of a wrong form are dropped": {
			cognito.V2, v2 + `{"accessTokenGeneration":{"scopesToAdd":["two words","","good"]}}}`,
			nil, map[string]string{"scope": `"aws.cognito.signin.user.admin good"`},
		},
		"reserved claims are dropped": {
			cognito.V2, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"sub":"x","aud":"x","iss":"x","exp":1,"cognito:username":"x","cognito:groups":["x"],"identities":"x","token_use":"x"},
					"claimsToSuppress":["sub","aud","cognito:username","identities"]},
				"accessTokenGeneration":{"claimsToAddOrOverride":{"sub":"x","client_id":"x","username":"x","scope":"x","event_id":"x","cognito:groups":["x"]},
					"claimsToSuppress":["sub","client_id","scope","username","exp"]}}}`,
			map[string]string{"sub": `"6f0c1f9e-0000-4000-8000-000000000001"`, "aud": `"` + client + `"`, "cognito:username": `"ines.moreau"`, "cognito:groups": `["staff"]`, "token_use": `"id"`},
			map[string]string{"sub": `"6f0c1f9e-0000-4000-8000-000000000001"`, "client_id": `"` + client + `"`, "username": `"ines.moreau"`, "scope": `"aws.cognito.signin.user.admin"`, "event_id": `"event"`, "cognito:groups": `["staff"]`, "exp": "1788667809"},
		},
		"the access token takes its own client as aud": {
			cognito.V2, v2 + `{"accessTokenGeneration":{"claimsToAddOrOverride":{"aud":"` + client + `"}}}}`,
			nil, map[string]string{"aud": `"` + client + `"`},
		},
		"the access token takes no other aud": {
			cognito.V2, v2 + `{"accessTokenGeneration":{"claimsToAddOrOverride":{"aud":"other"}}}}`,
			nil, map[string]string{"aud": ""},
		},
		"null values and complex email_verified are dropped": {
			cognito.V2, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"plan":null,"email_verified":{"a":1}}}}}`,
			map[string]string{"plan": "", "email_verified": "true"}, nil,
		},
		"dev attributes can only be suppressed": {
			cognito.V2, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"dev:custom:x":"y"}}}}`,
			map[string]string{"dev:custom:x": ""}, nil,
		},
		"suppressing groups takes the roles along": {
			cognito.V2, v2 + `{"idTokenGeneration":{"claimsToSuppress":["cognito:groups"]}}}`,
			map[string]string{"cognito:groups": "", "cognito:roles": "", "cognito:preferred_role": ""},
			map[string]string{"cognito:groups": `["staff"]`},
		},
		"groups absent are kept": {
			cognito.V2, v2 + `{"idTokenGeneration":{}}}`,
			map[string]string{"cognito:groups": `["staff"]`}, map[string]string{"cognito:groups": `["staff"]`},
		},
		"groups null are removed": {
			cognito.V2, v2 + `{"groupOverrideDetails":null}}`,
			map[string]string{"cognito:groups": "", "cognito:roles": "", "cognito:preferred_role": ""}, map[string]string{"cognito:groups": ""},
		},
		"groups empty are removed": {
			cognito.V1, v1 + `{"groupOverrideDetails":{}}}`,
			map[string]string{"cognito:groups": "", "cognito:roles": ""}, map[string]string{"cognito:groups": ""},
		},
		"V3 is as V2": {
			cognito.V3, v2 + `{"accessTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"}}}}`,
			nil, map[string]string{"plan": `"gold"`},
		},
		"null overrides nothing":   {cognito.V2, v2 + `null}`, map[string]string{"email": `"ines@example.org"`}, nil},
		"a list overrides nothing": {cognito.V2, v2 + `[]}`, map[string]string{"email": `"ines@example.org"`}, nil},
		"absent overrides nothing": {cognito.V2, `{}`, map[string]string{"email": `"ines@example.org"`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var response map[string]json.RawMessage
			if err := json.Unmarshal([]byte(test.response), &response); err != nil {
				t.Fatal(err)
			}
			override, err := OverrideOf(test.version, response)
			if err != nil {
				t.Fatal(err)
			}
			id, access := both(t, subject(), override)
			compare(t, "ID", id, test.id)
			compare(t, "access", access, test.access)
		})
	}
}

func compare(t *testing.T, token string, got map[string]any, want map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		value, there := got[name]
		switch {
		case want[name] == "" && there:
			t.Errorf("the %s token has %s: %s", token, name, asJSON(t, value))
		case want[name] != "" && (!there || asJSON(t, value) != want[name]):
			t.Errorf("the %s token's %s is %s, want %s", token, name, asJSON(t, value), want[name])
		}
	}
}

func TestOverridesOfWrongShape(t *testing.T) {
	for name, test := range map[string]struct {
		version cognito.TokenVersion
		member  string
		value   string
	}{
		"V1 with a list as value":  {cognito.V1, "claimsOverrideDetails", `{"claimsToAddOrOverride":{"a":["b"]}}`},
		"V1 with a number":         {cognito.V1, "claimsOverrideDetails", `{"claimsToAddOrOverride":{"a":1}}`},
		"claims as a list":         {cognito.V2, "claimsAndScopeOverrideDetails", `{"idTokenGeneration":{"claimsToAddOrOverride":["a"]}}`},
		"suppressed as a text":     {cognito.V2, "claimsAndScopeOverrideDetails", `{"idTokenGeneration":{"claimsToSuppress":"a"}}`},
		"the whole as a text":      {cognito.V2, "claimsAndScopeOverrideDetails", `"x"`},
		"the whole as a full list": {cognito.V1, "claimsOverrideDetails", `[1]`},
	} {
		t.Run(name, func(t *testing.T) {
			if o, err := OverrideOf(test.version, map[string]json.RawMessage{test.member: json.RawMessage(test.value)}); err == nil || !strings.Contains(err.Error(), test.member) {
				t.Errorf("got %v, %v", o, err)
			}
		})
	}
}

// FuzzOverride holds that whatever a trigger answers, both tokens are made, and Cognito's own claims stay.
func FuzzOverride(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `{"groupOverrideDetails":null}`,
		`{"claimsToAddOrOverride":{"sub":"x","a":"b"},"claimsToSuppress":["sub","email"],"groupOverrideDetails":{}}`,
		`{"idTokenGeneration":{"claimsToAddOrOverride":{"iss":"x","o":{"a":1e999}}},"accessTokenGeneration":{"scopesToAdd":["a b"],"claimsToAddOrOverride":{"aud":"x"}}}`,
	} {
		f.Add(1, seed)
		f.Add(2, seed)
	}
	s := signer(f)
	f.Fuzz(func(t *testing.T, version int, details string) {
		if !json.Valid([]byte(details)) {
			return
		}
		response := map[string]json.RawMessage{"claimsOverrideDetails": json.RawMessage(details), "claimsAndScopeOverrideDetails": json.RawMessage(details)}
		override, err := OverrideOf(cognito.TokenVersion(1+uint(version)%3), response)
		if err != nil {
			return
		}
		for use, make := range map[string]func(Subject, *Override, time.Time, time.Duration) (string, error){"id": s.ID, "access": s.Access} {
			text, err := make(subject(), override, now, time.Hour)
			if err != nil {
				t.Fatalf("%s: %v", use, err)
			}
			if got := readClaims(t, s, text); got["sub"] != subject().Attributes["sub"] || got["token_use"] != use {
				t.Fatalf("%s: %v", use, got)
			}
		}
	})
}
