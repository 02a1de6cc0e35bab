package identitypool

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"cognito-triggers/local/userpool"
)

func TestCredentials(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	w.user(w.userPool, "ines")
	id := w.signIn("ines")
	identity := w.identity(id)
	if !strings.HasPrefix(identity, "eu-west-1:") || identity != w.identity(w.signIn("ines")) {
		t.Errorf("identity %s is not stable", identity)
	}
	out := w.do("GetCredentialsForIdentity", object{"IdentityId": identity, "Logins": w.logins(id)})
	want := object{"IdentityId": identity, "Credentials": object{
		"AccessKeyId": "ASIAEXAMPLE", "SecretKey": "secret", "SessionToken": role("users"),
		"Expiration": float64(time.Date(2026, 3, 4, 6, 6, 7, 0, time.UTC).Unix()),
	}}
	if !reflect.DeepEqual(out, want) {
		t.Errorf("got %v\nwant %v", out, want)
	}
	asked := w.sts.asked[0]
	if asked.Get("Action") != "AssumeRoleWithWebIdentity" ||
		asked.Get("RoleSessionName") != "CognitoIdentityCredentials" ||
		asked.Get("DurationSeconds") != "3600" || asked.Get("RoleArn") != role("users") {
		t.Errorf("STS was asked for %v", asked)
	}
	claims := w.claims(asked.Get("WebIdentityToken"))
	if claims["sub"] != identity || claims["aud"] != w.pool || claims["iss"] != Issuer {
		t.Errorf("the token for STS has %v", claims)
	}
	described := w.do("DescribeIdentity", object{"IdentityId": identity})
	if !reflect.DeepEqual(described["Logins"], []any{w.provider()}) || described["CreationDate"] == nil {
		t.Errorf("described as %v", described)
	}
	listed := w.do("ListIdentities", object{"IdentityPoolId": w.pool, "MaxResults": 10})
	if len(listed["Identities"].([]any)) != 1 {
		t.Errorf("listed %v", listed)
	}
}

// claims verifies a token of the identity pools with the published keys.
func (w *world) claims(text string) (claims object) {
	w.t.Helper()
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, base+keysPath, nil))
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal(answer.Body.Bytes(), &keys); err != nil {
		w.t.Fatal(err)
	}
	signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.RS512})
	if err != nil {
		w.t.Fatal(err)
	}
	payload, err := signed.Verify(keys)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		w.t.Fatal(err)
	}
	return claims
}

// The local issuer's name works in settings and logins as AWS's does.
func TestProvidersNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ settings, login string }{
		"both AWS's":        {"cognito-idp.eu-west-1.amazonaws.com/", "cognito-idp.eu-west-1.amazonaws.com/"},
		"the issuer's host": {"issuer-cognito-idp.eu-west-1.amazonaws.com/", "cognito-idp.eu-west-1.amazonaws.com/"},
		"both local":        {"127.0.0.1:9229/", "localhost:9229/"},
		"mixed":             {"cognito-idp.eu-west-1.amazonaws.com/", "127.0.0.1:9229/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, nil)
			w.do("UpdateIdentityPool", object{"IdentityPoolId": w.pool, "IdentityPoolName": "p",
				"AllowUnauthenticatedIdentities": false, "CognitoIdentityProviders": []object{
					{"ProviderName": c.settings + w.userPool, "ClientId": w.client}}})
			w.user(w.userPool, "ines")
			in := object{"IdentityPoolId": w.pool, "Logins": object{c.login + w.userPool: w.signIn("ines")}}
			if got := w.do("GetId", in)["IdentityId"]; got != w.identity(w.signIn("ines")) {
				t.Errorf("identity %v by another name", got)
			}
		})
	}
}

