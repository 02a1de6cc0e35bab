package token

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"cognito-triggers/shared/events"
)

const (
	pool   = "eu-west-1_Qk7Lm2XyZ"
	issuer = "http://127.0.0.1:9229/" + pool
)

var now = time.Date(2026, 9, 6, 4, 5, 9, 0, time.UTC)

func signer(t testing.TB) Signer {
	t.Helper()
	return Signer{Keys: keysOf(t, pool), Issuer: issuer}
}

// keysOf returns a pool's keys.
func keysOf(t testing.TB, pool string) *Keys {
	t.Helper()
	pair, err := Shared()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := pair.Of(pool)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func subject() Subject {
	role := "arn:aws:iam::123456789012:role/staff"
	return Subject{
		Username: "ines.moreau",
		Attributes: map[string]string{
			"sub": "6f0c1f9e-0000-4000-8000-000000000001", "email": "ines@example.org", "email_verified": "true",
			"phone_number_verified": "false", "custom:tenant": "acme", "custom:seats": "12", "updated_at": "1757131509",
			"address": "1 Main St", "cognito:user_status": "CONFIRMED",
			"identities": `[{"userId":"1","providerName":"Google","providerType":"Google","issuer":null,"primary":true,` +
				`"dateCreated":1642699117273}]`,
		},
		Groups: events.GroupConfiguration{
			GroupsToOverride: []string{"staff"}, IAMRolesToOverride: []string{role}, PreferredRole: &role,
		},
		ClientID: "4k2v0h1example7c9d3t5b6", Scopes: []string{SelfService},
		AuthTime: now.Add(-time.Minute), OriginJTI: "origin", EventID: "event",
	}
}

// both creates both tokens and reads their claims with an independent library, using the JWKS.
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

// asJSON makes values comparable regardless of their Go types.
func asJSON(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
