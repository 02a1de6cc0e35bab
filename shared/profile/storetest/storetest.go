// Package storetest is the suite that every profile.Store must pass. Most tests use the store in memory; the suite
// makes sure that DynamoDB behaves the same.
package storetest

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/profile"
)

// created is the time of the suite's profiles; claimed is a later time.
var (
	created = time.Date(2026, 3, 14, 15, 9, 26, 535_000_000, time.UTC)
	claimed = created.Add(90 * time.Second)
)

// Run runs the suite. Each test gets a store from open and uses unique keys, so open may return the same store every
// time, even one that already holds profiles.
func Run(t *testing.T, open func(t *testing.T) profile.Store) {
	tests := []struct {
		name string
		run  func(t *testing.T, s suite)
	}{
		{"create stores the profile as given", createStores},
		{"create leaves an existing profile unchanged", createKeepsExisting},
		{"parallel creates make one profile", createsInParallel},
		{"pools and subs are apart", keysAreApart},
		{"values survive unchanged", valuesSurvive},
		{"what is not there is not found", absent},
		{"welcome mail is claimed once", claimOnce},
		{"parallel claims have one winner", claimsInParallel},
		{"claim needs a profile", claimNeedsProfile},
		{"update changes what it names", updateChanges},
		{"update with nothing moves the time", updateWithNothing},
		{"update needs a profile", updateNeedsProfile},
		{"parallel updates all count", updatesInParallel},
		{"update against delete leaves a tombstone", updateAgainstDelete},
		{"access survives unchanged", accessSurvives},
		{"sign-in is recorded once per interval", signInOncePerInterval},
		{"new client and device are told once", newIsToldOnce},
		{"sign-in needs a profile", signInNeedsProfile},
		{"parallel sign-ins make one write", signInsInParallel},
		{"parallel sign-ins with a new client tell one", newClientInParallel},
		{"tombstone refuses everything", tombstoneRefuses},
		{"tombstone stands without a profile before it", tombstoneAlone},
		{"tombstone whose time has passed is gone", tombstoneExpires},
		{"deleting again moves the tombstone's end", deleteAgain},
		{"create against delete leaves a tombstone", createAgainstDelete},
		{"profiles handed out are copies", copies},
		{"an ended context ends every call", endedContext},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, suite{open(t)}) })
	}
}

// suite is the store under test, with the checks that the tests share.
type suite struct{ store profile.Store }

func (s suite) mustCreate(t *testing.T, p profile.Profile) {
	t.Helper()
	made, err := s.store.Create(t.Context(), p)
	if err != nil || !made {
		t.Fatalf("Create: created %v, error %v; want true, none", made, err)
	}
}

func (s suite) wantCreate(t *testing.T, p profile.Profile, want bool, wantErr error) {
	t.Helper()
	made, err := s.store.Create(t.Context(), p)
	if made != want || !errors.Is(err, wantErr) {
		t.Fatalf("Create: created %v, error %v; want %v, %v", made, err, want, wantErr)
	}
}

func (s suite) wantProfile(t *testing.T, want profile.Profile) {
	t.Helper()
	got, err := s.store.Get(t.Context(), want.Key)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("Get:\n got %+v\nwant %+v", got, want)
	}
}

func (s suite) wantGetError(t *testing.T, k profile.Key, want error) {
	t.Helper()
	if p, err := s.store.Get(t.Context(), k); !errors.Is(err, want) {
		t.Fatalf("Get: error %v, profile %+v; want %v", err, p, want)
	}
}

func (s suite) wantClaim(t *testing.T, k profile.Key, want bool, wantErr error) {
	t.Helper()
	got, err := s.store.ClaimWelcome(t.Context(), k, claimed)
	if got != want || !errors.Is(err, wantErr) {
		t.Fatalf("ClaimWelcome: %v, error %v; want %v, %v", got, err, want, wantErr)
	}
}

