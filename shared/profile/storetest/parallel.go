package storetest

import (
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/shared/profile"
)

// callers is the number of callers in tests of parallel calls.
const callers = 32

// inParallel runs call once per caller, all at the same time.
func inParallel(call func(n int)) {
	var group sync.WaitGroup
	start := make(chan struct{})
	for n := range callers {
		group.Go(func() {
			<-start
			call(n)
		})
	}
	close(start)
	group.Wait()
}

func createsInParallel(t *testing.T, s suite) {
	p := sample(t)
	var made atomic.Int32
	inParallel(func(n int) {
		mine := p.Normalized()
		mine.Username = fmt.Sprint("caller-", n)
		mine.Attributes["name"] = mine.Username
		switch ok, err := s.store.Create(t.Context(), mine); {
		case err != nil:
			t.Errorf("caller %d: %v", n, err)
		case ok:
			made.Add(1)
		}
	})
	if n := made.Load(); n != 1 {
		t.Errorf("%d callers were told that they created the profile", n)
	}
	got, err := s.store.Get(t.Context(), p.Key)
	if err != nil {
		t.Fatal(err)
	}
	if got.Username != got.Attributes["name"] {
		t.Errorf("username of %s with the attributes of %s", got.Username, got.Attributes["name"])
	}
}

func claimOnce(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	s.wantClaim(t, p.Key, true, nil)
	s.wantClaim(t, p.Key, false, nil)
	p.WelcomeClaimedAt, p.UpdatedAt = claimed, claimed
	s.wantProfile(t, p)
	s.wantCreate(t, p, false, nil)
	s.wantClaim(t, p.Key, false, nil)
}

func claimsInParallel(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	var won atomic.Int32
	inParallel(func(n int) {
		switch ok, err := s.store.ClaimWelcome(t.Context(), p.Key, claimed); {
		case err != nil:
			t.Errorf("caller %d: %v", n, err)
		case ok:
			won.Add(1)
		}
	})
	if n := won.Load(); n != 1 {
		t.Errorf("%d callers won the claim", n)
	}
}

func claimNeedsProfile(t *testing.T, s suite) {
	p := sample(t)
	s.wantClaim(t, p.Key, false, profile.ErrNotFound)
	s.wantGetError(t, p.Key, profile.ErrNotFound)
}

// sample returns a profile with all members, under a unique key.
func sample(t *testing.T) profile.Profile {
	t.Helper()
	return profile.Profile{
		Key:        profile.Key{UserPoolID: "eu-west-1_StoreTest", Sub: rand.Text()},
		Username:   "ines.moreau",
		Attributes: map[string]string{"email": "ines@example.org", "name": "Inès Moreau", "locale": "fr-FR"},
		Identities: []profile.Identity{
			{
				ProviderName: "Google",
				ProviderType: "Google",
				UserID:       "107353",
				Primary:      true,
				DateCreated:  created.Add(-time.Hour),
			},
			{ProviderName: "corp", ProviderType: "SAML", UserID: "ines@corp", Issuer: "https://idp.example.org"},
		},
		CreatedAt:     created,
		UpdatedAt:     created,
		SchemaVersion: profile.SchemaVersion,
		CreatedBy:     "PostConfirmation_ConfirmSignUp",
	}
}
