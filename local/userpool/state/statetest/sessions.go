package statetest

import (
	"time"

	"cognito-triggers/local/userpool/state"
)

func sessions(s *suite) {
	s.PutSession("t", state.Session{Pool: pool, Client: "c", Username: "ines", Challenge: "CUSTOM_CHALLENGE",
		Secret: "s", Expires: s.now.Add(time.Minute)})
	_, err := s.TakeSession("other")
	s.want(err, state.ErrNotFound)
	if got, err := s.TakeSession("t"); err != nil || got.Username != "ines" {
		s.t.Errorf("session %+v, %v", got, err)
	}
	got, err := s.TakeSession("t")
	s.want(err, state.ErrSpent)
	if !got.Spent || got.Pool != pool || got.Client != "c" || got.Challenge != "CUSTOM_CHALLENGE" ||
		!got.Expires.Equal(s.now.Add(time.Minute)) || got.Username != "" || got.Secret != "" {
		s.t.Errorf("a spent session: %+v", got)
	}
	s.PutSession("t", state.Session{Username: "ben", Expires: s.now.Add(time.Minute)}) // to try again
	if got, err := s.TakeSession("t"); err != nil || got.Username != "ben" {
		s.t.Errorf("session %+v, %v", got, err)
	}
}

func families(s *suite) {
	s.pool(state.PoolSettings{})
	s.must(s.user("ines", state.Confirmed))
	s.CreateFamily(state.Family{OriginJTI: "j", Pool: pool, Username: "ines", Expires: s.now.Add(time.Hour),
		Current: state.HashToken("first")})
	s.wantToken("first", true, nil)
	for i, token := range []string{"second", "third"} {
		_, err := s.UpdateFamily("j", func(f *state.Family) error {
			f.Previous, f.Current = f.Current, state.HashToken(token)
			return nil
		})
		s.must(err)
		s.wantToken(token, true, nil)
		s.wantToken([]string{"first", "second"}[i], false, nil)
	}
	s.wantToken("first", false, state.ErrNotFound)
	s.wantToken("", false, state.ErrNotFound)
	_, err := s.UpdateFamily("none", func(*state.Family) error { return nil })
	s.want(err, state.ErrNotFound)
	// An access token may outlive the sign-in by a day. After that, the store keeps nothing of the sign-in.
	s.now = s.now.Add(50 * time.Hour)
	s.CreateFamily(state.Family{OriginJTI: "k", Pool: pool, Username: "ines", Expires: s.now.Add(time.Hour),
		Current: state.HashToken("fourth")})
	s.wantToken("third", false, state.ErrNotFound)
	s.wantToken("fourth", true, nil)
}

func (s *suite) wantToken(token string, current bool, want error) {
	s.t.Helper()
	_, got, err := s.FamilyOf(token)
	s.want(err, want)
	if got != current {
		s.t.Errorf("%q is the newest: %v, want %v", token, got, current)
	}
}

func revoked(s *suite) {
	s.pool(state.PoolSettings{})
	for jti, name := range map[string]string{"1": "ines", "2": "ines", "3": "ben"} {
		_ = s.user(name, state.Confirmed) // fails for the second ines, which does not matter
		s.CreateFamily(state.Family{OriginJTI: jti, Pool: pool, Username: name, Expires: s.now.Add(time.Hour),
			Current: state.HashToken(jti)})
	}
	if list := s.Families(pool, "ines"); len(list) != 2 || list[0].OriginJTI != "1" || list[1].OriginJTI != "2" {
		s.t.Errorf("sign-ins of ines: %+v", list)
	}
	if list := s.Families("elsewhere", "ines"); len(list) != 0 {
		s.t.Errorf("sign-ins of no pool: %+v", list)
	}
	s.RevokeFamilies(pool, "ines")
	for jti, want := range map[string]bool{"1": true, "2": true, "3": false} {
		if f, err := s.Family(jti); err != nil || f.Revoked != want {
			s.t.Errorf("%s: %+v, %v", jti, f, err)
		}
	}
}
