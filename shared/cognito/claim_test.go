package cognito

import (
	"strings"
	"testing"
)

func TestReservedClaims(t *testing.T) {
	both := []string{
		"sub", "acr", "amr", "auth_time", "azp", "exp", "iat", "iss", "jti", "nbf", "nonce", "origin_jti", "token_use",
		"cognito:groups", "cognito:roles", "cognito:preferred_role", "cognito:username", "cognito:anything",
	}
	for token, names := range map[Token][]string{
		ID:     append([]string{"identities", "at_hash", "aud", "dev:custom:note", "dev:x"}, both...),
		Access: append([]string{"scope", "username", "client_id", "event_id", "device_key", "version"}, both...),
	} {
		for _, name := range names {
			t.Run(string(token)+"/"+name, func(t *testing.T) {
				if !Reserved(token, name) {
					t.Error("want reserved")
				}
				if CheckClaim(V2, token, name) == nil || CheckClaim(V3, token, name) == nil {
					t.Error("CheckClaim takes it")
				}
			})
		}
	}
}

func TestUnreservedClaims(t *testing.T) {
	for token, names := range map[Token][]string{
		ID: {"plan", "email", "custom:tenant", "scope", "username", "client_id", "version", "https://acme.example/plan",
			"Sub"},
		Access: {"plan", "email", "custom:tenant", "identities", "at_hash", "aud", "dev:x", "x-plan"},
	} {
		for _, name := range names {
			t.Run(string(token)+"/"+name, func(t *testing.T) {
				if Reserved(token, name) {
					t.Error("want unreserved")
				}
				if err := CheckClaim(V2, token, name); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func TestCheckSuppress(t *testing.T) {
	for _, c := range []struct {
		what    string
		version TokenVersion
		token   Token
		name    string
		want    string // part of the error; "" for none
	}{
		{what: "ordinary claim", version: V2, token: Access, name: "plan", want: ""},
		{what: "standard attribute", version: V1, token: ID, name: "phone_number", want: ""},
		{what: "custom attribute", version: V2, token: ID, name: "custom:tenant", want: ""},
		{what: "developer attribute", version: V2, token: ID, name: "dev:custom:note", want: ""},
		{what: "groups in the ID token", version: V1, token: ID, name: "cognito:groups", want: ""},
		{what: "groups in the access token", version: V2, token: Access, name: "cognito:groups", want: ""},
		{what: "roles go with groups", version: V2, token: ID, name: "cognito:roles", want: "follows cognito:groups"},
		{
			what:    "preferred role goes with groups",
			version: V2,
			token:   ID,
			name:    "cognito:preferred_role",
			want:    "follows cognito:groups",
		},
		{what: "scope has its own list", version: V2, token: Access, name: "scope", want: "through scopes"},
		{what: "a claim named scope in the ID token", version: V2, token: ID, name: "scope", want: ""},
		{what: "audience", version: V2, token: Access, name: "aud", want: "cannot be suppressed"},
		{what: "subject", version: V2, token: ID, name: "sub", want: "reserved"},
		{what: "client id", version: V2, token: Access, name: "client_id", want: "reserved"},
		{what: "access token in version 1", version: V1, token: Access, name: "plan", want: "cannot change the access token"},
		{what: "no name", version: V2, token: ID, want: "1 to 256 bytes"},
		{what: "line break in the name", version: V2, token: ID, name: "a\nb", want: "control characters"},
		{what: "unknown token", version: V2, token: "refresh", name: "plan", want: "unknown token"},
	} {
		t.Run(c.what, func(t *testing.T) { wantError(t, CheckSuppress(c.version, c.token, c.name), c.want) })
	}
}

func TestCheckScope(t *testing.T) {
	for _, c := range []struct {
		what, scope string
		version     TokenVersion
		want        string
	}{
		{what: "resource server scope", scope: "https://api.example.org/read", version: V2, want: ""},
		{what: "own scope", scope: "aws.cognito.signin.user.admin", version: V3, want: ""},
		{what: "longest", scope: strings.Repeat("a", 256), version: V2, want: ""},
		{what: "too long", scope: strings.Repeat("a", 257), version: V2, want: "1 to 256"},
		{what: "empty", version: V2, want: "1 to 256"},
		{what: "space", scope: "billing read", version: V2, want: "printable"},
		{what: "quote", scope: `a"b`, version: V2, want: "printable"},
		{what: "backslash", scope: `a\b`, version: V2, want: "printable"},
		{what: "not ASCII", scope: "청구/read", version: V2, want: "printable"},
		{what: "version 1", scope: "billing/read", version: V1, want: "version 1"},
	} {
		t.Run(c.what, func(t *testing.T) { wantError(t, CheckScope(c.version, c.scope), c.want) })
	}
}

func TestCheckValue(t *testing.T) {
	for _, c := range []struct {
		what        string
		version     TokenVersion
		token       Token
		name, value string
		want        string
	}{
		{what: "string in version 1", version: V1, token: ID, name: "plan", value: `"gold"`, want: ""},
		{what: "number in version 1", version: V1, token: ID, name: "plan", value: `7`, want: "strings only, not a number"},
		{
			what:    "boolean in version 1",
			version: V1,
			token:   ID,
			name:    "plan",
			value:   `true`,
			want:    "strings only, not a boolean",
		},
		{what: "list in version 1", version: V1, token: ID, name: "plan", value: `["a"]`, want: "strings only, not a list"},
		{what: "object in version 1", version: V1, token: ID, name: "plan", value: `{}`, want: "strings only, not an object"},
		{what: "number in version 2", version: V2, token: ID, name: "plan", value: `-7.5e3`, want: ""},
		{what: "boolean in version 3", version: V3, token: Access, name: "plan", value: `false`, want: ""},
		{what: "mixed list", version: V2, token: Access, name: "plan", value: `["editor", 7, true]`, want: ""},
		{what: "empty list", version: V2, token: Access, name: "plan", value: `[]`, want: ""},
		{
			what:    "list in a list",
			version: V2,
			token:   Access,
			name:    "plan",
			value:   `[["a"]]`,
			want:    "strings, numbers and booleans only",
		},
		{
			what:    "object in a list",
			version: V2,
			token:   Access,
			name:    "plan",
			value:   `[{"a":1}]`,
			want:    "strings, numbers and booleans only",
		},
		{
			what:    "null in a list",
			version: V2,
			token:   Access,
			name:    "plan",
			value:   `[null]`,
			want:    "strings, numbers and booleans only",
		},
		{what: "object", version: V2, token: Access, name: "plan", value: `{"id":"acme","seats":12}`, want: ""},
		{what: "null", version: V2, token: Access, name: "plan", value: `null`, want: "null is not a claim value"},
		{what: "no JSON", version: V2, token: Access, name: "plan", value: `{`, want: "not JSON"},
		{what: "nothing", version: V2, token: Access, name: "plan", want: "not JSON"},
		{
			what:    "object as address in the ID token",
			version: V2,
			token:   ID,
			name:    "address",
			value:   `{"country":"KR"}`,
			want:    "cannot hold an object",
		},
		{
			what:    "list as updated_at in the ID token",
			version: V2,
			token:   ID,
			name:    "updated_at",
			value:   `[1]`,
			want:    "cannot hold a list",
		},
		{
			what:    "boolean as email_verified in the ID token",
			version: V2,
			token:   ID,
			name:    "email_verified",
			value:   `true`,
			want:    "",
		},
		{
			what:    "object as address in the access token",
			version: V2,
			token:   Access,
			name:    "address",
			value:   `{"country":"KR"}`,
			want:    "",
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			wantError(t, CheckValue(c.version, c.token, c.name, []byte(c.value)), c.want)
		})
	}
}

func TestCheckAudience(t *testing.T) {
	for _, c := range []struct{ what, value, client, want string }{
		{what: "own client", value: `"4k2v"`, client: "4k2v", want: ""},
		{what: "escaped spelling", value: `"\u0034k2v"`, client: "4k2v", want: ""},
		{what: "other client", value: `"other"`, client: "4k2v", want: "only the id"},
		{what: "list", value: `["4k2v"]`, client: "4k2v", want: "only the id"},
		{what: "no client", value: `""`, want: "only the id"},
	} {
		t.Run(c.what, func(t *testing.T) { wantError(t, CheckAudience([]byte(c.value), c.client), c.want) })
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("error %v, want none", err)
	case want != "" && err == nil:
		t.Errorf("no error, want one with %q", want)
	case err != nil && !strings.Contains(err.Error(), want):
		t.Errorf("error %q, want one with %q", err, want)
	}
}
