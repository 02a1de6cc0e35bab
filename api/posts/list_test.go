package main

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/posts"
)

func (s *server) list(t *testing.T, limit string, options ...apitest.Option) listed {
	t.Helper()
	var page listed
	s.Call(t, "GET /posts", append(options, apitest.Query("limit", limit))...).Want(t, 200).Decode(t, &page)
	return page
}

// walk follows the cursors and returns every post's title.
func (s *server) walk(t *testing.T, limit string) (titles []string, pages int) {
	t.Helper()
	page := s.list(t, limit)
	for {
		pages++
		for _, p := range page.Posts {
			titles = append(titles, p.Title)
		}
		if page.Cursor == "" {
			return titles, pages
		}
		page = s.list(t, limit, apitest.Query("cursor", page.Cursor))
	}
}

func TestListOverTheMonths(t *testing.T) {
	s := newServer(t, nil)
	var want []string
	for n := range 130 {
		title := fmt.Sprint("post ", n)
		s.now = now.AddDate(0, 0, -n)
		s.create(t, ines, text(title, "x"))
		want = append(want, title)
	}
	for limit, pages := range map[string]int{"1": 130, "13": 10, "64": 3, "100": 2} {
		got, n := s.walk(t, limit)
		if !slices.Equal(got, want) || n != pages {
			t.Errorf("by %s: %d posts on %d pages, want %d on %d", limit, len(got), n, len(want), pages)
		}
	}
	var page listed
	s.Call(t, "GET /posts").Want(t, 200).Decode(t, &page)
	if len(page.Posts) != defaultLimit || page.Cursor == "" {
		t.Errorf("without a limit %d posts, cursor %q", len(page.Posts), page.Cursor)
	}
}

func TestEmptyList(t *testing.T) {
	s := newServer(t, nil)
	if got := s.Call(t, "GET /posts").Want(t, 200); got.Body != `{"posts":[]}` {
		t.Errorf("body %s", got.Body)
	}
}

func TestLimits(t *testing.T) {
	s := newServer(t, nil)
	for _, limit := range []string{"", "0", "-1", "101", "1e1", "+5", "007", " 5", "5,5", "99999999999999999999", "five"} {
		if p := s.Call(t, "GET /posts", apitest.Query("limit", limit)).WantProblem(t, 400,
			api.CodeInvalidParameter); p.Fields["limit"] == "" {
			t.Errorf("limit %q: the problem does not name it: %+v", limit, p)
		}
	}
}

func TestCursors(t *testing.T) {
	s := newServer(t, nil)
	for n := range 3 {
		s.now = now.Add(time.Duration(n) * time.Hour)
		s.create(t, ines)
	}
	good := s.list(t, "1").Cursor
	raw, err := base64.RawURLEncoding.DecodeString(good)
	if err != nil {
		t.Fatal(err)
	}
	var faulty []string
	for at := range raw { // one bit anywhere
		changed := slices.Clone(raw)
		changed[at] ^= 1
		faulty = append(faulty, base64.RawURLEncoding.EncodeToString(changed))
	}
	beyond, err := posts.New(ines, "", "", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	faulty = append(faulty, "", " ", "null", good[1:], good[:len(good)-1], good+"A", good+"=", good+"\n", good+","+good,
		strings.ToUpper(good),
		cursor(posts.ID{}), cursor(beyond.ID), "../../etc/passwd", strings.Repeat("A", 28), strings.Repeat("A", 8000), "\x00",
		"%00")
	for _, cursor := range faulty {
		if p := s.Call(t, "GET /posts", apitest.Query("cursor", cursor)).WantProblem(t, 400,
			api.CodeInvalidParameter); p.Fields["cursor"] == "" {
			t.Errorf("cursor %q: the problem does not name it: %+v", cursor, p)
		}
	}
	if page := s.list(t, "5", apitest.Query("cursor", good)); len(page.Posts) != 2 || page.Cursor != "" {
		t.Errorf("the good cursor gives %d posts and the cursor %q", len(page.Posts), page.Cursor)
	}
}

// Lambda refuses an answer of more than 6 MB, so long posts make short pages.
func TestPagesAreBoundedInBytes(t *testing.T) {
	s := newServer(t, map[string]string{limitsSetting: "free:60000"})
	const many = 20
	for n := range many {
		s.now = now.Add(time.Duration(n) * time.Second)
		// six bytes each in the answer
		s.create(t, ines, apitest.RawBody(`{"title":"a","contents":"`+strings.Repeat("<", 60000)+`"}`))
	}
	answer := s.Call(t, "GET /posts", apitest.Query("limit", "100")).Want(t, 200)
	if size := len(answer.Body); size > 4<<20 || size < pageBytes {
		t.Errorf("a page of %d bytes", size)
	}
	if titles, pages := s.walk(t, "100"); len(titles) != many || pages != 3 {
		t.Errorf("%d posts on %d pages", len(titles), pages)
	}
}

// FuzzCursor: no text makes the list fail or begin anew.
func FuzzCursor(f *testing.F) {
	f.Add("AQGaEt9VrhAdnW0LVxdMFyiJ")
	f.Add(strings.Repeat("A", 28))
	f.Fuzz(func(t *testing.T, text string) {
		r := apitest.NewRequest("GET /posts", apitest.Query("cursor", text))
		id, err := readCursor(r)
		if (err == nil) == id.IsZero() {
			t.Errorf("id %s, error %v", id, err)
		}
		if err == nil && cursor(id) != text {
			t.Errorf("%q and %q are one cursor", text, cursor(id))
		}
	})
}
