package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/profile"
)

func (s suite) mustUpdate(t *testing.T, k profile.Key, values map[string]string) profile.Profile {
	t.Helper()
	p, err := s.store.UpdateAttributes(t.Context(), k, values, claimed)
	if err != nil {
		t.Fatalf("UpdateAttributes: %v", err)
	}
	return p
}

func (s suite) wantUpdateError(t *testing.T, k profile.Key, want error) {
	t.Helper()
	if p, err := s.store.UpdateAttributes(t.Context(), k, map[string]string{"name": "x"}, claimed); !errors.Is(err, want) {
		t.Fatalf("UpdateAttributes: error %v, profile %+v; want %v", err, p, want)
	}
}

func updateChanges(t *testing.T, s suite) {
	p := sample(t)
	p.Attributes["plan"], p.Attributes["given_name"] = "gold", "Inès"
	s.mustCreate(t, p)
	long := strings.Repeat("x", 2048)
	got := s.mustUpdate(t, p.Key, map[string]string{
		"name":        "김하늘",
		"family_name": long,
		"given_name":  "",
		"nickname":    "",
		"a b#:.$":     "odd",
	})
	p.Attributes = map[string]string{
		"email": "ines@example.org", "locale": "fr-FR", "plan": "gold", "name": "김하늘", "family_name": long,
		"a b#:.$": "odd",
	}
	p.UpdatedAt = claimed
	if !reflect.DeepEqual(got, p) {
		t.Errorf("UpdateAttributes:\n got %+v\nwant %+v", got, p)
	}
	s.wantProfile(t, p)
}

func updateWithNothing(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	s.mustUpdate(t, p.Key, nil)
	p.UpdatedAt = claimed
	s.wantProfile(t, p)
}

func updateNeedsProfile(t *testing.T, s suite) {
	p := sample(t)
	s.wantUpdateError(t, p.Key, profile.ErrNotFound)
	s.wantGetError(t, p.Key, profile.ErrNotFound)
}

func updatesInParallel(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	inParallel(func(n int) {
		name := fmt.Sprint("attribute-", n)
		if _, err := s.store.UpdateAttributes(t.Context(), p.Key, map[string]string{name: "set"}, claimed); err != nil {
			t.Errorf("caller %d: %v", n, err)
		}
	})
	for n := range callers {
		p.Attributes[fmt.Sprint("attribute-", n)] = "set"
	}
	p.UpdatedAt = claimed
	s.wantProfile(t, p)
}

func updateAgainstDelete(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	inParallel(func(n int) {
		if n == 0 {
			if err := s.store.Delete(t.Context(), p.Key, time.Now(), time.Hour); err != nil {
				t.Errorf("Delete: %v", err)
			}
			return
		}
		_, err := s.store.UpdateAttributes(t.Context(), p.Key, map[string]string{"name": "x"}, claimed)
		if err != nil && !errors.Is(err, profile.ErrDeleted) {
			t.Errorf("UpdateAttributes: %v", err)
		}
	})
	s.wantGetError(t, p.Key, profile.ErrDeleted)
}
