package posts

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestMonths(t *testing.T) {
	west := time.FixedZone("", -8*3600)
	for _, c := range []struct {
		name string
		at   time.Time
		want string
	}{
		{name: "last millisecond", at: time.Date(2026, 10, 31, 23, 59, 59, 999_999_999, time.UTC), want: "2026-10"},
		{name: "first millisecond", at: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), want: "2026-11"},
		{name: "still October in the west", at: time.Date(2026, 10, 31, 16, 0, 0, 0, west), want: "2026-11"},
		{name: "change of the year", at: time.Date(2026, 12, 31, 23, 59, 59, 999_000_000, time.UTC), want: "2026-12"},
		{name: "leap day", at: time.Date(2028, 2, 29, 12, 0, 0, 0, time.UTC), want: "2028-02"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := New("6f0c", "t", "c", c.at)
			if err != nil {
				t.Fatal(err)
			}
			if got := Month(p.ID); got != c.want {
				t.Errorf("month %s, want %s", got, c.want)
			}
			if p.CreatedAt != Timestamp(c.at) {
				t.Errorf("created %v, want %v", p.CreatedAt, Timestamp(c.at))
			}
			start, err := MonthStart(c.want)
			if err != nil || Month(start) != c.want || start.Compare(p.ID) > 0 {
				t.Errorf("the month starts at %s, %v", start, err)
			}
			before, err := New("6f0c", "t", "c", timeOf(start).Add(-time.Millisecond))
			if err != nil || before.ID.Compare(start) >= 0 || Month(before.ID) == c.want {
				t.Errorf("%s is not before the month's start %s, %v", before.ID, start, err)
			}
		})
	}
	if _, err := MonthStart("2026-13"); err == nil {
		t.Error("a thirteenth month")
	}
}

func TestParseID(t *testing.T) {
	const good = "01M6A6FSHFEJQ7F9M99JMGPNZC"
	for _, c := range []struct {
		name, text string
		ok         bool
	}{
		{name: "as made", text: good, ok: true},
		{name: "lower case", text: strings.ToLower(good), ok: true},
		{name: "empty"},
		{name: "short", text: good[1:]},
		{name: "long", text: good + "0"},
		{name: "letter that is none of them", text: "01M6A6FSHFEJQ7F9M99JMGPNZU"},
		{name: "more than 128 bits", text: "81M6A6FSHFEJQ7F9M99JMGPNZC"},
		{name: "year of five digits", text: "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"},
		{name: "not ASCII", text: strings.Repeat("é", 13)},
	} {
		t.Run(c.name, func(t *testing.T) {
			id, err := ParseID(c.text)
			if c.ok && (err != nil || id.String() != good) || !c.ok && !errors.Is(err, ErrNotID) {
				t.Errorf("id %s, error %v", id, err)
			}
		})
	}
}

// Ids are made by chance alone: thousands of one millisecond differ.
func TestIDsDiffer(t *testing.T) {
	const many = 10_000
	seen := map[string]bool{}
	for range many {
		p, err := New("6f0c", "t", "c", time.UnixMilli(1_800_000_000_000))
		if err != nil {
			t.Fatal(err)
		}
		seen[p.ID.String()] = true
	}
	if len(seen) != many {
		t.Errorf("%d different ids of %d", len(seen), many)
	}
}
