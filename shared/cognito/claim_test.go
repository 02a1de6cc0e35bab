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
		ID:     {"plan", "email", "custom:tenant", "scope", "username", "client_id", "version", "https://acme.example/plan", "Sub"},
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
		{"ordinary claim", V2, Access, "plan", ""},
		{"standard attribute", V1, ID, "phone_number", ""},
		{"custom attribute", V2, ID, "custom:tenant", ""},
		{"developer attribute", V2, ID, "dev:custom:note", ""},
		{"groups in the ID token", V1, ID, "cognito:groups", ""},
		{"groups in the access token", V2, Access, "cognito:groups", ""},
		{"roles go with groups", V2, ID, "cognito:roles", "follows cognito:groups"},
		{"preferred role goes with groups", V2, ID, "cognito:preferred_role", "follows cognito:groups"},
		{"scope has its own list", V2, Access, "scope", "through scopes"},
		{"a claim named scope in the ID token", V2, ID, "scope", ""},
		{"audience", V2, Access, "aud", "cannot be suppressed"},
		{"subject", V2, ID, "sub", "reserved"},
		{"client id", V2, Access, "client_id", "reserved"},
		{"access token in version 1", V1, Access, "plan", "cannot change the access token"},
		{"no name", V2, ID, "", "1 to 256 bytes"},
		{"line break in the name", V2, ID, "a\nb", "control characters"},
		{"unknown token", V2, "refresh", "plan", "unknown token"},
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
		{"resource server scope", "https://api.example.org/read", V2, ""},
		{"own scope", "aws.cognito.signin.user.admin", V3, ""},
		{"longest", strings.Repeat("a", 256), V2, ""},
		{"too long", strings.Repeat("a", 257), V2, "1 to 256"},
		{"empty", "", V2, "1 to 256"},
		{"space", "billing read", V2, "printable"},
		{"quote", `a"b`, V2, "printable"},
		{"backslash", `a\b`, V2, "printable"},
		{"not ASCII", "청구/read", V2, "printable"},
		{"version 1", "billing/read", V1, "version 1"},
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
		{"string in version 1", V1, ID, "plan", `"gold"`, ""},
		{"number in version 1", V1, ID, "plan", `7`, "strings only, not a number"},
		{"boolean in version 1", V1, ID, "plan", `true`, "strings only, not a boolean"},
		{"list in version 1", V1, ID, "plan", `["a"]`, "strings only, not a list"},
		{"object in version 1", V1, ID, "plan", `{}`, "strings only, not an object"},
		{"number in version 2", V2, ID, "plan", `-7.5e3`, ""},
		{"boolean in version 3", V3, Access, "plan", `false`, ""},
		{"mixed list", V2, Access, "plan", `["editor", 7, true]`, ""},
		{"empty list", V2, Access, "plan", `[]`, ""},
		{"list in a list", V2, Access, "plan", `[["a"]]`, "strings, numbers and booleans only"},
		{"object in a list", V2, Access, "plan", `[{"a":1}]`, "strings, numbers and booleans only"},
		{"null in a list", V2, Access, "plan", `[null]`, "strings, numbers and booleans only"},
		{"object", V2, Access, "plan", `{"id":"acme","seats":12}`, ""},
		{"null", V2, Access, "plan", `null`, "null is not a claim value"},
		{"no JSON", V2, Access, "plan", `{`, "not JSON"},
		{"nothing", V2, Access, "plan", ``, "not JSON"},
		{"object as address in the ID token", V2, ID, "address", `{"country":"KR"}`, "cannot hold an object"},
		{"list as updated_at in the ID token", V2, ID, "updated_at", `[1]`, "cannot hold a list"},
		{"boolean as email_verified in the ID token", V2, ID, "email_verified", `true`, ""},
		{"object as address in the access token", V2, Access, "address", `{"country":"KR"}`, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			wantError(t, CheckValue(c.version, c.token, c.name, []byte(c.value)), c.want)
		})
	}
}

func TestCheckAudience(t *testing.T) {
	for _, c := range []struct{ what, value, client, want string }{
		{"own client", `"4k2v"`, "4k2v", ""},
		{"escaped spelling", `"\u0034k2v"`, "4k2v", ""},
		{"other client", `"other"`, "4k2v", "only the id"},
		{"list", `["4k2v"]`, "4k2v", "only the id"},
		{"no client", `""`, "", "only the id"},
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
