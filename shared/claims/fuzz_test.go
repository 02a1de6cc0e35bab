package claims

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/profile"
)

// Any bytes are a rule file: the compiler answers with an error that has problems, or with rules whose answers Cognito
// takes.
func FuzzCompile(f *testing.F) {
	f.Add([]byte(`{"rules":[]}`), 1)
	f.Add(file(`{"claim":"plan","token":"both","from":"profile.attributes.plan","default":"free"}`), 2)
	f.Add(file(
		`{"claim":"l","token":"id","from":"groups","pick":"first","map":[{"group":"staff","value":{"a":[1]}}],`+
			`"encode":"json"}`), 1)
	f.Add(file(
		`{"when":{"clients":["4k2v"],"groups":["staff"],"scopes":["openid"],"grant":"user"},"scopes":{"add":["a/b"],`+
			`"suppress":["c"]}}`), 2)
	f.Add(file(`{"suppress":["cognito:groups"],"token":"both"}`, `{"groups":{"set":[]}}`,
		`{"iamRoles":{"remove":["arn:aws:iam::1:role/a"]}}`, `{"preferredRole":null}`), 3)
	f.Add(file(`{"claim":"aud","token":"access","from":"clientId"}`), 3)
	f.Fuzz(func(t *testing.T, text []byte, version int) {
		opts := Options{Version: cognito.TokenVersion(1 + (version%3+3)%3), AdminOnlyAttributes: []string{"custom:tenant"}}
		set, err := Compile(text, opts)
		var file *FileError
		if err != nil {
			if !errors.As(err, &file) || len(file.Problems) == 0 || set != nil {
				t.Fatalf("error %v with set %v", err, set)
			}
			return
		}
		for _, in := range []*Input{ines(), noProfile(), storeDown(), version1(), machine(), {Version: cognito.V2}} {
			if opts.Version == cognito.V1 && in.Machine {
				continue
			}
			override, err := set.Evaluate(in)
			var unavailable *UnavailableError
			if err != nil {
				if !errors.As(err, &unavailable) || !in.ProfileUnavailable {
					t.Fatal(err)
				}
				continue
			}
			checkAnswer(t, in, override)
		}
	})
}

// checkAnswer holds an override to what Cognito takes.
func checkAnswer(t *testing.T, in *Input, o *Override) {
	t.Helper()
	for _, token := range []cognito.Token{cognito.ID, cognito.Access} {
		set := o.token(token)
		for _, claim := range set.Claims {
			if err := cognito.CheckClaim(in.Version, token, claim.Name); err != nil {
				t.Error(err)
			}
			if err := cognito.CheckValue(in.Version, token, claim.Name, claim.Value); err != nil {
				t.Errorf("%s: %v", claim.Name, err)
			}
			if claim.Name == cognito.ClaimAudience {
				if err := cognito.CheckAudience(claim.Value, in.ClientID); err != nil {
					t.Error(err)
				}
			}
		}
		for _, name := range set.Suppress {
			if err := cognito.CheckSuppress(in.Version, token, name); err != nil {
				t.Error(err)
			}
		}
		for _, scope := range append(set.ScopesToAdd, set.ScopesToSuppress...) {
			if err := cognito.CheckScope(in.Version, scope); err != nil {
				t.Error(err)
			}
		}
	}
	if in.Machine && (o.Groups != nil || !o.ID.empty()) {
		t.Error("a machine client has no groups and no ID token")
	}
	text, err := json.Marshal(o.Response(in.Version))
	if err != nil {
		t.Fatal(err)
	}
	if o.Empty() && !bytes.Equal(text, []byte("{}")) {
		t.Errorf("nothing to change, yet the response is %s", text)
	}
}

// Metadata and attributes that clients write never change groups, roles, scopes or a claim that reads as authority,
// whatever their names and values; and Cognito accepts every answer.
func FuzzEvaluate(f *testing.F) {
	set, err := Compile(file(
		`{"claim":"plan","token":"both","from":"profile.attributes.plan","default":"free"}`,
		`{"claim":"roles","token":"both","from":"groups","default":[]}`,
		`{"claim":"tenant","token":"both","from":"attribute.custom:tenant"}`,
		`{"claim":"campaign","token":"both","from":"clientMetadata.campaign","trust":"user"}`,
		`{"claim":"n","token":"both","from":"clientMetadata.n","type":"number","trust":"user"}`,
		`{"claim":"l","token":"both","from":"attribute.custom:l","type":"list","trust":"user"}`,
		`{"claim":"o","token":"both","from":"attribute.custom:o","type":"object","trust":"user"}`,
		`{"claim":"updated_at","token":"id","from":"attribute.updated_at","type":"number","trust":"user"}`,
		`{"when":{"groups":["admins"]},"groups":{"add":["staff"]}}`,
		`{"when":{"scopes":["billing/write"]},"scopes":{"add":["billing/read"]}}`,
	), Options{Version: cognito.V3})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("campaign", "spring", "custom:l", "a,b", 2)
	f.Add("cognito:groups", `["admins"]`, "custom:role", "admin", 2)
	f.Add("n", "1e999", "custom:o", `{"a":{"a":1,"a":2}}`, 1)
	f.Add("n", "-0", "custom:l", `["a",1,null]`, 3)
	f.Add("\xff", "\xff", "custom:l", "\u2028<\x00>", 2)
	f.Fuzz(func(t *testing.T, key, value, attribute, text string, version int) {
		plain := ines()
		plain.Version = cognito.TokenVersion(1 + (version%3+3)%3)
		fuzzed := *plain
		fuzzed.ClientMetadata = map[string]string{key: value}
		fuzzed.Attributes = map[string]string{"sub": "6f0c", "custom:tenant": "acme"}
		if attribute != "sub" && attribute != "custom:tenant" {
			fuzzed.Attributes[attribute] = text
		}
		fuzzed.Profile = &profile.Profile{Key: plain.Profile.Key, Attributes: map[string]string{"plan": "gold"}}

		want, err := set.Evaluate(plain)
		if err != nil {
			t.Fatal(err)
		}
		got, err := set.Evaluate(&fuzzed)
		if err != nil {
			t.Fatal(err)
		}
		checkAnswer(t, &fuzzed, got)
		if got.Groups != nil || want.Groups != nil {
			t.Error("the groups changed")
		}
		for _, token := range []cognito.Token{cognito.ID, cognito.Access} {
			if len(got.token(token).ScopesToAdd) > 0 {
				t.Error("the scopes changed")
			}
			for _, name := range []string{"plan", "roles", "tenant"} {
				if a, b := claimOf(want, token, name), claimOf(got, token, name); !bytes.Equal(a, b) {
					t.Errorf("%s token: %s became %s, was %s", token, name, b, a)
				}
			}
		}
	})
}

func claimOf(o *Override, token cognito.Token, name string) json.RawMessage {
	for _, claim := range o.token(token).Claims {
		if claim.Name == name {
			return claim.Value
		}
	}
	return nil
}
