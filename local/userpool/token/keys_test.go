package token

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestKeysSurviveStorage(t *testing.T) {
	s := signer(t)
	pair, err := Shared()
	if err != nil {
		t.Fatal(err)
	}
	stored, err := pair.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := ParsePair(stored)
	if err != nil {
		t.Fatal(err)
	}
	again, err := parsed.Of(pool)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := s.Access(subject(), nil, now, time.Hour)
	if _, err := (Signer{Keys: again, Issuer: issuer}).VerifyAccess(text, now); err != nil {
		t.Error(err)
	}
	for name, damaged := range map[string][]byte{
		"empty": nil, "one key": stored[:len(stored)/2], "cut": stored[:len(stored)-1],
		"longer": append(slices.Clone(stored), 0), "no key": []byte("x"),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParsePair(damaged); err == nil {
				t.Error("damaged keys were accepted")
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

func TestPoolsOfOnePairHaveTheirOwnKeyIDs(t *testing.T) {
	seen := map[string]string{}
	for _, pool := range []string{pool, "eu-west-1_other"} {
		keys := keysOf(t, pool)
		for use, key := range map[string]*key{"ID": keys.id, "access": keys.access} {
			if other, there := seen[key.public.KeyID]; there {
				t.Errorf("the %s key of %s has the ID of %s", use, pool, other)
			}
			seen[key.public.KeyID] = use + " of " + pool
		}
		again := keysOf(t, pool)
		if again.id.public.KeyID != keys.id.public.KeyID || again.access.public.KeyID != keys.access.public.KeyID {
			t.Errorf("the key IDs of %s change", pool)
		}
	}
}

func TestProcessHasOnePair(t *testing.T) {
	one, err := Shared()
	if err != nil {
		t.Fatal(err)
	}
	other, _ := Shared()
	if one != other || one.id.N.BitLen() != keyBits || one.access.N.BitLen() != keyBits || one.id.Equal(one.access) {
		t.Errorf("%p, %p: %d and %d bits", one, other, one.id.N.BitLen(), one.access.N.BitLen())
	}
}

// The members are AWS's: those that clients look for and AWS lacks (code_challenge_methods_supported,
// claims_supported) are not there.
func TestDiscovery(t *testing.T) {
	t.Parallel()
	rest := map[string]any{
		"issuer": issuer, "jwks_uri": issuer + "/.well-known/jwks.json",
		"id_token_signing_alg_values_supported": []any{"RS256"}, "response_types_supported": []any{"code", "token"},
		"scopes_supported": []any{"openid", "email", "phone", "profile"}, "subject_types_supported": []any{"public"},
		"token_endpoint_auth_methods_supported": []any{"client_secret_basic", "client_secret_post"},
	}
	for name, c := range map[string]struct{ domain, oauth, root string }{
		"a domain": {domain: "http://people", oauth: "http://people/oauth2", root: "http://people"},
		"none":     {oauth: issuer, root: issuer},
	} {
		raw, err := Discovery(Discovered{Issuer: issuer, JWKS: issuer + "/.well-known/jwks.json", Domain: c.domain})
		if err != nil {
			t.Fatal(err)
		}
		want := maps.Clone(rest)
		for member, path := range map[string]string{
			"authorization_endpoint": "/authorize", "token_endpoint": "/token", "userinfo_endpoint": "/userInfo",
			"revocation_endpoint": "/revoke",
		} {
			want[member] = c.oauth + path
		}
		want["end_session_endpoint"] = c.root + "/logout"
		var got map[string]any
		if err := json.Unmarshal(raw, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v, error %v", name, got, want, err)
		}
	}
}
