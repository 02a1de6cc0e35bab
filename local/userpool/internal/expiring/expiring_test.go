package expiring

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/local/userpool/clock"
)

func newStore(most int) (*Store[int], *clock.Clock) {
	c := clock.New(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))
	return New[int](c.Now, most), c
}

func TestEntriesExpire(t *testing.T) {
	s, c := newStore(10)
	s.Put("a", 1, time.Minute)
	c.Advance(time.Minute - 1)
	if v, ok := s.Get("a"); !ok || v != 1 {
		t.Errorf("before: %d, %v", v, ok)
	}
	c.Advance(1)
	if _, ok := s.Get("a"); ok {
		t.Error("it is there after its time")
	}
	if _, ok := s.Take("a"); ok {
		t.Error("it is taken after its time")
	}
}

// Of many that take an entry at once, one gets it.
func TestAnEntryIsTakenOnce(t *testing.T) {
	s, _ := newStore(10)
	s.Put("a", 1, time.Minute)
	var all sync.WaitGroup
	var got atomic.Int64
	for range 500 {
		all.Go(func() {
			if _, ok := s.Take("a"); ok {
				got.Add(1)
			}
		})
	}
	all.Wait()
	if got.Load() != 1 {
		t.Errorf("%d got it", got.Load())
	}
}

// A flood of entries, taken or not, keeps no more than there may be, and the newest stay.
func TestAFloodIsBounded(t *testing.T) {
	const most, flood = 100, 10_000
	s, c := newStore(most)
	for i := range flood {
		s.Put(strconv.Itoa(i), i, time.Hour)
		if i%3 == 0 {
			s.Take(strconv.Itoa(i))
		}
		c.Advance(time.Millisecond)
		if len(s.entries) > most || len(s.order) > most {
			t.Fatalf("%d entries, %d in order", len(s.entries), len(s.order))
		}
	}
	if v, ok := s.Get(strconv.Itoa(flood - 2)); !ok || v != flood-2 {
		t.Error("a new entry is gone")
	}
	if _, ok := s.Get("1"); ok {
		t.Error("the oldest entry is there")
	}
	c.Advance(time.Hour)
	s.Put("last", 0, time.Hour)
	if len(s.entries) != 1 || len(s.order) != 1 {
		t.Errorf("%d entries, %d in order are left after their time", len(s.entries), len(s.order))
	}
}
