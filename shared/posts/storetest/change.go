package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/shared/posts"
)

// guards lists conditions on the owner's post of version 1, and the error of each.
var guards = map[string]struct {
	guard posts.Guard
	want  error
}{
	"anybody's":         {posts.Guard{}, nil},
	"owner's":           {posts.Guard{Owner: owner}, nil},
	"this version":      {posts.Guard{Owner: owner, Versions: []int{1}}, nil},
	"one of versions":   {posts.Guard{Versions: []int{7, 1}}, nil},
	"stranger's":        {posts.Guard{Owner: stranger}, posts.ErrNotOwner},
	"stranger's, old":   {posts.Guard{Owner: stranger, Versions: []int{2}}, posts.ErrNotOwner},
	"another version":   {posts.Guard{Owner: owner, Versions: []int{2}}, posts.ErrVersion},
	"no version at all": {posts.Guard{Versions: []int{}}, posts.ErrVersion},
	"version of no tag": {posts.Guard{Versions: []int{0}}, posts.ErrVersion},
}

func change(at time.Time) posts.Change {
	return posts.Change{Title: "Changed", Contents: "Anew", At: at}
}

func updateReplaces(t *testing.T, s suite) {
	want := s.stored(t, created)
	for version := 2; version <= 3; version++ {
		at := created.Add(time.Duration(version)*time.Hour + 999)
		got, err := s.Store.Update(t.Context(), want.ID, change(at), posts.Guard{Owner: owner, Versions: []int{version - 1}})
		if err != nil {
			t.Fatal(err)
		}
		want.Title, want.Contents, want.UpdatedAt, want.Version = "Changed", "Anew", at.Add(-999), version
		if got != want {
			t.Errorf("Update:\n got %+v\nwant %+v", got, want)
		}
		s.wantPost(t, want)
	}
}

func updateIsGuarded(t *testing.T, s suite) {
	for name, c := range guards {
		t.Run(name, func(t *testing.T) {
			p := s.stored(t, created)
			got, err := s.Store.Update(t.Context(), p.ID, change(created), c.guard)
			if !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if c.want == nil {
				p = change(created).Apply(p)
				if got != p {
					t.Errorf("got %+v, want %+v", got, p)
				}
			}
			s.wantPost(t, p)
		})
	}
}

func updateByClockBehind(t *testing.T, s suite) {
	p := s.stored(t, created)
	got, err := s.Store.Update(t.Context(), p.ID, change(created.Add(-time.Second)), posts.Guard{})
	if err != nil {
		t.Fatal(err)
	}
	if got.UpdatedAt != p.CreatedAt {
		t.Errorf("updated %v, created %v", got.UpdatedAt, p.CreatedAt)
	}
	s.wantPost(t, got)
}

func updatesInParallel(t *testing.T, s suite) {
	p := s.stored(t, created)
	var won atomic.Int32
	inParallel(func(n int) {
		mine := posts.Change{Title: fmt.Sprint("caller ", n), Contents: fmt.Sprint("caller ", n), At: created}
		switch _, err := s.Store.Update(t.Context(), p.ID, mine, posts.Guard{Versions: []int{1}}); {
		case err == nil:
			won.Add(1)
		case !errors.Is(err, posts.ErrVersion):
			t.Errorf("caller %d: %v", n, err)
		}
	})
	got, err := s.Store.Get(t.Context(), p.ID)
	if err != nil || won.Load() != 1 || got.Version != 2 || got.Title != got.Contents {
		t.Errorf("%d winners, version %d, title %q, contents %q, error %v", won.Load(), got.Version, got.Title, got.Contents,
			err)
	}
}

func updatesAllCount(t *testing.T, s suite) {
	p := s.stored(t, created)
	inParallel(func(n int) {
		if _, err := s.Store.Update(t.Context(), p.ID, change(created), posts.Guard{Owner: owner}); err != nil {
			t.Errorf("caller %d: %v", n, err)
		}
	})
	if got, err := s.Store.Get(t.Context(), p.ID); err != nil || got.Version != 1+callers {
		t.Errorf("version %d, error %v; want %d", got.Version, err, 1+callers)
	}
}

func deleteRemoves(t *testing.T, s suite) {
	p, other := s.stored(t, created), s.stored(t, created)
	if err := s.Store.Delete(t.Context(), p.ID, posts.Guard{Owner: owner, Versions: []int{1}}); err != nil {
		t.Fatal(err)
	}
	s.wantGone(t, p.ID)
	s.wantPost(t, other)
	s.wantList(t, 10, []posts.ID{other.ID})
}

func deleteIsGuarded(t *testing.T, s suite) {
	for name, c := range guards {
		t.Run(name, func(t *testing.T) {
			p := s.stored(t, created)
			if err := s.Store.Delete(t.Context(), p.ID, c.guard); !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if c.want == nil {
				s.wantGone(t, p.ID)
				return
			}
			s.wantPost(t, p)
		})
	}
}

// callers is the number of callers in tests of parallel calls.
const callers = 50

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
