package userpool

import (
	"encoding/asn1"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

// keyIDs returns the key IDs that a pool publishes.
func (d *direct) keyIDs(pool string) []string {
	d.t.Helper()
	answer := httptest.NewRecorder()
	d.server.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/"+pool+"/.well-known/jwks.json", nil))
	var set struct{ Keys []struct{ Kid string } }
	if err := json.Unmarshal(answer.Body.Bytes(), &set); err != nil || len(set.Keys) != 2 {
		d.t.Fatalf("%s, %v", answer.Body, err)
	}
	return []string{set.Keys[0].Kid, set.Keys[1].Kid}
}

// Pools of one process share their keys, but verifiers that check the key ID or the issuer can tell them apart.
func TestPoolsHaveOwnKeyIDs(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, nil)
	other := at(d.do("CreateUserPool", object{"PoolName": "other"}), "UserPool.Id").(string)
	seen := map[string]bool{}
	for _, id := range append(d.keyIDs(d.pool), d.keyIDs(other)...) {
		if seen[id] {
			t.Errorf("duplicate key ID %s", id)
		}
		seen[id] = true
	}
	pool, err := d.server.Store().Pool(other)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := d.server.rooms.tokens.Keys(pool)
	if err != nil {
		t.Fatal(err)
	}
	d.user("ines")
	access := at(d.signIn("ines"), "AuthenticationResult.AccessToken").(string)
	issuer := claimsOf(t, access)["iss"].(string)
	if _, err := (token.Signer{Keys: keys, Issuer: issuer}).VerifyAccess(access, d.clock.Now()); err == nil {
		t.Error("the other pool's keys accept the token")
	}
}

// A pool uses the keys stored with it, even if the process has others.
func TestStoredKeys(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, nil)
	before := d.keyIDs(d.pool)
	_, err := d.server.Store().UpdatePool(d.pool, func(p *state.Pool) error {
		var first asn1.RawValue
		rest, err := asn1.Unmarshal(p.SigningKey, &first)
		p.SigningKey = append(rest, first.FullBytes...) // the two keys in reverse order
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	again := &direct{t: t, server: Open(Options{Store: d.server.Store()})}
	if after := again.keyIDs(d.pool); after[0] != before[1] || after[1] != before[0] {
		t.Errorf("key ids %v, then %v", before, after)
	}
}
