package state_test

import (
	"fmt"
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
