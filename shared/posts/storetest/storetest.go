// Package storetest is the suite that every posts.Store must pass. Most tests use the store in memory; the suite makes
// sure that DynamoDB behaves the same.
package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/posts"
)

// created is the time of the suite's posts: in the last second of a month, and far in the future, because DynamoDB
// Local deletes expired items within seconds, and a test's claims must not expire.
var created = time.Date(2096, 10, 31, 23, 59, 59, 535_000_000, time.UTC)

const (
	owner    = "6f0c2b7e-owner"
	stranger = "91d3aa40-stranger"
)

// Opened is a store that holds no posts.
type Opened struct {
	Store posts.Store
	// Fill stores many posts at once; if nil, they are created one by one.
	Fill func(ctx context.Context, many []posts.Post) error
	// Another opens the same store as another process would; nil if it lives in one process.
	Another func() posts.Store
	Many    int // how many posts the longest list has; 0 means 10,000
}

// Run runs the suite. Each test gets an empty store from open.
func Run(t *testing.T, open func(t *testing.T) Opened) {
	tests := []struct {
		name string
		run  func(t *testing.T, s suite)
	}{
		{"the secret stays the same", secretStays},
		{"create stores the post as given", createStores},
		{"create refuses an id that is taken", createRefusesTaken},
		{"texts survive unchanged", textsSurvive},
		{"what is not there is not found", absent},
		{"update replaces the texts and raises the version", updateReplaces},
		{"update asks for owner and version", updateIsGuarded},
		{"update by a clock behind the creator's", updateByClockBehind},
		{"parallel updates of one version have one winner", updatesInParallel},
		{"parallel updates without a version all count", updatesAllCount},
		{"delete removes the post", deleteRemoves},
		{"delete asks for owner and version", deleteIsGuarded},
		{"a key makes one post", keyMakesOne},
		{"a key with another post is refused", keyReused},
		{"keys count per owner", keysPerOwner},
		{"a key's answer outlives the post's changes", keyAnswerStays},
		{"a key is free after its life", keyExpires},
		{"parallel creates with one key make one post", keyInParallel},
		{"parallel creates with one key and several posts", keyReusedInParallel},
		{"an empty list", listEmpty},
		{"the list is newest first", listNewestFirst},
		{"the list over the change of a month", listOverMonths},
		{"the list over months without posts", listOverEmptyMonths},
		{"the list over years without posts", listOverEmptyYears},
		{"the list by a clock that is ahead", listByClockAhead},
		{"the list while it grows and shrinks", listWhileItChanges},
		{"many posts are listed once each", listMany},
		{"an ended context ends every call", endedContext},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, suite{open(t)}) })
	}
}

// suite is the store under test, with the checks that the tests share.
type suite struct{ Opened }

// post returns a new post that is not stored.
func post(t *testing.T, at time.Time) posts.Post {
	t.Helper()
	p, err := posts.New(owner, "Bonjour", "De la part d'Inès", at)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// stored returns a new post that is stored.
func (s suite) stored(t *testing.T, at time.Time) posts.Post {
	t.Helper()
	return s.create(t, post(t, at), "")
}

func (s suite) create(t *testing.T, p posts.Post, key string) posts.Post {
	t.Helper()
	got, err := s.Store.Create(t.Context(), p, key)
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	return got
}

func (s suite) wantPost(t *testing.T, want posts.Post) {
	t.Helper()
	got, err := s.Store.Get(t.Context(), want.ID)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	if got != want {
		t.Fatalf("Get:\n got %+v\nwant %+v", got, want)
	}
}

func (s suite) wantGone(t *testing.T, id posts.ID) {
	t.Helper()
	if p, err := s.Store.Get(t.Context(), id); !errors.Is(err, posts.ErrNotFound) {
		t.Fatalf("Get: error %v, post %+v; want %v", err, p, posts.ErrNotFound)
	}
}

func createStores(t *testing.T, s suite) {
	p := post(t, created)
	if got := s.create(t, p, ""); got != p {
		t.Errorf("Create returned %+v, want %+v", got, p)
	}
	s.wantPost(t, p)
	if !p.CreatedAt.Equal(created) || p.UpdatedAt != p.CreatedAt || p.Version != 1 {
		t.Errorf("created %v, updated %v, version %d", p.CreatedAt, p.UpdatedAt, p.Version)
	}
}

func createRefusesTaken(t *testing.T, s suite) {
	p := s.stored(t, created)
	other := p
	other.Title = "Another"
	if _, err := s.Store.Create(t.Context(), other, ""); err == nil {
		t.Error("a second post under the id was taken")
	}
	if _, err := s.Store.Create(t.Context(), other, "key"); err == nil {
		t.Error("a second post under the id was taken with a key")
	}
	s.wantPost(t, p)
}

func textsSurvive(t *testing.T, s suite) {
	for name, text := range map[string]string{
		"empty": "", "Korean": "김하늘", "combining and emoji": "Zoe\u0301 👩‍🚀", "lines": "a\r\nb\tc\n",
		"markup": `<b>"O'Brien" & {}</b>`,
		"64 KiB": strings.Repeat("가", 64<<10/3),
	} {
		t.Run(name, func(t *testing.T) {
			p := post(t, created)
			p.Contents = text
			s.create(t, p, "")
			s.wantPost(t, p)
		})
	}
}

func absent(t *testing.T, s suite) {
	id := post(t, created).ID
	s.wantGone(t, id)
	_, err := s.Store.Update(t.Context(), id, posts.Change{Title: "t", Contents: "c", At: created},
		posts.Guard{Owner: owner})
	if !errors.Is(err, posts.ErrNotFound) {
		t.Errorf("Update: %v", err)
	}
	if err := s.Store.Delete(t.Context(), id, posts.Guard{Versions: []int{1}}); !errors.Is(err, posts.ErrNotFound) {
		t.Errorf("Delete: %v", err)
	}
	s.wantGone(t, id)
}

func endedContext(t *testing.T, s suite) {
	p := post(t, created)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	calls := map[string]func() error{
		"Create":            func() error { _, err := s.Store.Create(ctx, p, ""); return err },
		"Create with a key": func() error { _, err := s.Store.Create(ctx, p, "key"); return err },
		"Get":               func() error { _, err := s.Store.Get(ctx, p.ID); return err },
		"Update":            func() error { _, err := s.Store.Update(ctx, p.ID, posts.Change{}, posts.Guard{}); return err },
		"Delete":            func() error { return s.Store.Delete(ctx, p.ID, posts.Guard{}) },
		"Secret":            func() error { _, err := s.Store.Secret(ctx); return err },
		"List":              func() error { _, err := s.Store.List(ctx, posts.ID{}, 1); return err },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v, want one that is context.Canceled", name, err)
		}
	}
	s.wantGone(t, p.ID)
}