// Tokens with AWS's issuer are taken, whichever names there are for the pool.
func TestIssuers(t *testing.T) {
	t.Parallel()
	w := start(t, nil, func(o *userpool.Options) { o.Issuer = "aws" })
	w.user(w.userPool, "ines")
	id := w.signIn("ines")
	in := object{"IdentityPoolId": w.pool, "Logins": object{"localhost:9229/" + w.userPool: id}}
	if got := w.do("GetId", in)["IdentityId"]; got != w.identity(id) {
		t.Errorf("identity %v by another name", got)
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	rule := func(match, value, name string) object {
		return object{"Claim": "cognito:groups", "MatchType": match, "Value": value, "RoleARN": role(name)}
	}
	byRules := func(rules ...object) object {
		return object{"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": object{"Rules": rules}}
	}
	token := func(ambiguous string) object { return object{"Type": "Token", "AmbiguousRoleResolution": ambiguous} }
	three := byRules(rule("Contains", "admins", "a"), rule("Contains", "staff", "b"), rule("Contains", "s", "c"))
	containing := func(value string) object { return byRules(rule("Contains", value, "a")) }
	admins, staff, both := []string{"admins"}, []string{"staff"}, []string{"admins", "staff"}
	const forbidden, denied = "CustomRoleArn", "The ambiguous role mapping rules for: "
	for name, c := range map[string]struct {
		groups  []string
		mapping object // nil: none
		custom  string
		want    string // role
		fails   string // words of NotAuthorizedException
	}{
		"no mapping":                      {groups: admins, want: "users"},
		"no mapping, chosen":              {groups: admins, custom: "admins", fails: forbidden},
		"no mapping, the same role":       {custom: "users", want: "users"},
		"preferred role":                  {groups: both, mapping: token("Deny"), want: "admins"},
		"chosen of the token":             {groups: both, mapping: token("Deny"), custom: "staff", want: "staff"},
		"chosen, not in the token":        {groups: staff, mapping: token("Deny"), custom: "admins", fails: forbidden},
		"chosen, without groups":          {mapping: token("AuthenticatedRole"), custom: "users", fails: forbidden},
		"no group, denied":                {mapping: token("Deny"), fails: denied},
		"no group, the ordinary role":     {mapping: token("AuthenticatedRole"), want: "users"},
		"first rule that fits":            {groups: staff, mapping: three, want: "b"},
		"a rule of lists":                 {groups: staff, mapping: byRules(rule("Equals", "[staff]", "a")), want: "a"},
		"beginning":                       {groups: staff, mapping: byRules(rule("StartsWith", "[st", "a")), want: "a"},
		"not equal":                       {groups: staff, mapping: byRules(rule("NotEqual", "[admins]", "a")), want: "a"},
		"not equal, without the claim":    {mapping: byRules(rule("NotEqual", "[admins]", "a")), fails: denied},
		"no rule fits":                    {groups: staff, mapping: containing("admins"), fails: denied},
		"a rule's role and another chose": {groups: staff, mapping: containing("staff"), custom: "staff", fails: forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, nil)
			w.user(w.userPool, "ines", c.groups...)
			roles := object{"IdentityPoolId": w.pool, "Roles": object{"authenticated": role("users")}}
			if c.mapping != nil {
				roles["RoleMappings"] = object{"127.0.0.1:9229/" + w.userPool + ":" + w.client: c.mapping}
			}
			w.do("SetIdentityPoolRoles", roles)
			if c.mapping != nil { // it comes back as it went in
				got, _ := json.Marshal(w.do("GetIdentityPoolRoles", object{"IdentityPoolId": w.pool})["RoleMappings"])
				want, _ := json.Marshal(roles["RoleMappings"])
				var a, b any
				_, _ = json.Unmarshal(got, &a), json.Unmarshal(want, &b)
				if !reflect.DeepEqual(a, b) {
					t.Errorf("mappings %s, want %s", got, want)
				}
			}
			id, more := w.signIn("ines"), object{}
			if c.custom != "" {
				more["CustomRoleArn"] = role(c.custom)
			}
			if c.fails != "" {
				more["IdentityId"], more["Logins"] = w.identity(id), w.logins(id)
				w.fails("GetCredentialsForIdentity", more, "NotAuthorizedException", c.fails)
				if len(w.sts.asked) > 0 {
					t.Errorf("STS was asked for %v", w.sts.asked)
				}
				return
			}
			if got := w.credentialsFor(id, more); got != role(c.want) {
				t.Errorf("role %s, want %s", got, role(c.want))
			}
		})
	}
}

