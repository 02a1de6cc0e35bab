package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/posts"
	"cognito-triggers/shared/posts/memory"
)

func key(value string) apitest.Option { return apitest.Header("Idempotency-Key", value) }

func TestRetryWithTheSameKey(t *testing.T) {
	s := newServer(t, nil)
	post := func(options ...apitest.Option) apitest.Answer {
		return s.Call(t, "POST /post", append([]apitest.Option{apitest.User(ines), text("Bonjour", "x"), key("k-1")},
			options...)...)
	}
	first := post().Want(t, 201)
	s.now = now.Add(time.Minute) // in the next month
	again := post().Want(t, 201)
	if again.Body != first.Body || again.Header("etag") != first.Header("etag") ||
		again.Header("location") != first.Header("location") {
		t.Errorf("the retry got %s %v,\nthe first try %s %v", again.Body, again.Headers, first.Body, first.Headers)
	}
	if page := s.list(t, "100"); len(page.Posts) != 1 {
		t.Errorf("%d posts", len(page.Posts))
	}
	if !strings.Contains(s.Metrics(), `"PostsRepeated":1`) {
		t.Errorf("PostsRepeated is not counted:\n%s", s.Metrics())
	}

	post(text("Bonjour", "y")).WantProblem(t, 422, api.CodeIdempotencyKeyReused)
	post(text("Salut", "x")).WantProblem(t, 422, api.CodeIdempotencyKeyReused)
	for name, options := range map[string][]apitest.Option{
		"another key": {key("k-2")}, "the key in other case": {key("K-1")}, "another user": {apitest.User(mateo)},
	} {
		if other := post(options...).Want(t, 201); other.Header("location") == first.Header("location") {
			t.Errorf("%s got the same post", name)
		}
	}
	if page := s.list(t, "100"); len(page.Posts) != 4 {
		t.Errorf("%d posts, want 4", len(page.Posts))
	}
}

func TestParallelRetries(t *testing.T) {
	s := newServer(t, nil)
	var mu sync.Mutex
	bodies := map[string]int{}
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			answer := s.Call(t, "POST /post", apitest.User(ines), text("Bonjour", "x"), key("k"))
			mu.Lock()
			defer mu.Unlock()
			bodies[fmt.Sprint(answer.Status, answer.Body)]++
		})
	}
	group.Wait()
	if len(bodies) != 1 {
		t.Errorf("%d different answers: %v", len(bodies), bodies)
	}
	if page := s.list(t, "100"); len(page.Posts) != 1 || page.Posts[0].Title != "Bonjour" {
		t.Errorf("posts %+v", page.Posts)
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		name, key string
		good      bool
	}{
		{
			name: "UUID",
			key:  "0199b2f4-6f3e-7c55-9d1c-5a0c8d1b6f0e",
			good: true,
		}, {name: "one character", key: "1", good: true}, {name: "longest", key: strings.Repeat("k", 255), good: true},
		{name: "quoted, with a blank and a comma", key: `"a b, c"`, good: true},
		{name: "empty"}, {
			name: "too long",
			key:  strings.Repeat("k", 256),
		}, {name: "tab", key: "a\tb"}, {name: "line end", key: "a\nb"},
		{name: "DEL", key: "a\x7f"}, {name: "not ASCII", key: "clé"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, nil)
			answer := s.Call(t, "POST /post", apitest.User(ines), text("a", "b"), key(c.key))
			if c.good {
				answer.Want(t, 201)
			} else if p := answer.WantProblem(t, 400, api.CodeInvalidParameter); p.Fields["Idempotency-Key"] == "" {
				t.Errorf("the problem does not name the header: %+v", p)
			}
		})
	}
}

// failing is a store that does not answer, or not in time.
type failing struct {
	posts.Store
	err error
}

func (f failing) Create(context.Context, posts.Post, string) (posts.Post, error) {
	return posts.Post{}, f.err
}

func TestStoreFails(t *testing.T) {
	t.Run("a winner that cannot be found", func(t *testing.T) {
		s := newServerOn(t, failing{Store: memory.New(), err: posts.ErrBusy}, nil)
		s.Call(t, "POST /post", apitest.User(ines), text("a", "b"), key("k")).WantProblem(t, 409, api.CodeConflict)
	})
	t.Run("an error of the service says nothing", func(t *testing.T) {
		const (
			secret      = "canary-arn:aws:dynamodb:eu-west-1:1:table/posts"
			title       = "canary-title"
			contents    = "canary-contents"
			idempotency = "canary-key"
		)
		err := errors.New(strings.Join([]string{secret, title, contents, idempotency, ines}, " "))
		s := newServerOn(t, failing{Store: memory.New(), err: err}, nil)
		answer := s.Call(t, "POST /post", apitest.User(ines), text(title, contents), key(idempotency),
			apitest.Token("canary-token"))
		answer.WantProblem(t, 500, api.CodeInternal)
		if strings.Contains(answer.Body, "canary") {
			t.Errorf("the answer tells of the error: %s", answer.Body)
		}
		if s.Log() == "" {
			t.Error("nothing was logged")
		}
		for _, canary := range []string{title, contents, idempotency, ines, "canary-token"} {
			for place, text := range map[string]string{"log": s.Log(), "metrics": s.Metrics()} {
				if strings.Contains(text, canary) {
					t.Errorf("%s holds %q:\n%s", place, canary, text)
				}
			}
		}
	})
}
