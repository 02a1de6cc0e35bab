package token

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
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

func TestDiscovery(t *testing.T) {
	raw, err := Discovery(issuer, issuer+"/.well-known/jwks.json")
	if err != nil || !strings.Contains(string(raw), `"issuer":"`+issuer+`"`) ||
		!strings.Contains(string(raw), `"jwks_uri":"`+issuer+`/.well-known/jwks.json"`) {
		t.Errorf("got %s, %v", raw, err)
	}
}