func TestGuests(t *testing.T) {
	t.Parallel()
	w := start(t, object{"AllowUnauthenticatedIdentities": true})
	guest := w.do("GetId", object{"IdentityPoolId": w.pool})["IdentityId"].(string)
	if other := w.do("GetId", object{"IdentityPoolId": w.pool})["IdentityId"]; other == guest {
		t.Error("two guests have one identity")
	}
	out := w.do("GetCredentialsForIdentity", object{"IdentityId": guest})
	if got := out["Credentials"].(object)["SessionToken"]; got != role("guests") {
		t.Errorf("role %v", got)
	}
	if amr := w.claims(w.sts.asked[0].Get("WebIdentityToken"))["amr"]; !reflect.DeepEqual(amr, []any{"unauthenticated"}) {
		t.Errorf("amr %v", amr)
	}
	w.fails("GetCredentialsForIdentity", object{"IdentityId": guest, "CustomRoleArn": role("users")},
		"NotAuthorizedException", "CustomRoleArn")

	// The guest signs in and stays who they are; nobody else is that identity from then on.
	w.user(w.userPool, "ines")
	w.user(w.userPool, "otto")
	ines := w.signIn("ines")
	w.do("GetCredentialsForIdentity", object{"IdentityId": guest, "Logins": w.logins(ines)})
	if got := w.identity(ines); got != guest {
		t.Errorf("identity %s after signing in, want the guest's %s", got, guest)
	}
	w.fails("GetCredentialsForIdentity", object{"IdentityId": guest}, "NotAuthorizedException",
		"Access to Identity '"+guest+"' is forbidden.")
	w.fails("GetCredentialsForIdentity", object{"IdentityId": guest, "Logins": w.logins(w.signIn("otto"))},
		"NotAuthorizedException", textLogins)
	second := w.do("GetId", object{"IdentityPoolId": w.pool})["IdentityId"]
	w.fails("GetCredentialsForIdentity", object{"IdentityId": second, "Logins": w.logins(ines)},
		"ResourceConflictException", "already linked")
}

func TestOpenIDToken(t *testing.T) {
	t.Parallel()
	w := start(t, object{"AllowClassicFlow": true})
	w.user(w.userPool, "ines")
	id := w.signIn("ines")
	in := object{"IdentityId": w.identity(id), "Logins": w.logins(id)}
	claims := w.claims(w.do("GetOpenIdToken", in)["Token"].(string))
	amr, _ := claims["amr"].([]any)
	life := claims["exp"].(float64) - claims["iat"].(float64)
	if claims["aud"] != w.pool || claims["sub"] != in["IdentityId"] || life != 600 ||
		len(amr) != 3 || amr[0] != "authenticated" || amr[1] != w.provider() ||
		!strings.HasPrefix(amr[2].(string), w.provider()+":CognitoSignIn:") {
		t.Errorf("claims %v", claims)
	}
	w.do("SetIdentityPoolRoles", object{"IdentityPoolId": w.pool, "Roles": object{}, "RoleMappings": object{
		w.provider() + ":" + w.client: object{"Type": "Token", "AmbiguousRoleResolution": "Deny"}}})
	w.fails("GetOpenIdToken", in, "InvalidParameterException", textRoleMappings)
	w.do("SetIdentityPoolRoles", object{"IdentityPoolId": w.pool, "Roles": object{}})
	w.fails("GetCredentialsForIdentity", in, "InvalidIdentityPoolConfigurationException", textNoRole)
	w.do("UpdateIdentityPool", object{"IdentityPoolId": w.pool, "IdentityPoolName": "p",
		"AllowUnauthenticatedIdentities": false, "CognitoIdentityProviders": []object{
			{"ProviderName": w.provider(), "ClientId": w.client}}})
	w.fails("GetOpenIdToken", in, "InvalidParameterException", textNotClassic)
}