func (s suite) mustDelete(t *testing.T, k profile.Key, at time.Time, keep time.Duration) {
	t.Helper()
	if err := s.store.Delete(t.Context(), k, at, keep); err != nil {
		t.Fatalf("Delete: %v", err)
	}
}

func createStores(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p)
	s.wantProfile(t, p)
}

func createKeepsExisting(t *testing.T, s suite) {
	first := sample(t)
	s.mustCreate(t, first)
	second := first
	second.Username = "someone.else"
	second.Attributes = map[string]string{"email": "other@example.org"}
	second.Identities = nil
	second.CreatedAt = claimed
	s.wantCreate(t, second, false, nil)
	s.wantProfile(t, first)
}

func keysAreApart(t *testing.T, s suite) {
	first := sample(t)
	otherPool, otherSub := first, sample(t)
	otherPool.UserPoolID = "eu-west-1_OtherPool"
	otherPool.Username = "in.another.pool"
	for _, p := range []profile.Profile{first, otherPool, otherSub} {
		s.mustCreate(t, p)
	}
	for _, p := range []profile.Profile{first, otherPool, otherSub} {
		s.wantProfile(t, p)
	}
}

func valuesSurvive(t *testing.T, s suite) {
	long := strings.Repeat("가", 2046/3) + strings.Repeat("x", 2048-2046/3*3)
	values := map[string]map[string]string{
		"none":                {},
		"empty":               {"name": ""},
		"Korean":              {"name": "김하늘", "locale": "ko-KR"},
		"combining and emoji": {"name": "Zoe\u0301 👩‍🚀", "nickname": "\u202eabc"},
		"controls":            {"name": "a\x00b\tc\r\nd"},
		"markup":              {"name": `<b>"O'Brien" & {####}</b>`},
		"2048 bytes":          {"name": long},
		"odd names":           {"custom:tier": "gold", "cognito:user_status": "CONFIRMED", "a b#:.$": "x"},
		"empty and long":      {"email": "", "name": long, "given_name": long, "family_name": long},
	}
	for name, attributes := range values {
		t.Run(name, func(t *testing.T) {
			p := sample(t)
			p.Attributes = attributes
			p.Username = attributes["name"]
			s.mustCreate(t, p)
			s.wantProfile(t, p)
		})
	}
	t.Run("least", func(t *testing.T) {
		p := profile.Profile{Key: sample(t).Key, Attributes: map[string]string{}}
		p.CreatedAt, p.UpdatedAt = created, created
		s.mustCreate(t, p)
		s.wantProfile(t, p)
	})
}

func absent(t *testing.T, s suite) { s.wantGetError(t, sample(t).Key, profile.ErrNotFound) }

// copies checks that changing a returned profile does not change the store.
func copies(t *testing.T, s suite) {
	p := sample(t)
	s.mustCreate(t, p.Normalized())
	got, err := s.store.Get(t.Context(), p.Key)
	if err != nil {
		t.Fatal(err)
	}
	got.Attributes["email"] = "changed@example.org"
	got.Identities[0].UserID = "changed"
	s.wantProfile(t, p)
}

func endedContext(t *testing.T, s suite) {
	p := sample(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	calls := map[string]func() error{
		"Create":       func() error { _, err := s.store.Create(ctx, p); return err },
		"Get":          func() error { _, err := s.store.Get(ctx, p.Key); return err },
		"ClaimWelcome": func() error { _, err := s.store.ClaimWelcome(ctx, p.Key, claimed); return err },
		"UpdateAttributes": func() error {
			_, err := s.store.UpdateAttributes(ctx, p.Key, map[string]string{"name": "x"}, claimed)
			return err
		},
		"RecordSignIn": func() error {
			_, err := s.store.RecordSignIn(ctx, p.Key, profile.SignIn{At: claimed})
			return err
		},
		"Delete": func() error { return s.store.Delete(ctx, p.Key, created, time.Hour) },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v, want one that is context.Canceled", name, err)
		}
	}
	s.wantGetError(t, p.Key, profile.ErrNotFound)
}
