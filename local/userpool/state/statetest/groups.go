package statetest

import (
	"strings"

	"cognito-triggers/local/userpool/state"
)

func groups(s *suite) {
	s.pool(state.PoolSettings{})
	s.must(s.user("ines", state.Confirmed))
	s.must(s.user("ben", state.Confirmed))
	for _, name := range []string{"b", "a"} {
		s.must(s.CreateGroup(pool, state.Group{Name: name}))
	}
	s.want(s.CreateGroup(pool, state.Group{Name: "a"}), state.ErrExists)
	wantList(s, "groups by name", s.Groups(pool), groupName, "a b")
	s.want(s.SetMember(pool, "none", "ines", state.Member), state.ErrNotFound)
	s.want(s.SetMember(pool, "a", "nobody", state.Member), state.ErrNotFound)
	for _, name := range []string{"ines", "ben", "ines"} {
		s.must(s.SetMember(pool, "a", name, state.Member))
	}
	wantList(s, "members by name", s.Members(pool, "a"), strings.Clone, "ben ines")
	s.must(s.SetMember(pool, "a", "ines", state.NoMember))
	s.must(s.SetMember(pool, "b", "ines", state.NoMember))
	wantList(s, "members", s.Members(pool, "a"), strings.Clone, "ben")
	g, err := s.UpdateGroup(pool, "a", func(g *state.Group) error { g.Description = "d"; return nil })
	if err != nil || g.Description != "d" {
		s.t.Errorf("changed: %+v, %v", g, err)
	}
	s.must(s.DeleteGroup(pool, "a"))
	s.want(s.DeleteGroup(pool, "a"), state.ErrNotFound)
	_, err = s.UpdateGroup(pool, "a", func(*state.Group) error { return nil })
	s.want(err, state.ErrNotFound)
	s.must(s.CreateGroup(pool, state.Group{Name: "a"}))
	wantList(s, "members of a new group of the old name", s.Members(pool, "a"), strings.Clone, "")
	wantList(s, "groups of ben", s.GroupsOf(pool, "ben"), groupName, "")
}

func groupName(g state.Group) string { return g.Name }

// precedence checks the order of groups: lowest precedence first, those without one last, equal ones by name.
func precedence(s *suite) {
	s.pool(state.PoolSettings{})
	s.must(s.user("ines", state.Confirmed))
	for name, number := range map[string]int{"none": -1, "nine": 9, "zero": 0, "also9": 9} {
		g := state.Group{Name: name}
		if number >= 0 {
			g.Precedence = &number
		}
		s.must(s.CreateGroup(pool, g))
		s.must(s.SetMember(pool, name, "ines", state.Member))
	}
	wantList(s, "groups", s.GroupsOf(pool, "ines"), groupName, "zero also9 nine none")
}
