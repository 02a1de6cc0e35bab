package token

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"cognito-triggers/shared/cognito"
)

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
		t.Errorf("in the last second: %v", err)
	}
}

func TestVerifyAccessRefuses(t *testing.T) {
	s := signer(t)
	good, _ := s.Access(subject(), nil, now, time.Hour)
	id, _ := s.ID(subject(), nil, now, time.Hour)
	otherPair, err := NewPair()
	if err != nil {
		t.Fatal(err)
	}
	strange, err := otherPair.Of(pool)
	if err != nil {
		t.Fatal(err)
	}
	strange.access.public.KeyID = s.Keys.access.public.KeyID
	foreign, _ := Signer{Keys: strange, Issuer: issuer}.Access(subject(), nil, now, time.Hour)
	neighbour, _ := Signer{Keys: keysOf(t, "eu-west-1_other"), Issuer: issuer}.Access(subject(), nil, now, time.Hour)
	elsewhere, _ := Signer{Keys: s.Keys, Issuer: "http://127.0.0.1:9229/eu-west-1_other"}.Access(subject(), nil, now,
		time.Hour)
	wrongUse, _ := s.Keys.access.sign(map[string]any{"iss": issuer, "token_use": "id", "exp": now.Unix() + 9})
	endless, _ := s.Keys.access.sign(map[string]any{"iss": issuer, "token_use": "access"})
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	jwks, _ := s.Keys.JWKS()
	hmacked, err := jwt.New(jwt.SigningMethodHS256).SignedString(jwks) // the public key misused as a shared secret
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		token string
		at    time.Time
		want  error
	}{
		"empty":                 {token: "", at: now, want: ErrInvalid},
		"no token":              {token: "abc", at: now, want: ErrInvalid},
		"expired":               {token: good, at: now.Add(time.Hour), want: ErrExpired},
		"never expires":         {token: endless, at: now, want: ErrExpired},
		"ID token":              {token: id, at: now, want: ErrInvalid},
		"wrong use":             {token: wrongUse, at: now, want: ErrInvalid},
		"another issuer":        {token: elsewhere, at: now, want: ErrInvalid},
		"key of another signer": {token: foreign, at: now, want: ErrInvalid},
		"token of another pool": {token: neighbour, at: now, want: ErrInvalid},
		"unsigned":              {token: encode([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".", at: now, want: ErrInvalid},
		"HMAC":                  {token: hmacked, at: now, want: ErrInvalid},
		"changed claims": {
			token: parts[0] + "." + encode([]byte(`{"sub":"x"}`)) + "." + parts[2],
			at:    now,
			want:  ErrInvalid,
		},
		"signature truncated": {token: good[:len(good)-4], at: now, want: ErrInvalid},
		"trailing text":       {token: good + ".x", at: now, want: ErrInvalid},
		"refresh token":       {token: NewRefresh(), at: now, want: ErrInvalid},
		"huge":                {token: strings.Repeat("a", maxToken+1), at: now, want: ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.VerifyAccess(test.token, test.at); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// A trigger may add a claim whose name differs only in case from one that is read.
func TestVerifyAccessReadsExactNames(t *testing.T) {
	override, err := OverrideOf(cognito.V2, map[string]json.RawMessage{"claimsAndScopeOverrideDetails": json.RawMessage(
		`{"accessTokenGeneration":{"claimsToAddOrOverride":{"SCOPE":"x","Username":"x","suB":"x"},` +
			`"scopesToSuppress":["aws.cognito.signin.user.admin"]}}`)})
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

// FuzzVerifyAccess checks that no text causes a panic and that only the signed token passes.
func FuzzVerifyAccess(f *testing.F) {
	s := signer(f)
	good, err := s.Access(subject(), nil, now, time.Hour)
	if err != nil {
		f.Fatal(err)
	}
	id, _ := s.ID(subject(), nil, now, time.Hour)
	parts := strings.Split(good, ".")
	for _, seed := range []string{"", ".", "..", good, id, parts[0] + "..", parts[0] + "." + parts[1] + ".",
		NewRefresh()} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := s.VerifyAccess(text, now); err == nil && !strings.HasPrefix(text, parts[0]+"."+parts[1]+".") {
			t.Fatalf("passed: %q", text)
		}
	})
}
