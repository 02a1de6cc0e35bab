package dynamo

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cognito-triggers/shared/internal/dynamoitem"
	"cognito-triggers/shared/posts"
)

var created = time.Date(2026, 10, 31, 23, 59, 59, 535_000_000, time.UTC)

func storeOn(client API) *Store { return New(func() API { return client }, "posts") }

func post(t *testing.T, at time.Time) posts.Post {
	t.Helper()
	p, err := posts.New("6f0c", "Bonjour", "De la part d'Inès", at)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestItemsAreAsDocumented(t *testing.T) {
	f := newFake()
	p := post(t, created)
	if _, err := storeOn(f).Create(t.Context(), p, "key"); err != nil {
		t.Fatal(err)
	}
	claim := "idem#6f0c#2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"
	if got, want := slices.Sorted(maps.Keys(f.items)), []string{claim, "month#2026-10", "months"}; !slices.Equal(got,
		want) {
		t.Fatalf("partitions %v, want %v", got, want)
	}
	for _, c := range []struct {
		what, pk, sk string
		attributes   []string
	}{
		{
			what:       "post",
			pk:         "month#2026-10",
			sk:         p.ID.String(),
			attributes: []string{"contents", "created_at", "owner_sub", "pk", "sk", "title", "updated_at", "version"},
		},
		{what: "month", pk: "months", sk: "2026-10", attributes: []string{"pk", "sk"}},
		{what: "claim", pk: claim, sk: "-", attributes: []string{"expires_at", "payload", "pk", "post_id", "sk"}},
	} {
		if got := slices.Sorted(maps.Keys(f.items[c.pk][c.sk])); !slices.Equal(got, c.attributes) {
			t.Errorf("%s: attributes %v, want %v", c.what, got, c.attributes)
		}
	}
	if got := num(f.items[claim]["-"]["expires_at"]); got != created.Add(24*time.Hour).Unix() {
		t.Errorf("expires_at %d, want a day after the creation in seconds", got)
	}
	if got := str(f.items["month#2026-10"][p.ID.String()]["created_at"]); got != "2026-10-31T23:59:59.535Z" {
		t.Errorf("created_at %q", got)
	}
}

// A write whose answer got lost is repeated by the client, which must neither fail nor happen twice.
func TestWritesCarriedOutByAnEarlierAttempt(t *testing.T) {
	f := newFake()
	s := storeOn(repeating{fake: f})
	p := post(t, created)
	s.opened.Store(posts.Month(p.ID), true)

	f.failAfter = errors.New(lost)
	if got, err := s.Create(t.Context(), p, ""); err != nil || got != p {
		t.Errorf("Create: %+v, %v", got, err)
	}
	f.failAfter = errors.New(lost)
	keyed := post(t, created)
	if got, err := s.Create(t.Context(), keyed, "key"); err != nil || got != keyed {
		t.Errorf("Create with a key: %+v, %v", got, err)
	}
	f.failAfter = errors.New(lost)
	change := posts.Change{Title: "Changed", At: created}
	if got, err := s.Update(t.Context(), p.ID, change, posts.Guard{Versions: []int{1}}); err != nil ||
		got != change.Apply(p) {
		t.Errorf("Update: %+v, %v", got, err)
	}
	f.failAfter = errors.New(lost)
	if got, err := s.Update(t.Context(), p.ID, change, posts.Guard{}); err != nil || got.Version != 3 {
		t.Errorf("second Update: %+v, %v; want version 3", got, err)
	}
}

// Transactions on one key disturb one another before either has won.
func TestConflictingTransactions(t *testing.T) {
	for _, c := range []struct {
		name      string
		conflicts int
		want      error
	}{
		{name: "twice", conflicts: 2, want: nil},
		{name: "without end", conflicts: attempts, want: posts.ErrBusy},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake()
			f.conflicts = c.conflicts
			if _, err := storeOn(f).Create(t.Context(), post(t, created), "key"); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

// The winner of a conflict is found by its claim.
func TestConflictLostToTheSameKey(t *testing.T) {
	f := newFake()
	first, err := storeOn(f).Create(t.Context(), post(t, created), "key")
	if err != nil {
		t.Fatal(err)
	}
	f.conflicts = 1
	if got, err := storeOn(f).Create(t.Context(), post(t, created), "key"); err != nil || got != first {
		t.Errorf("%+v, %v; want %+v", got, err, first)
	}
}

// A claim whose time has passed has won nothing.
func TestConflictOverAnExpiredKey(t *testing.T) {
	f := newFake()
	if _, err := storeOn(f).Create(t.Context(), post(t, created), "key"); err != nil {
		t.Fatal(err)
	}
	f.conflicts = 1
	second := post(t, created.Add(posts.KeyLife))
	if got, err := storeOn(f).Create(t.Context(), second, "key"); err != nil || got != second {
		t.Errorf("%+v, %v; want %+v", got, err, second)
	}
}

func TestMonthIsOpenedOncePerProcess(t *testing.T) {
	f := newFake()
	for process := range 2 {
		s := storeOn(f)
		for range 3 {
			if _, err := s.Create(t.Context(), post(t, created), ""); err != nil {
				t.Fatal(err)
			}
		}
		if want := 1 + 3*(process+1); f.writes != want {
			t.Errorf("%d items written, want %d", f.writes, want)
		}
	}
}

// A month whose item could not be written gets no post, which no list would have.
func TestNoPostInAMonthThatIsNotOpen(t *testing.T) {
	f := newFake()
	f.failBefore = errors.New("down")
	if _, err := storeOn(f).Create(t.Context(), post(t, created), ""); err == nil || f.writes != 0 {
		t.Errorf("error %v, %d items written", err, f.writes)
	}
}

// A list costs one query for the months and one for each month that it reads.
func TestListIsBounded(t *testing.T) {
	f := newFake()
	s := storeOn(f)
	for month := range 30 {
		p := post(t, created.AddDate(0, -month, -3))
		if _, err := s.Create(t.Context(), p, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete(t.Context(), p.ID, posts.Guard{}); err != nil {
			t.Fatal(err)
		}
	}
	var before posts.ID
	for _, want := range []int{13, 13, 9, 0} { // a call begins with the month that the one before ended with
		if want == 0 {
			if !before.IsZero() {
				t.Error("the list does not end")
			}
			break
		}
		f.queries = 0
		page, err := s.List(t.Context(), before, 10)
		if err != nil || len(page.Posts) > 0 || f.queries != want {
			t.Errorf("%d posts, %d queries, error %v; want %d queries", len(page.Posts), f.queries, err, want)
		}
		before = page.Next
	}
}

// DynamoDB cuts the answer to a query at 1 MB.
func TestListGoesOnWhereAnAnswerWasCut(t *testing.T) {
	f := newFake()
	f.pageItems = 3
	s := storeOn(f)
	want := map[posts.ID]bool{}
	for range 10 {
		p := post(t, created)
		want[p.ID] = true
		if _, err := s.Create(t.Context(), p, ""); err != nil {
			t.Fatal(err)
		}
	}
	var before posts.ID
	for done := false; !done; done = before.IsZero() {
		page, err := s.List(t.Context(), before, 8)
		if err != nil || len(page.Posts) == 0 {
			t.Fatalf("%+v, %v", page, err)
		}
		for _, p := range page.Posts {
			delete(want, p.ID)
		}
		before = page.Next
	}
	if len(want) != 0 {
		t.Errorf("%d posts are not in the list", len(want))
	}
}

func TestErrorsAreWrapped(t *testing.T) {
	down := errors.New("service down")
	f := newFake()
	s, p := storeOn(f), post(t, created)
	calls := map[string]func() error{
		"create post": func() error { _, err := s.Create(t.Context(), p, ""); return err },
		"get post":    func() error { _, err := s.Get(t.Context(), p.ID); return err },
		"update post": func() error { _, err := s.Update(t.Context(), p.ID, posts.Change{}, posts.Guard{}); return err },
		"delete post": func() error { return s.Delete(t.Context(), p.ID, posts.Guard{}) },
		"list posts":  func() error { _, err := s.List(t.Context(), posts.ID{}, 1); return err },
	}
	for what, call := range calls {
		f.failBefore = down
		if err := call(); !errors.Is(err, down) || !strings.HasPrefix(err.Error(), what) {
			t.Errorf("%s: error %v", what, err)
		}
	}
}

func TestDecodeNamesTheAttributeThatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name  string
		value types.AttributeValue
	}{
		{
			name:  "sk",
			value: dynamoitem.Text("7"),
		}, {
			name:  "owner_sub",
			value: dynamoitem.Number(1),
		}, {name: "title"}, {name: "created_at", value: dynamoitem.Text("yesterday")},
		{name: "version", value: dynamoitem.Text("1")},
		{name: "version", value: &types.AttributeValueMemberN{Value: "1.5"}},
	} {
		i := PostItem(post(t, created))
		i[c.name] = c.value
		if _, err := decodePost(i); err == nil || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s as %T: error %v", c.name, c.value, err)
		}
	}
}
