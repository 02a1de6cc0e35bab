package signin

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

// If two requests read the same token before either rotates it, the later one falls into the grace period.
func TestParallelRotationIsWithinTheGracePeriod(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		grace   int // seconds
		refused int // out of eight
	}{
		"with grace": {grace: 30, refused: 0},
		"without":    {grace: 0, refused: 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var clock atomic.Int64
			now := func() time.Time { return time.Unix(clock.Load(), 0) }
			store := state.NewMemory(now)
			const pool = "eu-west-1_Rotation"
			if err := store.CreatePool(state.Pool{ID: pool, Settings: &state.PoolSettings{}}); err != nil {
				t.Fatal(err)
			}
			family := state.Family{
				OriginJTI: "origin", Pool: pool, Client: "client", Username: "ines", Expires: now().Add(time.Hour),
				Current: state.HashToken(token.NewRefresh()),
			}
			store.CreateFamily(family)
			r := &Room{store: store, now: now}
			var group sync.WaitGroup
			next, errs := make([]string, 8), make([]error, 8)
			for i := range next {
				group.Go(func() { next[i], errs[i] = r.rotate(family, c.grace) })
			}
			group.Wait()
			given, refused := 0, 0
			for i, token := range next {
				if errs[i] != nil {
					refused++
				} else if token != "" {
					given++
				}
			}
			if given != 1 || refused != c.refused {
				t.Errorf("%d new tokens, want 1; %d requests refused, want %d", given, refused, c.refused)
			}
			clock.Add(60)
			if _, err := r.rotate(family, c.grace); err == nil {
				t.Error("the old token is valid after the grace period")
			}
			store.RevokeFamilies(pool, "ines")
			if _, err := r.rotate(state.Family{OriginJTI: family.OriginJTI, Current: family.Current}, c.grace); err == nil {
				t.Error("a revoked token is valid")
			}
		})
	}
}
