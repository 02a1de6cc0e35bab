package statetest

import (
	"errors"
	"fmt"
	"time"

	"cognito-triggers/local/userpool/state"
)

// countsInParallel checks that concurrent changes are not lost.
func countsInParallel(s *suite) {
	s.pool(state.PoolSettings{})
	s.must(s.user("ines", state.Confirmed))
	inParallel(many, func(int) error {
		_, err := s.UpdateUser(pool, "ines", state.KeepAliases, func(u *state.User) error { u.Failures++; return nil })
		return err
	})
	if u, err := s.FindUser(pool, "ines"); err != nil || u.Failures != many {
		s.t.Errorf("%d counted, %v", u.Failures, err)
	}
}

func oneOfManyUsers(s *suite) {
	s.pool(state.PoolSettings{})
	if n := inParallel(many, func(int) error { return s.user("ines", state.Confirmed) }); n != 1 {
		s.t.Errorf("%d users with one name", n)
	}
}

func oneOfManyAliases(s *suite) {
	s.pool(state.PoolSettings{UsernameAttributes: []string{"email"}})
	if n := inParallel(many, func(n int) error {
		return s.user(fmt.Sprint(n), state.Confirmed, "email",
			"a@example.org")
	}); n != 1 || s.CountUsers(pool) != 1 {
		s.t.Errorf("%d users with one address", n)
	}
}

func oneOfManyIdentities(s *suite) {
	s.pool(state.PoolSettings{})
	for n := range many {
		s.must(s.user(fmt.Sprint(n), state.Confirmed))
	}
	if n := inParallel(many, func(n int) error { return s.link(fmt.Sprint(n), "Google", "1") }); n != 1 {
		s.t.Errorf("%d users with one identity", n)
	}
}

func oneOfManySessions(s *suite) {
	s.PutSession("t", state.Session{Expires: s.now.Add(time.Minute)})
	if n := inParallel(many, func(int) error { _, err := s.TakeSession("t"); return err }); n != 1 {
		s.t.Errorf("one session was taken %d times", n)
	}
}

func oneOfManyRotations(s *suite) {
	s.pool(state.PoolSettings{})
	s.must(s.user("ines", state.Confirmed))
	first := state.HashToken("first")
	s.CreateFamily(state.Family{OriginJTI: "j", Pool: pool, Username: "ines", Expires: s.now.Add(time.Hour),
		Current: first})
	late := errors.New("rotated before")
	n := inParallel(many, func(n int) error {
		_, err := s.UpdateFamily("j", func(f *state.Family) error {
			if f.Current != first {
				return late
			}
			f.Previous, f.Current = f.Current, state.HashToken(fmt.Sprint(n))
			return nil
		})
		return err
	})
	if n != 1 {
		s.t.Errorf("one token was rotated %d times", n)
	}
}
