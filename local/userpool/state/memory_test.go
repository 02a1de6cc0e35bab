package state_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/state/statetest"
)

func TestMemory(t *testing.T) {
	statetest.Run(t, func(_ *testing.T, now func() time.Time) state.Store { return state.NewMemory(now) })
}

// Unanswered sessions do not fill the memory.
func TestExpiredSessionsAreForgotten(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	m := state.NewMemory(func() time.Time { return now })
	for n := range 5000 {
		m.PutSession(fmt.Sprint(n), state.Session{Expires: now.Add(time.Minute)})
		now = now.Add(time.Second)
	}
	if _, err := m.TakeSession("0"); err == nil {
		t.Error("a session that expired an hour ago is still stored")
	}
	if _, err := m.TakeSession("4999"); err != nil {
		t.Error(err)
	}
}

// Anybody can begin sign-ins: of too many, those that end first are forgotten.
func TestSessionsAreBoundedInBytes(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	m := state.NewMemory(func() time.Time { return now })
	private := map[string]string{"answer": strings.Repeat("x", 1<<20)}
	for n := range 200 { // MiB
		m.PutSession(fmt.Sprint(n), state.Session{Expires: now.Add(time.Duration(n+1) * time.Second), Private: private})
	}
	kept := 0
	for n := range 200 {
		if _, err := m.TakeSession(fmt.Sprint(n)); err == nil {
			kept++
		} else if n >= 200-30 {
			t.Errorf("session %d is forgotten, which ends among the last", n)
		}
	}
	if kept > 64 {
		t.Errorf("%d MiB are kept, want at most 64", kept)
	}
	for n := range 200 { // taken sessions take no room
		m.PutSession(fmt.Sprint("again ", n), state.Session{Expires: now.Add(time.Minute), Private: private})
		if _, err := m.TakeSession(fmt.Sprint("again ", n)); err != nil {
			t.Fatal(err)
		}
	}
}

// Anybody can sign up. Beyond the bound new users are refused, until others are deleted or their pool is.
func TestUsersAreBoundedInBytes(t *testing.T) {
	m := state.NewMemory(time.Now)
	for _, pool := range []string{"a", "b"} {
		if err := m.CreatePool(state.Pool{ID: pool, Settings: &state.PoolSettings{}}); err != nil {
			t.Fatal(err)
		}
	}
	large := strings.Repeat("x", 8<<20)
	add := func(pool, name string) error {
		return m.CreateUser(pool, state.User{
			Username: name, Attributes: map[string]string{"name": large},
		}, state.KeepAliases)
	}
	fill := func(pool string) (n int) {
		for ; n < 100; n++ {
			if err := add(pool, fmt.Sprint(n)); errors.Is(err, state.ErrFull) {
				return n
			} else if err != nil {
				t.Fatal(err)
			}
		}
		t.Fatal("100 users of 8 MiB fit")
		return n
	}
	if n := fill("a"); n < 25 || n > 32 {
		t.Errorf("%d users of 8 MiB fit, want 256 MiB", n)
	}
	if err := add("b", "0"); !errors.Is(err, state.ErrFull) {
		t.Errorf("another pool: %v", err)
	}
	if err := m.DeleteUser("a", "0"); err != nil {
		t.Fatal(err)
	}
	if _, err := m.UpdateUser("a", "1", state.KeepAliases, func(u *state.User) error {
		u.Attributes["name"] = large[:10]
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"0", "1"} {
		if err := add("b", name); err != nil {
			t.Errorf("in the room of a deleted and a smaller user: %v", err)
		}
	}
	if err := add("b", "2"); !errors.Is(err, state.ErrFull) {
		t.Errorf("one more: %v", err)
	}
	if err := m.DeletePool("a"); err != nil {
		t.Fatal(err)
	}
	if err := add("b", "2"); err != nil {
		t.Errorf("in the room of a deleted pool: %v", err)
	}
}

func TestCodesFitTheirUserAndPurpose(t *testing.T) {
	code := state.NewCode("sub", "signup", "123456", time.Time{})
	for name, c := range map[string]struct {
		sub, purpose, code string
		want               bool
	}{
		"right":           {sub: "sub", purpose: "signup", code: "123456", want: true},
		"wrong":           {sub: "sub", purpose: "signup", code: "123457", want: false},
		"empty":           {sub: "sub", purpose: "signup", want: false},
		"another user":    {sub: "other", purpose: "signup", code: "123456", want: false},
		"another purpose": {sub: "sub", purpose: "reset", code: "123456", want: false},
		"shifted":         {sub: "sub\x00signup", code: "123456", want: false},
	} {
		if got := code.Fits(c.sub, c.purpose, c.code); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