func TestSTSFailures(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	w.user(w.userPool, "ines")
	id := w.signIn("ines")
	in := object{"IdentityId": w.identity(id), "Logins": w.logins(id)}
	w.sts.refuse = "AccessDenied"
	w.fails("GetCredentialsForIdentity", in, "InvalidIdentityPoolConfigurationException", textNoRole)
	w.sts.refuse = "NotDeclaredInFunctionJSON"
	w.fails("GetCredentialsForIdentity", in, "ExternalServiceException", "NotDeclaredInFunctionJSON")
	const secret = "SECRETOFTHEEMULATOR"
	for text, sts := range map[string]string{
		"no emulator here": "", "STS does not answer": "http://127.0.0.1:1/" + secret,
	} {
		w.server.sts = newSTS(Options{STS: sts, NoSTS: "no emulator here"})
		w.fails("GetCredentialsForIdentity", in, "ExternalServiceException", text)
		if _, out := w.send(request("GetCredentialsForIdentity", in)); strings.Contains(out["message"].(string), secret) {
			t.Errorf("the answer has the emulator's secret: %v", out)
		}
	}
}

func TestPoolsAreKept(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	file := filepath.Join(t.TempDir(), "pools.json")
	w.open(Options{File: file})
	w.pool = w.do("CreateIdentityPool", object{"IdentityPoolName": "people", "AllowUnauthenticatedIdentities": true,
		"AllowClassicFlow": true, "IdentityPoolTags": object{"team": "shop"},
		"CognitoIdentityProviders": []object{{"ProviderName": w.provider(), "ClientId": w.client,
			"ServerSideTokenCheck": true}}})["IdentityPoolId"].(string)
	arn := "arn:aws:cognito-identity:eu-west-1:000000000000:identitypool/" + w.pool
	w.do("TagResource", object{"ResourceArn": arn, "Tags": object{"cost": "7"}})
	w.do("UntagResource", object{"ResourceArn": arn, "TagKeys": []string{"team"}})
	w.user(w.userPool, "ines")
	id := w.signIn("ines")
	in := object{"IdentityId": w.identity(id), "Logins": w.logins(id)}
	token := w.do("GetOpenIdToken", in)["Token"].(string)
	before := w.do("DescribeIdentityPool", object{"IdentityPoolId": w.pool})

	w.open(Options{File: file})
	if after := w.do("DescribeIdentityPool", object{"IdentityPoolId": w.pool}); !reflect.DeepEqual(after, before) {
		t.Errorf("after %v\nbefore %v", after, before)
	}
	if got := w.identity(id); got != in["IdentityId"] {
		t.Errorf("identity %s, before %s", got, in["IdentityId"])
	}
	_ = w.claims(token)
	tags := w.do("ListTagsForResource", object{"ResourceArn": arn})["Tags"]
	if !reflect.DeepEqual(tags, object{"cost": "7"}) {
		t.Errorf("tags %v", tags)
	}
	w.do("DeleteIdentities", object{"IdentityIdsToDelete": []any{in["IdentityId"]}})
	if got := w.identity(id); got == in["IdentityId"] {
		t.Error("a deleted identity came back")
	}
	w.do("DeleteIdentityPool", object{"IdentityPoolId": w.pool})
	w.open(Options{File: file})
	w.fails("DescribeIdentityPool", object{"IdentityPoolId": w.pool}, "ResourceNotFoundException",
		"IdentityPool '"+w.pool+"' not found.")
	if len(w.server.store.data.Identities) > 0 {
		t.Errorf("identities of a deleted pool: %v", w.server.store.data.Identities)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	for range 4 {
		w.do("CreateIdentityPool", object{"IdentityPoolName": "p", "AllowUnauthenticatedIdentities": false})
	}
	var all []string
	in := object{"MaxResults": 2}
	for range 10 {
		out := w.do("ListIdentityPools", in)
		for _, p := range out["IdentityPools"].([]any) {
			all = append(all, p.(object)["IdentityPoolId"].(string))
		}
		if in["NextToken"] = out["NextToken"]; in["NextToken"] == nil {
			break
		}
	}
	if len(all) != 5 || !slices.IsSorted(all) || len(slices.Compact(all)) != 5 {
		t.Errorf("pools %v", all)
	}
}

func TestConstraints(t *testing.T) {
	t.Parallel()
	w := start(t, nil)
	id := "eu-west-1:11111111-2222-3333-4444-555555555555"
	mapping := func(m object) object {
		return object{"IdentityPoolId": w.pool, "Roles": object{}, "RoleMappings": object{"x:y": m}}
	}
	unlike := mapping(object{"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": object{
		"Rules": []object{{"Claim": "a", "MatchType": "Like", "Value": "b", "RoleARN": role("admin")}}}})
	const foreign = "arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/x"
	const validation, parameter, missing = "ValidationException", "InvalidParameterException", "ResourceNotFoundException"
	for name, c := range map[string]struct {
		operation, kind, words string
		in                     any
	}{
		"user pool id": {operation: "GetId", in: object{"IdentityPoolId": "eu-west-1_Abc"}, kind: validation,
			words: `1 validation error detected: Value 'eu-west-1_Abc' at 'identityPoolId' failed to satisfy constraint: ` +
				`Member must satisfy regular expression pattern: [\w-]+:[0-9a-f-]+`},
		"nothing": {operation: "CreateIdentityPool", in: object{}, kind: validation,
			words: "2 validation errors detected: Value null at 'identityPoolName'"},
		"bad name": {operation: "CreateIdentityPool", in: object{"IdentityPoolName": "a/b"}, kind: validation,
			words: `Member must satisfy regular expression pattern: [\w\s+=,.@-]+`},
		"unknown role": {operation: "SetIdentityPoolRoles", in: object{"IdentityPoolId": w.pool,
			"Roles": object{"admin": role("admin")}}, kind: validation, words: "(un)?authenticated"},
		"unknown match": {operation: "SetIdentityPoolRoles", in: unlike, kind: validation,
			words: "[Contains, Equals, NotEqual, StartsWith]"},
		"rules without rules": {operation: "SetIdentityPoolRoles", kind: parameter, words: "RulesConfiguration",
			in: mapping(object{"Type": "Rules", "AmbiguousRoleResolution": "Deny"})},
		"no resolution": {operation: "SetIdentityPoolRoles", in: mapping(object{"Type": "Token"}), kind: parameter,
			words: "AmbiguousRoleResolution"},
		"page": {operation: "ListIdentityPools", in: object{"MaxResults": 61}, kind: validation, words: "60"},
		"another account": {operation: "ListTagsForResource", in: object{"ResourceArn": foreign}, kind: parameter,
			words: "ResourceArn"},
		"no pool": {operation: "GetId", in: object{"IdentityPoolId": id}, kind: missing,
			words: "IdentityPool '" + id + "' not found."},
		"no identity": {operation: "GetOpenIdToken", in: object{"IdentityId": id}, kind: missing,
			words: "Identity '" + id + "' not found."},
		"not JSON":      {operation: "GetId", in: "x", kind: "SerializationException"},
		"not an object": {operation: "GetId", in: "null", kind: "SerializationException"},
		"wrong type":    {operation: "GetId", in: object{"IdentityPoolId": 7}, kind: "SerializationException"},
		"no operation": {operation: "MergeDeveloperIdentities", in: object{}, kind: "UnknownOperationException",
			words: "MergeDeveloperIdentities"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w.fails(c.operation, c.in, c.kind, c.words)
		})
	}
}
