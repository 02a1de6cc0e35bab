package token

import (
	"sync"
	"testing"
	"time"
)

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
		`"iat":1788667509,"identities":[{"dateCreated":"1642699117273","issuer":null,"primary":"true",` +
		`"providerName":"Google",` +
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

func TestMinimalClaims(t *testing.T) {
	s := Subject{
		Username:   "u",
		Attributes: map[string]string{"sub": "s", "identities": "not JSON", "updated_at": "soon"},
		ClientID:   "c",
		AuthTime:   now,
	}
	id, access := both(t, s, nil)
	for _, absent := range []string{"cognito:groups", "cognito:roles", "cognito:preferred_role", "origin_jti",
		"email_verified", "scope"} {
		if _, there := id[absent]; there {
			t.Errorf("the ID token has %s", absent)
		}
		if _, there := access[absent]; there {
			t.Errorf("the access token has %s", absent)
		}
	}
	if id["jti"] != nil || access["jti"] == nil {
		t.Errorf("without token revocation: jti %v, %v; want it only in the access token", id["jti"], access["jti"])
	}
	if id["identities"] != "not JSON" || id["updated_at"] != "soon" {
		t.Errorf("malformed attributes: %v, %v", id["identities"], id["updated_at"])
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
				t.Error("an ID token was created")
			}
			if _, err := signer.Access(s, nil, now, time.Hour); err == nil {
				t.Error("an access token was created")
			}
		})
	}
}

func TestConcurrentUse(t *testing.T) {
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

func BenchmarkAccess(b *testing.B) {
	s := signer(b)
	for b.Loop() {
		if _, err := s.Access(subject(), nil, now, time.Hour); err != nil {
			b.Fatal(err)
		}
	}
}
