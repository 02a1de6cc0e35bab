package token

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"cognito-triggers/shared/events"
)

const issuer = "http://127.0.0.1:9229/eu-west-1_Qk7Lm2XyZ"

var now = time.Date(2026, 9, 6, 4, 5, 9, 0, time.UTC)

var testKeys = sync.OnceValues(NewKeys)

func signer(t testing.TB) Signer {
	t.Helper()
	keys, err := testKeys()
	if err != nil {
		t.Fatal(err)
	}
	return Signer{keys, issuer}
}

func subject() Subject {
	role := "arn:aws:iam::123456789012:role/staff"
	return Subject{
		Username: "ines.moreau",
		Attributes: map[string]string{
			"sub": "6f0c1f9e-0000-4000-8000-000000000001", "email": "ines@example.org", "email_verified": "true",
			"phone_number_verified": "false", "custom:tenant": "acme", "custom:seats": "12", "updated_at": "1757131509",
			"address": "1 Main St", "cognito:user_status": "CONFIRMED",
			"identities": `[{"userId":"1","providerName":"Google","providerType":"Google","issuer":null,"primary":true,"dateCreated":1642699117273}]`,
		},
		Groups: events.GroupConfiguration{
			GroupsToOverride: []string{"staff"}, IAMRolesToOverride: []string{role}, PreferredRole: &role,
		},
		ClientID: "4k2v0h1example7c9d3t5b6", Scopes: []string{SelfService},
		AuthTime: now.Add(-time.Minute), OriginJTI: "origin", EventID: "event",
	}
}

