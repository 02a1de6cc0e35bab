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
		id       map[string]string // JSON by claim; "" if the claim must be absent
		access   map[string]string
	}{
		"V1 adds a string to the ID token only": {
			version: cognito.V1, response: v1 + `{"claimsToAddOrOverride":{"plan":"gold"}}}`,
			id: map[string]string{"plan": `"gold"`}, access: map[string]string{"plan": ""},
		},
		"V1 overrides and suppresses attributes": {
			version: cognito.V1, response: v1 +
				`{"claimsToAddOrOverride":{"email":"x@example.org"},"claimsToSuppress":["custom:tenant","phone_number_verified"]}}`,
			id: map[string]string{"email": `"x@example.org"`, "custom:tenant": "", "phone_number_verified": ""},
		},
		"V1 replaces groups in both tokens": {
			version: cognito.V1, response: v1 +
				`{"groupOverrideDetails":{"groupsToOverride":["a","b"],"iamRolesToOverride":["r"],"preferredRole":"r"}}}`,
			id:     map[string]string{"cognito:groups": `["a","b"]`, "cognito:roles": `["r"]`, "cognito:preferred_role": `"r"`},
			access: map[string]string{"cognito:groups": `["a","b"]`, "cognito:roles": ""},
		},
		"V1 ignores the member of other versions": {
			version: cognito.V1, response: v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"}}}}`,
			id: map[string]string{"plan": ""},
		},
		"V2 adds values of every type to both": {
			version: cognito.V2, response: v2 +
				`{"idTokenGeneration":{"claimsToAddOrOverride":{"n":9007199254740993,"o":{"a":[1]}}},
				"accessTokenGeneration":{"claimsToAddOrOverride":{"roles":["editor",7,true],"tenant":{"id":"acme"},"b":false}}}}`,
			id:     map[string]string{"n": `9007199254740993`, "o": `{"a":[1]}`, "roles": ""},
			access: map[string]string{"roles": `["editor",7,true]`, "tenant": `{"id":"acme"}`, "b": "false", "n": ""},
		},
		"suppressing overrides adding": {
			version: cognito.V2, response: v2 +
				`{"idTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"},"claimsToSuppress":["plan"]},
				"accessTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"},"claimsToSuppress":["plan"],` +
				`"scopesToAdd":["a/b"],"scopesToSuppress":["a/b"]}}}`,
			id: map[string]string{"plan": ""}, access: map[string]string{"plan": "", "scope": `"aws.cognito.signin.user.admin"`},
		},
		"scopes are added and suppressed": {
			version: cognito.V2, response: v2 +
				`{"accessTokenGeneration":{"scopesToAdd":["billing/read","billing/read"],` +
				`"scopesToSuppress":["aws.cognito.signin.user.admin"]}}}`,
			id: map[string]string{"scope": ""}, access: map[string]string{"scope": `"billing/read"`},
		},
		"scopes all suppressed": {
			version: cognito.V3, response: v2 +
				`{"accessTokenGeneration":{"scopesToSuppress":["aws.cognito.signin.user.admin"]}}}`,
			id: nil, access: map[string]string{"scope": ""},
		},
		"malformed scopes are dropped": {
			version: cognito.V2, response: v2 + `{"accessTokenGeneration":{"scopesToAdd":["two words","","good"]}}}`,
			id: nil, access: map[string]string{"scope": `"aws.cognito.signin.user.admin good"`},
		},
		"reserved claims are dropped": {
			version: cognito.V2, response: v2 +
				`{"idTokenGeneration":{"claimsToAddOrOverride":{"sub":"x","aud":"x","iss":"x","exp":1,` +
				`"cognito:username":"x","cognito:groups":["x"],"identities":"x","token_use":"x"},
					"claimsToSuppress":["sub","aud","cognito:username","identities"]},
				"accessTokenGeneration":{"claimsToAddOrOverride":{"sub":"x","client_id":"x","username":"x","scope":"x",` +
				`"event_id":"x","cognito:groups":["x"]},
					"claimsToSuppress":["sub","client_id","scope","username","exp"]}}}`,
			id: map[string]string{
				"sub":              `"6f0c1f9e-0000-4000-8000-000000000001"`,
				"aud":              `"` + client + `"`,
				"cognito:username": `"ines.moreau"`,
				"cognito:groups":   `["staff"]`,
				"token_use":        `"id"`,
			},
			access: map[string]string{
				"sub":            `"6f0c1f9e-0000-4000-8000-000000000001"`,
				"client_id":      `"` + client + `"`,
				"username":       `"ines.moreau"`,
				"scope":          `"aws.cognito.signin.user.admin"`,
				"event_id":       `"event"`,
				"cognito:groups": `["staff"]`,
				"exp":            "1788667809",
			},
		},
		"aud of the access token may be the client": {
			version: cognito.V2, response: v2 + `{"accessTokenGeneration":{"claimsToAddOrOverride":{"aud":"` + client + `"}}}}`,
			id: nil, access: map[string]string{"aud": `"` + client + `"`},
		},
		"aud of the access token may not be another": {
			version: cognito.V2, response: v2 + `{"accessTokenGeneration":{"claimsToAddOrOverride":{"aud":"other"}}}}`,
			id: nil, access: map[string]string{"aud": ""},
		},
		"null values and complex email_verified are dropped": {
			version: cognito.V2, response: v2 +
				`{"idTokenGeneration":{"claimsToAddOrOverride":{"plan":null,"email_verified":{"a":1}}}}}`,
			id: map[string]string{"plan": "", "email_verified": "true"},
		},
		"dev attributes can only be suppressed": {
			version: cognito.V2, response: v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"dev:custom:x":"y"}}}}`,
			id: map[string]string{"dev:custom:x": ""},
		},
		"suppressing groups removes the roles": {
			version: cognito.V2, response: v2 + `{"idTokenGeneration":{"claimsToSuppress":["cognito:groups"]}}}`,
			id:     map[string]string{"cognito:groups": "", "cognito:roles": "", "cognito:preferred_role": ""},
			access: map[string]string{"cognito:groups": `["staff"]`},
		},
		"absent groups are kept": {
			version: cognito.V2, response: v2 + `{"idTokenGeneration":{}}}`,
			id: map[string]string{"cognito:groups": `["staff"]`}, access: map[string]string{"cognito:groups": `["staff"]`},
		},
		"null groups are removed": {
			version: cognito.V2, response: v2 + `{"groupOverrideDetails":null}}`,
			id: map[string]string{
				"cognito:groups":         "",
				"cognito:roles":          "",
				"cognito:preferred_role": "",
			}, access: map[string]string{"cognito:groups": ""},
		},
		"empty groups are removed": {
			version: cognito.V1, response: v1 + `{"groupOverrideDetails":{}}}`,
			id: map[string]string{"cognito:groups": "", "cognito:roles": ""}, access: map[string]string{"cognito:groups": ""},
		},
		"V3 is like V2": {
			version: cognito.V3, response: v2 + `{"accessTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"}}}}`,
			id: nil, access: map[string]string{"plan": `"gold"`},
		},
		"null overrides nothing": {
			version:  cognito.V2,
			response: v2 + `null}`,
			id:       map[string]string{"email": `"ines@example.org"`},
		},
		"a list overrides nothing": {
			version:  cognito.V2,
			response: v2 + `[]}`,
			id:       map[string]string{"email": `"ines@example.org"`},
		},
		"absent overrides nothing": {
			version:  cognito.V2,
			response: `{}`,
			id:       map[string]string{"email": `"ines@example.org"`},
		},
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

func TestMalformedOverrides(t *testing.T) {
	for name, test := range map[string]struct {
		version cognito.TokenVersion
		member  string
		value   string
	}{
		"V1 with a list as value": {
			version: cognito.V1,
			member:  "claimsOverrideDetails",
			value:   `{"claimsToAddOrOverride":{"a":["b"]}}`,
		},
		"V1 with a number": {
			version: cognito.V1,
			member:  "claimsOverrideDetails",
			value:   `{"claimsToAddOrOverride":{"a":1}}`,
		},
		"claims as a list": {
			version: cognito.V2,
			member:  "claimsAndScopeOverrideDetails",
			value:   `{"idTokenGeneration":{"claimsToAddOrOverride":["a"]}}`,
		},
		"suppressed as a string": {
			version: cognito.V2,
			member:  "claimsAndScopeOverrideDetails",
			value:   `{"idTokenGeneration":{"claimsToSuppress":"a"}}`,
		},
		"override as a string":            {version: cognito.V2, member: "claimsAndScopeOverrideDetails", value: `"x"`},
		"override as a list with entries": {version: cognito.V1, member: "claimsOverrideDetails", value: `[1]`},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := OverrideOf(test.version, map[string]json.RawMessage{test.member: json.RawMessage(test.value)})
			if err == nil || !strings.Contains(err.Error(), test.member) {
				t.Errorf("got %v, %v", o, err)
			}
		})
	}
}

// FuzzOverride checks that any answer leads to both tokens, with the reserved claims unchanged.
func FuzzOverride(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `{"groupOverrideDetails":null}`,
		`{"claimsToAddOrOverride":{"sub":"x","a":"b"},"claimsToSuppress":["sub","email"],"groupOverrideDetails":{}}`,
		`{"idTokenGeneration":{"claimsToAddOrOverride":{"iss":"x","o":{"a":1e999}}},` +
			`"accessTokenGeneration":{"scopesToAdd":["a b"],"claimsToAddOrOverride":{"aud":"x"}}}`,
	} {
		f.Add(1, seed)
		f.Add(2, seed)
	}
	s := signer(f)
	f.Fuzz(func(t *testing.T, version int, details string) {
		if !json.Valid([]byte(details)) {
			return
		}
		response := map[string]json.RawMessage{
			"claimsOverrideDetails":         json.RawMessage(details),
			"claimsAndScopeOverrideDetails": json.RawMessage(details),
		}
		override, err := OverrideOf(cognito.TokenVersion(1+uint(version)%3), response)
		if err != nil {
			return
		}
		for use, make := range map[string]func(Subject, *Override, time.Time, time.Duration) (string, error){
			"id":     s.ID,
			"access": s.Access,
		} {
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
