package storetest

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"cognito-triggers/shared/posts"
)

// list reads all pages.
func (s suite) list(t *testing.T, limit int) []posts.Post {
	t.Helper()
	var all []posts.Post
	var before posts.ID
	for pages := 0; ; pages++ {
		page, err := s.Store.List(t.Context(), before, limit)
		if err != nil {
			t.Fatalf("List: %v", err)
		}
		if len(page.Posts) > limit {
			t.Fatalf("a page of %d posts, asked for %d", len(page.Posts), limit)
		}
		all = append(all, page.Posts...)
		if page.Next.IsZero() {
			return all
		}
		if !before.IsZero() && page.Next.Compare(before) >= 0 {
			t.Fatalf("page %d goes on at %s, it began at %s", pages, page.Next, before)
		}
		before = page.Next
	}
}

// wantList checks that the list has these posts in this order.
func (s suite) wantList(t *testing.T, limit int, want []posts.ID) {
	t.Helper()
	got := ids(s.list(t, limit))
	if !slices.Equal(got, want) {
		t.Fatalf("by %d the list has %v, want %v", limit, got, want)
	}
}

func ids(many []posts.Post) []posts.ID {
	all := make([]posts.ID, len(many))
	for i, p := range many {
		all[i] = p.ID
	}
	return all
}

// fill stores a post for each time and returns the ids, newest first.
func (s suite) fill(t *testing.T, times ...time.Time) []posts.ID {
	t.Helper()
	many := make([]posts.Post, len(times))
	for i, at := range times {
		many[i] = post(t, at)
	}
	if s.Fill != nil {
		if err := s.Fill(t.Context(), many); err != nil {
			t.Fatal(err)
		}
	} else {
		for _, p := range many {
			s.create(t, p, "")
		}
	}
	all := ids(many)
	slices.SortFunc(all, func(a, b posts.ID) int { return b.Compare(a) })
	return all
}

func listEmpty(t *testing.T, s suite) {
	s.wantList(t, 10, []posts.ID{})
	page, err := s.Store.List(t.Context(), post(t, created).ID, 10)
	if err != nil || len(page.Posts) > 0 || !page.Next.IsZero() {
		t.Errorf("%+v, %v", page, err)
	}
}

func listNewestFirst(t *testing.T, s suite) {
	var want []posts.ID
	for n := range 6 { // two in each millisecond
		want = append(want, s.stored(t, created.Add(time.Duration(n/2)*time.Millisecond)).ID)
	}
	slices.SortFunc(want, func(a, b posts.ID) int { return b.Compare(a) })
	for limit := 1; limit <= 7; limit++ {
		s.wantList(t, limit, want)
	}
	if p := s.list(t, 1)[0]; p.Title != "Bonjour" || p.Contents == "" || p.Owner != owner {
		t.Errorf("the list's post is %+v", p)
	}
	// The last full page has no cursor.
	if page, err := s.Store.List(t.Context(), posts.ID{}, len(want)); err != nil || !page.Next.IsZero() {
		t.Errorf("after all posts the page goes on at %s, error %v", page.Next, err)
	}
}

func listOverMonths(t *testing.T, s suite) {
	november := time.Date(2096, 11, 1, 0, 0, 0, 0, time.UTC)
	west := time.FixedZone("", -8*3600)
	want := s.fill(t,
		november.Add(-time.Millisecond), november, november.Add(time.Millisecond), november.Add(-time.Millisecond).In(west),
		november.In(west),
		time.Date(2096, 12, 31, 23, 59, 59, 999_000_000, time.UTC), time.Date(2097, 1, 1, 0, 0, 0, 0, time.UTC))
	for limit := 1; limit <= 8; limit++ {
		s.wantList(t, limit, want)
	}
	for _, id := range want {
		if _, err := s.Store.Get(t.Context(), id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func listOverEmptyMonths(t *testing.T, s suite) {
	var times []time.Time
	for month := range 8 {
		times = append(times, created.AddDate(0, -month, -month))
	}
	all := s.fill(t, times...)
	for _, emptied := range all[2:6] {
		if err := s.Store.Delete(t.Context(), emptied, posts.Guard{}); err != nil {
			t.Fatal(err)
		}
	}
	want := slices.Concat(all[:2], all[6:])
	for limit := 1; limit <= 5; limit++ {
		s.wantList(t, limit, want)
	}
	// A place in an emptied month, and one whose own post is gone.
	page, err := s.Store.List(t.Context(), all[3], 5)
	if err != nil || !slices.Equal(ids(page.Posts), all[6:]) {
		t.Errorf("from an emptied month: %v, %v; want %v", ids(page.Posts), err, all[6:])
	}
}

func listOverEmptyYears(t *testing.T, s suite) {
	var times []time.Time
	for month := range 40 {
		times = append(times, time.Date(2096, time.Month(10-month), 15, 12, 0, 0, 0, time.UTC))
	}
	all := s.fill(t, times...)
	for _, emptied := range all[1:39] {
		if err := s.Store.Delete(t.Context(), emptied, posts.Guard{}); err != nil {
			t.Fatal(err)
		}
	}
	s.wantList(t, 10, []posts.ID{all[0], all[39]})
	s.wantList(t, 1, []posts.ID{all[0], all[39]})
}

// listByClockAhead checks that everybody can list posts by a clock that is a month ahead and by one that is behind.
func listByClockAhead(t *testing.T, s suite) {
	now := time.Now()
	want := s.fill(t, now.AddDate(0, 2, 0), now, now.Add(-time.Hour), now.AddDate(30, 0, 0))
	s.wantList(t, 10, want)
	s.wantList(t, 1, want)
}

// listWhileItChanges checks that posts which exist from the first page to the last are listed once, whatever is created
// and deleted between pages.
func listWhileItChanges(t *testing.T, s suite) {
	var times []time.Time
	for n := range 12 {
		times = append(times, created.AddDate(0, 0, -n*7))
	}
	all := s.fill(t, times...)
	first, err := s.Store.List(t.Context(), posts.ID{}, 4)
	if err != nil {
		t.Fatal(err)
	}
	s.stored(t, created.AddDate(0, 1, 0))
	for _, gone := range []posts.ID{first.Next, all[1], all[6]} { // including the place of the next page
		if err := s.Store.Delete(t.Context(), gone, posts.Guard{}); err != nil {
			t.Fatal(err)
		}
	}
	second, err := s.Store.List(t.Context(), first.Next, 100)
	if err != nil {
		t.Fatal(err)
	}
	got := slices.Concat(ids(first.Posts), ids(second.Posts))
	want := slices.Concat(all[:6], all[7:])
	if !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
}

func listMany(t *testing.T, s suite) {
	many := cmp.Or(s.Many, 10_000)
	times := make([]time.Time, many)
	for n := range times { // seven months and the edges between them, several posts in one millisecond
		times[n] = created.Add(-time.Duration(n/3) * 92 * time.Minute)
	}
	want := s.fill(t, times...)
	for _, limit := range []int{100, 97} {
		got := ids(s.list(t, limit))
		if len(got) != many || !slices.Equal(got, want) {
			t.Errorf("by %d: %d posts listed, newest first and each once: %v", limit, len(got), slices.Equal(got, want))
		}
	}
}