// both makes the two tokens and reads their claims with a library that did not make them, its keys from the JWKS.
func both(t testing.TB, s Subject, o *Override) (id, access map[string]any) {
	t.Helper()
	signer := signer(t)
	idText, err := signer.ID(s, o, now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	accessText, err := signer.Access(s, o, now, 5*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return readClaims(t, signer, idText), readClaims(t, signer, accessText)
}

func readClaims(t testing.TB, s Signer, text string) map[string]any {
	t.Helper()
	raw, err := s.Keys.JWKS()
	if err != nil {
		t.Fatal(err)
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(raw, &set); err != nil {
		t.Fatal(err)
	}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(issuer), jwt.WithJSONNumber(),
		jwt.WithTimeFunc(func() time.Time { return now }))
	parsed, err := parser.Parse(text, func(token *jwt.Token) (any, error) {
		keys := set.Key(token.Header["kid"].(string))
		if len(keys) != 1 {
			return nil, errors.New("no such key")
		}
		return keys[0].Key, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Claims.(jwt.MapClaims)
}

// asJSON compares values whatever Go type they came in.
func asJSON(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestIDTokenClaims(t *testing.T) {
	id, _ := both(t, subject(), nil)
	jti, _ := id["jti"].(string)
	delete(id, "jti")
	if len(jti) != 36 {
		t.Errorf("jti %q", jti)
	}
	const want = `{"address":{"formatted":"1 Main St"},"aud":"4k2v0h1example7c9d3t5b6","auth_time":1788667449,` +
		`"cognito:groups":["staff"],"cognito:preferred_role":"arn:aws:iam::123456789012:role/staff",` +
		`"cognito:roles":["arn:aws:iam::123456789012:role/staff"],"cognito:username":"ines.moreau","custom:seats":"12",` +
		`"custom:tenant":"acme","email":"ines@example.org","email_verified":true,"event_id":"event","exp":1788671109,` +
		`"iat":1788667509,"identities":[{"dateCreated":"1642699117273","issuer":null,"primary":"true","providerName":"Google",` +
		`"providerType":"Google","userId":"1"}],"iss":"http://127.0.0.1:9229/eu-west-1_Qk7Lm2XyZ","origin_jti":"origin",` +
		`"phone_number_verified":false,"sub":"6f0c1f9e-0000-4000-8000-000000000001","token_use":"id","updated_at":1757131509}`
	if got := asJSON(t, id); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAccessTokenClaims(t *testing.T) {
	_, access := both(t, subject(), nil)
	delete(access, "jti")
	const want = `{"auth_time":1788667449,"client_id":"4k2v0h1example7c9d3t5b6","cognito:groups":["staff"],` +
		`"event_id":"event","exp":1788667809,"iat":1788667509,"iss":"http://127.0.0.1:9229/eu-west-1_Qk7Lm2XyZ",` +
		`"origin_jti":"origin","scope":"aws.cognito.signin.user.admin","sub":"6f0c1f9e-0000-4000-8000-000000000001",` +
		`"token_use":"access","username":"ines.moreau"}`
	if got := asJSON(t, access); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestClaimsOfBareUser(t *testing.T) {
	s := Subject{Username: "u", Attributes: map[string]string{"sub": "s", "identities": "not JSON", "updated_at": "soon"}, ClientID: "c", AuthTime: now}
	id, access := both(t, s, nil)
	for _, absent := range []string{"cognito:groups", "cognito:roles", "cognito:preferred_role", "origin_jti", "email_verified", "scope"} {
		if _, there := id[absent]; there {
			t.Errorf("the ID token has %s", absent)
		}
		if _, there := access[absent]; there {
			t.Errorf("the access token has %s", absent)
		}
	}
	if id["jti"] != nil || access["jti"] == nil {
		t.Errorf("without token revocation jti is in the access token only: %v, %v", id["jti"], access["jti"])
	}
	if id["identities"] != "not JSON" || id["updated_at"] != "soon" {
		t.Errorf("odd attributes: %v, %v", id["identities"], id["updated_at"])
	}
}

func TestTokensNeedASubject(t *testing.T) {
	for name, change := range map[string]func(*Subject, *Signer){
		"no sub":       func(s *Subject, _ *Signer) { delete(s.Attributes, "sub") },
		"no client id": func(s *Subject, _ *Signer) { s.ClientID = "" },
		"no issuer":    func(_ *Subject, s *Signer) { s.Issuer = "" },
	} {
		t.Run(name, func(t *testing.T) {
			s, signer := subject(), signer(t)
			change(&s, &signer)
			if _, err := signer.ID(s, nil, now, time.Hour); err == nil {
				t.Error("an ID token was made")
			}
			if _, err := signer.Access(s, nil, now, time.Hour); err == nil {
				t.Error("an access token was made")
			}
		})
	}
}

func TestOverrides(t *testing.T) {
	const (
		v1     = `{"claimsOverrideDetails":`
		v2     = `{"claimsAndScopeOverrideDetails":`
		client = "4k2v0h1example7c9d3t5b6"
	)
	for name, test := range map[string]struct {
		version  events.TokenVersion
		response string
		id       map[string]string // claim: JSON, "" where it must be absent
		access   map[string]string
	}{
		"V1 adds a text to the ID token only": {
			events.V1, v1 + `{"claimsToAddOrOverride":{"plan":"gold"}}}`,
			map[string]string{"plan": `"gold"`}, map[string]string{"plan": ""},
		},
		"V1 overrides and suppresses attributes": {
			events.V1, v1 + `{"claimsToAddOrOverride":{"email":"x@example.org"},"claimsToSuppress":["custom:tenant","phone_number_verified"]}}`,
			map[string]string{"email": `"x@example.org"`, "custom:tenant": "", "phone_number_verified": ""}, nil,
		},
		"V1 replaces groups in both tokens": {
			events.V1, v1 + `{"groupOverrideDetails":{"groupsToOverride":["a","b"],"iamRolesToOverride":["r"],"preferredRole":"r"}}}`,
			map[string]string{"cognito:groups": `["a","b"]`, "cognito:roles": `["r"]`, "cognito:preferred_role": `"r"`},
			map[string]string{"cognito:groups": `["a","b"]`, "cognito:roles": ""},
		},
		"V1 ignores the member of the others": {
			events.V1, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"}}}}`,
			map[string]string{"plan": ""}, nil,
		},
		"V2 adds values of every type to both": {
			events.V2, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"n":9007199254740993,"o":{"a":[1]}}},
				"accessTokenGeneration":{"claimsToAddOrOverride":{"roles":["editor",7,true],"tenant":{"id":"acme"},"b":false}}}}`,
			map[string]string{"n": `9007199254740993`, "o": `{"a":[1]}`, "roles": ""},
			map[string]string{"roles": `["editor",7,true]`, "tenant": `{"id":"acme"}`, "b": "false", "n": ""},
		},
		"suppressing beats adding": {
			events.V2, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"},"claimsToSuppress":["plan"]},
				"accessTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"},"claimsToSuppress":["plan"],"scopesToAdd":["a/b"],"scopesToSuppress":["a/b"]}}}`,
			map[string]string{"plan": ""}, map[string]string{"plan": "", "scope": `"aws.cognito.signin.user.admin"`},
		},
		"scopes are added and suppressed": {
			events.V2, v2 + `{"accessTokenGeneration":{"scopesToAdd":["billing/read","billing/read"],"scopesToSuppress":["aws.cognito.signin.user.admin"]}}}`,
			map[string]string{"scope": ""}, map[string]string{"scope": `"billing/read"`},
		},
		"scopes all suppressed": {
			events.V3, v2 + `{"accessTokenGeneration":{"scopesToSuppress":["aws.cognito.signin.user.admin"]}}}`,
			nil, map[string]string{"scope": ""},
		},
		"scopes of a wrong form are dropped": {
			events.V2, v2 + `{"accessTokenGeneration":{"scopesToAdd":["two words","","good"]}}}`,
			nil, map[string]string{"scope": `"aws.cognito.signin.user.admin good"`},
		},
		"reserved claims are dropped": {
			events.V2, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"sub":"x","aud":"x","iss":"x","exp":1,"cognito:username":"x","cognito:groups":["x"],"identities":"x","token_use":"x"},
					"claimsToSuppress":["sub","aud","cognito:username","identities"]},
				"accessTokenGeneration":{"claimsToAddOrOverride":{"sub":"x","client_id":"x","username":"x","scope":"x","event_id":"x","cognito:groups":["x"]},
					"claimsToSuppress":["sub","client_id","scope","username","exp"]}}}`,
			map[string]string{"sub": `"6f0c1f9e-0000-4000-8000-000000000001"`, "aud": `"` + client + `"`, "cognito:username": `"ines.moreau"`, "cognito:groups": `["staff"]`, "token_use": `"id"`},
			map[string]string{"sub": `"6f0c1f9e-0000-4000-8000-000000000001"`, "client_id": `"` + client + `"`, "username": `"ines.moreau"`, "scope": `"aws.cognito.signin.user.admin"`, "event_id": `"event"`, "cognito:groups": `["staff"]`, "exp": "1788667809"},
		},
		"the access token takes its own client as aud": {
			events.V2, v2 + `{"accessTokenGeneration":{"claimsToAddOrOverride":{"aud":"` + client + `"}}}}`,
			nil, map[string]string{"aud": `"` + client + `"`},
		},
		"the access token takes no other aud": {
			events.V2, v2 + `{"accessTokenGeneration":{"claimsToAddOrOverride":{"aud":"other"}}}}`,
			nil, map[string]string{"aud": ""},
		},
		"null values and complex email_verified are dropped": {
			events.V2, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"plan":null,"email_verified":{"a":1}}}}}`,
			map[string]string{"plan": "", "email_verified": "true"}, nil,
		},
		"dev attributes can only be suppressed": {
			events.V2, v2 + `{"idTokenGeneration":{"claimsToAddOrOverride":{"dev:custom:x":"y"}}}}`,
			map[string]string{"dev:custom:x": ""}, nil,
		},
		"suppressing groups takes the roles along": {
			events.V2, v2 + `{"idTokenGeneration":{"claimsToSuppress":["cognito:groups"]}}}`,
			map[string]string{"cognito:groups": "", "cognito:roles": "", "cognito:preferred_role": ""},
			map[string]string{"cognito:groups": `["staff"]`},
		},
		"groups absent are kept": {
			events.V2, v2 + `{"idTokenGeneration":{}}}`,
			map[string]string{"cognito:groups": `["staff"]`}, map[string]string{"cognito:groups": `["staff"]`},
		},
		"groups null are removed": {
			events.V2, v2 + `{"groupOverrideDetails":null}}`,
			map[string]string{"cognito:groups": "", "cognito:roles": "", "cognito:preferred_role": ""}, map[string]string{"cognito:groups": ""},
		},
		"groups empty are removed": {
			events.V1, v1 + `{"groupOverrideDetails":{}}}`,
			map[string]string{"cognito:groups": "", "cognito:roles": ""}, map[string]string{"cognito:groups": ""},
		},
		"V3 is as V2": {
			events.V3, v2 + `{"accessTokenGeneration":{"claimsToAddOrOverride":{"plan":"gold"}}}}`,
			nil, map[string]string{"plan": `"gold"`},
		},
		"null overrides nothing":   {events.V2, v2 + `null}`, map[string]string{"email": `"ines@example.org"`}, nil},
		"a list overrides nothing": {events.V2, v2 + `[]}`, map[string]string{"email": `"ines@example.org"`}, nil},
		"absent overrides nothing": {events.V2, `{}`, map[string]string{"email": `"ines@example.org"`}, nil},
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
		version events.TokenVersion
		member  string
		value   string
	}{
		"V1 with a list as value":  {events.V1, "claimsOverrideDetails", `{"claimsToAddOrOverride":{"a":["b"]}}`},
		"V1 with a number":         {events.V1, "claimsOverrideDetails", `{"claimsToAddOrOverride":{"a":1}}`},
		"claims as a list":         {events.V2, "claimsAndScopeOverrideDetails", `{"idTokenGeneration":{"claimsToAddOrOverride":["a"]}}`},
		"suppressed as a text":     {events.V2, "claimsAndScopeOverrideDetails", `{"idTokenGeneration":{"claimsToSuppress":"a"}}`},
		"the whole as a text":      {events.V2, "claimsAndScopeOverrideDetails", `"x"`},
		"the whole as a full list": {events.V1, "claimsOverrideDetails", `[1]`},
	} {
		t.Run(name, func(t *testing.T) {
			if o, err := OverrideOf(test.version, map[string]json.RawMessage{test.member: json.RawMessage(test.value)}); err == nil || !strings.Contains(err.Error(), test.member) {
				t.Errorf("got %v, %v", o, err)
			}
		})
	}
}

