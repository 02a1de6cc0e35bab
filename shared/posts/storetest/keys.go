package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"cognito-triggers/shared/posts"
)

const key = "order-7/öß\""

func keyMakesOne(t *testing.T, s suite) {
	first := s.create(t, post(t, created), key)
	// A second later, and in another month.
	again := s.create(t, post(t, created.Add(time.Second)), key)
	if again != first {
		t.Errorf("the retry got %+v, want %+v", again, first)
	}
	s.wantList(t, 10, []posts.ID{first.ID})
}

func keyReused(t *testing.T, s suite) {
	first := s.create(t, post(t, created), key)
	for name, alter := range map[string]func(p *posts.Post){
		"another title":         func(p *posts.Post) { p.Title = "Salut" },
		"other contents":        func(p *posts.Post) { p.Contents = "" },
		"text moved in between": func(p *posts.Post) { p.Title, p.Contents = p.Title+p.Contents[:1], p.Contents[1:] },
	} {
		p := post(t, created)
		alter(&p)
		if _, err := s.Store.Create(t.Context(), p, key); !errors.Is(err, posts.ErrKeyReused) {
			t.Errorf("%s: error %v, want %v", name, err, posts.ErrKeyReused)
		}
		s.wantGone(t, p.ID)
	}
	s.wantList(t, 10, []posts.ID{first.ID})
}

func keysPerOwner(t *testing.T, s suite) {
	mine := s.create(t, post(t, created), key)
	theirs := post(t, created)
	theirs.Owner, theirs.Title = stranger, "Another"
	if got := s.create(t, theirs, key); got != theirs {
		t.Errorf("got %+v, want %+v", got, theirs)
	}
	other := s.create(t, post(t, created), key+"2")
	if other.ID == mine.ID {
		t.Error("another key gave the same post")
	}
}

// keyAnswerStays checks that a retry gets the answer of the first call.
func keyAnswerStays(t *testing.T, s suite) {
	first := s.create(t, post(t, created), key)
	changed, err := s.Store.Update(t.Context(), first.ID, change(created.Add(time.Minute)), posts.Guard{})
	if err != nil {
		t.Fatal(err)
	}
	if again := s.create(t, post(t, created.Add(time.Hour)), key); again != first {
		t.Errorf("after an update the retry got %+v, want %+v", again, first)
	}
	s.wantPost(t, changed)
	if err := s.Store.Delete(t.Context(), first.ID, posts.Guard{}); err != nil {
		t.Fatal(err)
	}
	if again := s.create(t, post(t, created.Add(time.Hour)), key); again != first {
		t.Errorf("after the deletion the retry got %+v, want %+v", again, first)
	}
	s.wantGone(t, first.ID)
}

func keyExpires(t *testing.T, s suite) {
	first := s.create(t, post(t, created), key)
	if again := s.create(t, post(t, created.Add(posts.KeyLife-time.Second)), key); again != first {
		t.Errorf("before its end the key got %+v, want %+v", again, first)
	}
	second := post(t, created.Add(posts.KeyLife))
	second.Title = "Salut"
	if got := s.create(t, second, key); got != second {
		t.Errorf("after its end the key got %+v, want %+v", got, second)
	}
	s.wantList(t, 10, []posts.ID{second.ID, first.ID})
}

func keyInParallel(t *testing.T, s suite) {
	got := s.createInParallel(t, func(int) posts.Post { return post(t, created) })
	if len(got) != 1 {
		t.Errorf("%d different posts were returned, want 1", len(got))
	}
	for p := range got {
		s.wantPost(t, p)
		s.wantList(t, 10, []posts.ID{p.ID})
	}
}

func keyReusedInParallel(t *testing.T, s suite) {
	got := s.createInParallel(t, func(n int) posts.Post {
		p := post(t, created)
		p.Title = []string{"Bonjour", "Salut"}[n%2]
		return p
	})
	if len(got) != 1 {
		t.Errorf("%d different posts were returned, want 1", len(got))
	}
	for p, callersOf := range got {
		s.wantPost(t, p)
		s.wantList(t, 10, []posts.ID{p.ID})
		if callersOf != callers/2 {
			t.Errorf("%d callers got the post, want the %d that asked for it", callersOf, callers/2)
		}
	}
}

// createInParallel counts the callers per post that they got. A caller may be refused because the key was used for
// another post.
func (s suite) createInParallel(t *testing.T, draw func(n int) posts.Post) map[posts.Post]int {
	var mu sync.Mutex
	got := map[posts.Post]int{}
	inParallel(func(n int) {
		p, err := s.Store.Create(t.Context(), draw(n), key)
		if errors.Is(err, posts.ErrKeyReused) {
			return
		}
		if err != nil {
			t.Errorf("caller %d: %v", n, err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		got[p]++
	})
	return got
}
