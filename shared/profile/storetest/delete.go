package storetest

import (
	"errors"
	"testing"
	"time"

	"cognito-triggers/shared/profile"
)

func tombstoneRefuses(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	s.mustDelete(t, p.Key, time.Now(), time.Hour)
	s.wantCreate(t, p, false, profile.ErrDeleted)
	s.wantGetError(t, p.Key, profile.ErrDeleted)
	s.wantClaim(t, p.Key, false, profile.ErrDeleted)
	s.wantUpdateError(t, p.Key, profile.ErrDeleted)
	s.wantSignInError(t, p.Key, profile.ErrDeleted)
}

func tombstoneAlone(t *testing.T, s suite) {
	p := sample(t)
	s.mustDelete(t, p.Key, time.Now(), time.Hour)
	s.wantGetError(t, p.Key, profile.ErrDeleted)
	s.wantCreate(t, p, false, profile.ErrDeleted)
}

// tombstoneExpires checks that a store goes by the tombstone's time, not by its presence: DynamoDB deletes items some
// time after they expire.
func tombstoneExpires(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	s.mustDelete(t, p.Key, time.Now().Add(-2*time.Hour), time.Hour)
	s.wantGetError(t, p.Key, profile.ErrNotFound)
	s.wantClaim(t, p.Key, false, profile.ErrNotFound)
	s.wantUpdateError(t, p.Key, profile.ErrNotFound)
	s.wantSignInError(t, p.Key, profile.ErrNotFound)
	s.mustCreate(t, p)
	s.wantProfile(t, p)
	s.wantClaim(t, p.Key, true, nil)
}

func deleteAgain(t *testing.T, s suite) {
	p := sample(t)
	s.mustDelete(t, p.Key, time.Now().Add(-2*time.Hour), time.Hour)
	s.mustDelete(t, p.Key, time.Now(), time.Hour)
	s.wantGetError(t, p.Key, profile.ErrDeleted)
}

func createAgainstDelete(t *testing.T, s suite) {
	p := sample(t)
	inParallel(func(n int) {
		if n == 0 {
			if err := s.store.Delete(t.Context(), p.Key, time.Now(), time.Hour); err != nil {
				t.Errorf("Delete: %v", err)
			}
			return
		}
		if _, err := s.store.Create(t.Context(), p); err != nil && !errors.Is(err, profile.ErrDeleted) {
			t.Errorf("Create: %v", err)
		}
	})
	s.wantGetError(t, p.Key, profile.ErrDeleted)
}
