// Package storetest is the suite that every sendonce.Store must pass.
package storetest

import (
	"context"
	"crypto/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/shared/sendonce"
)

// Run runs the suite. Each test uses keys of its own, so open may return the same store every time.
func Run(t *testing.T, open func(t *testing.T) sendonce.Store) {
	for name, run := range map[string]func(t *testing.T, s sendonce.Store){
		"states":           states,
		"parallel claims":  parallelClaims,
		"a lost claim":     lostClaim,
		"counts":           counts,
		"parallel counts":  parallelCounts,
		"an ended context": endedContext,
	} {
		t.Run(name, func(t *testing.T) { run(t, open(t)) })
	}
}

var at = time.Date(2026, 11, 30, 10, 20, 30, 0, time.UTC)

// claim returns a claim of a holder of its own that lasts for ten seconds.
func claim(key string, now time.Time) sendonce.Claim {
	return sendonce.Claim{Key: key, Payload: "p", Holder: rand.Text(), Now: now, Until: now.Add(10 * time.Second)}
}

func want(t *testing.T, s sendonce.Store, c sendonce.Claim, standing sendonce.Standing) {
	t.Helper()
	if got, err := s.Claim(t.Context(), c); err != nil || got != standing {
		t.Errorf("standing %v, error %v; want %v", got, err, standing)
	}
}

func end(t *testing.T, s sendonce.Store, c sendonce.Claim, state sendonce.State) {
	t.Helper()
	if err := s.End(t.Context(), c, state); err != nil {
		t.Error(err)
	}
}

func states(t *testing.T, s sendonce.Store) {
	for state, later := range map[sendonce.State]sendonce.Standing{
		sendonce.StateSent: sendonce.Sent, sendonce.StateDropped: sendonce.Dropped, sendonce.StateFree: sendonce.Again,
	} {
		key := rand.Text()
		first := claim(key, at)
		want(t, s, first, sendonce.First)
		want(t, s, first, sendonce.First) // repeated by the client
		want(t, s, claim(key, at.Add(time.Second)), sendonce.Busy)
		end(t, s, first, state)
		other := claim(key, at.Add(time.Second))
		other.Payload = "q"
		want(t, s, other, sendonce.Differs)
		want(t, s, claim(key, at.Add(time.Minute)), later)
	}
	key := rand.Text()
	first := claim(key, at)
	want(t, s, first, sendonce.First)
	end(t, s, first, sendonce.StateSent)
	want(t, s, claim(key, at.Add(sendonce.Keep+time.Second)), sendonce.First)
}

// Threat 21: a process ends between claim and mark.
func lostClaim(t *testing.T, s sendonce.Store) {
	key := rand.Text()
	lost := claim(key, at)
	want(t, s, lost, sendonce.First)
	want(t, s, claim(key, at.Add(9*time.Second)), sendonce.Busy)
	later := claim(key, at.Add(11*time.Second))
	want(t, s, later, sendonce.Doubtful)
	later.Retake = true
	want(t, s, later, sendonce.Again)
	end(t, s, lost, sendonce.StateFree) // wakes up, and changes nothing
	want(t, s, claim(key, at.Add(12*time.Second)), sendonce.Busy)
	end(t, s, later, sendonce.StateSent)
	want(t, s, claim(key, at.Add(13*time.Second)), sendonce.Sent)
}

func parallelClaims(t *testing.T, s sendonce.Store) {
	for _, before := range []sendonce.State{"", sendonce.StateFree} {
		key, granted := rand.Text(), atomic.Int32{}
		if before != "" {
			first := claim(key, at)
			want(t, s, first, sendonce.First)
			end(t, s, first, before)
		}
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				standing, err := s.Claim(t.Context(), claim(key, at))
				switch {
				case err != nil:
					t.Error(err)
				case standing == sendonce.First, standing == sendonce.Again:
					granted.Add(1)
				case standing != sendonce.Busy:
					t.Errorf("standing %v", standing)
				}
			})
		}
		all.Wait()
		if granted.Load() != 1 {
			t.Errorf("%d claims were granted, want 1", granted.Load())
		}
	}
}

func counts(t *testing.T, s sendonce.Store) {
	key := rand.Text()
	for i, c := range []struct {
		at   time.Time
		want bool
	}{{at, true}, {at, true}, {at, false}, {at.Add(time.Hour), true}} {
		if got, err := s.Count(t.Context(), key, 2, time.Hour, c.at); err != nil || got != c.want {
			t.Errorf("count %d: %v, error %v", i+1, got, err)
		}
	}
	if got, err := s.Count(t.Context(), key+"x", 1, time.Hour, at); err != nil || !got {
		t.Errorf("another key: %v, error %v", got, err)
	}
}

func parallelCounts(t *testing.T, s sendonce.Store) {
	key, added := rand.Text(), atomic.Int32{}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			got, err := s.Count(t.Context(), key, 5, time.Hour, at)
			if err != nil {
				t.Error(err)
			}
			if got {
				added.Add(1)
			}
		})
	}
	all.Wait()
	if added.Load() != 5 {
		t.Errorf("%d were counted, want 5", added.Load())
	}
}

func endedContext(t *testing.T, s sendonce.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := claim(rand.Text(), at)
	_, claimed := s.Claim(ctx, c)
	_, counted := s.Count(ctx, c.Key, 1, time.Hour, at)
	for what, err := range map[string]error{"claim": claimed, "count": counted, "end": s.End(ctx, c, sendonce.StateSent)} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
}