func TestVerifyAccess(t *testing.T) {
	s := signer(t)
	access, err := s.Access(subject(), nil, now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := s.VerifyAccess(access, now)
	want := Claims{
		Sub: "6f0c1f9e-0000-4000-8000-000000000001", Username: "ines.moreau", ClientID: "4k2v0h1example7c9d3t5b6",
		Scopes: []string{SelfService}, JTI: claims.JTI, OriginJTI: "origin", EventID: "event",
		AuthTime: time.Unix(1788667449, 0), IssuedAt: time.Unix(1788667509, 0), Expires: time.Unix(1788671109, 0),
	}
	if err != nil || claims.JTI == "" || !reflect.DeepEqual(claims, want) {
		t.Errorf("got %+v, %v", claims, err)
	}
	if _, err := s.VerifyAccess(access, now.Add(time.Hour-time.Second)); err != nil {
		t.Errorf("in its last second: %v", err)
	}
}

func TestVerifyAccessRefuses(t *testing.T) {
	s := signer(t)
	good, _ := s.Access(subject(), nil, now, time.Hour)
	id, _ := s.ID(subject(), nil, now, time.Hour)
	strange, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	foreign, _ := Signer{strange, issuer}.Access(subject(), nil, now, time.Hour)
	elsewhere, _ := Signer{s.Keys, "http://127.0.0.1:9229/eu-west-1_other"}.Access(subject(), nil, now, time.Hour)
	wrongUse, _ := s.Keys.access.sign(map[string]any{"iss": issuer, "token_use": "id", "exp": now.Unix() + 9})
	endless, _ := s.Keys.access.sign(map[string]any{"iss": issuer, "token_use": "access"})
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	jwks, _ := s.Keys.JWKS()
	hmacked, err := jwt.New(jwt.SigningMethodHS256).SignedString(jwks) // the public key taken for a shared secret
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		token string
		at    time.Time
		want  error
	}{
		"empty":            {"", now, ErrInvalid},
		"no token":         {"abc", now, ErrInvalid},
		"expired":          {good, now.Add(time.Hour), ErrExpired},
		"never expires":    {endless, now, ErrExpired},
		"ID token":         {id, now, ErrInvalid},
		"wrong use":        {wrongUse, now, ErrInvalid},
		"another issuer":   {elsewhere, now, ErrInvalid},
		"another's key":    {foreign, now, ErrInvalid},
		"unsigned":         {encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".", now, ErrInvalid},
		"HMAC":             {hmacked, now, ErrInvalid},
		"changed claims":   {parts[0] + "." + encode([]byte(`{"sub":"x"}`)) + "." + parts[2], now, ErrInvalid},
		"signature cut":    {good[:len(good)-4], now, ErrInvalid},
		"something behind": {good + ".x", now, ErrInvalid},
		"refresh token":    {NewRefresh(), now, ErrInvalid},
		"huge":             {strings.Repeat("a", maxToken+1), now, ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.VerifyAccess(test.token, test.at); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// A trigger may add a claim whose name differs from a read one in its capitals only.
func TestVerifyAccessReadsExactNames(t *testing.T) {
	override, err := OverrideOf(events.V2, map[string]json.RawMessage{"claimsAndScopeOverrideDetails": json.RawMessage(
		`{"accessTokenGeneration":{"claimsToAddOrOverride":{"SCOPE":"x","Username":"x","suB":"x"},"scopesToSuppress":["aws.cognito.signin.user.admin"]}}`)})
	if err != nil {
		t.Fatal(err)
	}
	text, err := signer(t).Access(subject(), override, now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := signer(t).VerifyAccess(text, now)
	if err != nil || len(claims.Scopes) != 0 || claims.Username != "ines.moreau" || claims.Sub == "x" {
		t.Errorf("got %+v, %v", claims, err)
	}
}

func TestKeysSurviveStorage(t *testing.T) {
	s := signer(t)
	stored, err := s.Keys.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseKeys(stored)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := s.Access(subject(), nil, now, time.Hour)
	if _, err := (Signer{again, issuer}).VerifyAccess(text, now); err != nil {
		t.Error(err)
	}
	for name, damaged := range map[string][]byte{
		"empty": nil, "one key": stored[:len(stored)/2], "cut": stored[:len(stored)-1], "longer": append(slices.Clone(stored), 0), "no key": []byte("x"),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParseKeys(damaged); err == nil {
				t.Error("damaged keys were read")
			}
		})
	}
}

func TestJWKSHasTwoPublicKeys(t *testing.T) {
	raw, err := signer(t).Keys.JWKS()
	if err != nil {
		t.Fatal(err)
	}
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(raw, &set); err != nil {
		t.Fatal(err)
	}
	if len(set.Keys) != 2 || set.Keys[0]["kid"] == set.Keys[1]["kid"] {
		t.Fatalf("got %s", raw)
	}
	for _, key := range set.Keys {
		if got := slices.Sorted(maps.Keys(key)); !slices.Equal(got, []string{"alg", "e", "kid", "kty", "n", "use"}) {
			t.Errorf("members %v", got)
		}
		if key["alg"] != "RS256" || key["kty"] != "RSA" || key["use"] != "sig" || key["e"] != "AQAB" {
			t.Errorf("got %v", key)
		}
	}
}

func TestDiscovery(t *testing.T) {
	raw, err := Discovery(issuer, issuer+"/.well-known/jwks.json")
	if err != nil || !strings.Contains(string(raw), `"issuer":"`+issuer+`"`) || !strings.Contains(string(raw), `"jwks_uri":"`+issuer+`/.well-known/jwks.json"`) {
		t.Errorf("got %s, %v", raw, err)
	}
}

func TestRefreshTokens(t *testing.T) {
	one, other := NewRefresh(), NewRefresh()
	parts := strings.Split(one, ".")
	if one == other || len(parts) != 5 {
		t.Fatalf("got %q, %q", one, other)
	}
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || string(header) != refreshHeader {
		t.Errorf("header %s, %v", header, err)
	}
	if slices.Contains(parts[1:], "") {
		t.Errorf("a part is empty: %q", one)
	}
}

func TestLifetime(t *testing.T) {
	const day = 24 * time.Hour
	for name, test := range map[string]struct {
		kind     Kind
		validity int
		unit     string
		want     time.Duration
		problem  string
	}{
		"ID by default":               {KindID, 0, "", time.Hour, ""},
		"access by default":           {KindAccess, 0, "minutes", time.Hour, ""},
		"refresh by default":          {KindRefresh, 0, "", 30 * day, ""},
		"ID in hours without a unit":  {KindID, 2, "", 2 * time.Hour, ""},
		"refresh in days without one": {KindRefresh, 7, "", 7 * day, ""},
		"shortest":                    {KindAccess, 5, "minutes", 5 * time.Minute, ""},
		"shortest in seconds":         {KindAccess, 300, "seconds", 5 * time.Minute, ""},
		"too short":                   {KindAccess, 299, "seconds", 0, "AccessTokenValidity"},
		"longest":                     {KindID, 24, "hours", day, ""},
		"too long":                    {KindID, 86401, "seconds", 0, "IdTokenValidity"},
		"refresh shortest":            {KindRefresh, 60, "minutes", time.Hour, ""},
		"refresh too short":           {KindRefresh, 59, "minutes", 0, "RefreshTokenValidity"},
		"refresh longest":             {KindRefresh, 3650, "days", 3650 * day, ""},
		"refresh too long":            {KindRefresh, 3651, "days", 0, "RefreshTokenValidity"},
		"negative":                    {KindID, -1, "hours", 0, "IdTokenValidity"},
		"overflow":                    {KindRefresh, 1 << 62, "days", 0, "RefreshTokenValidity"},
		"unknown unit":                {KindID, 1, "weeks", 0, "TokenValidityUnits.IdToken"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Lifetime(test.kind, test.validity, test.unit)
			if got != test.want || (err == nil) != (test.problem == "") || err != nil && !strings.Contains(err.Error(), test.problem) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestConfiguration(t *testing.T) {
	at := func(n int) *int { return &n }
	for name, test := range map[string]struct {
		groups        []Group
		names, roles  []string
		preferredRole string
	}{
		"none":                       {nil, nil, nil, ""},
		"by precedence":              {[]Group{{"b", "rb", at(2)}, {"a", "ra", nil}, {"c", "rc", at(0)}}, []string{"c", "b", "a"}, []string{"rc", "rb", "ra"}, "rc"},
		"same precedence, two roles": {[]Group{{"b", "rb", at(1)}, {"a", "ra", at(1)}}, []string{"a", "b"}, []string{"ra", "rb"}, ""},
		"same precedence, one role":  {[]Group{{"b", "r", at(1)}, {"a", "r", at(1)}}, []string{"a", "b"}, []string{"r"}, "r"},
		"no roles":                   {[]Group{{"a", "", at(1)}}, []string{"a"}, nil, ""},
		"first without a role":       {[]Group{{"a", "", at(1)}, {"b", "rb", at(2)}}, []string{"a", "b"}, []string{"rb"}, "rb"},
	} {
		t.Run(name, func(t *testing.T) {
			got := Configuration(test.groups)
			role := ""
			if got.PreferredRole != nil {
				role = *got.PreferredRole
			}
			if !slices.Equal(got.GroupsToOverride, test.names) || !slices.Equal(got.IAMRolesToOverride, test.roles) || role != test.preferredRole {
				t.Errorf("got %v, %v, %q", got.GroupsToOverride, got.IAMRolesToOverride, role)
			}
		})
	}
}

func TestParallelUse(t *testing.T) {
	s := signer(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			text, err := s.Access(subject(), nil, now, time.Hour)
			if err == nil {
				_, err = s.VerifyAccess(text, now)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// FuzzVerifyAccess holds that no text panics, and that none passes but the token that was signed.
func FuzzVerifyAccess(f *testing.F) {
	s := signer(f)
	good, err := s.Access(subject(), nil, now, time.Hour)
	if err != nil {
		f.Fatal(err)
	}
	id, _ := s.ID(subject(), nil, now, time.Hour)
	parts := strings.Split(good, ".")
	for _, seed := range []string{"", ".", "..", good, id, parts[0] + "..", parts[0] + "." + parts[1] + ".", NewRefresh()} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := s.VerifyAccess(text, now); err == nil && !strings.HasPrefix(text, parts[0]+"."+parts[1]+".") {
			t.Fatalf("passed: %q", text)
		}
	})
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
		override, err := OverrideOf(events.TokenVersion(1+uint(version)%3), response)
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

func BenchmarkAccess(b *testing.B) {
	s := signer(b)
	for b.Loop() {
		if _, err := s.Access(subject(), nil, now, time.Hour); err != nil {
			b.Fatal(err)
		}
	}
}
