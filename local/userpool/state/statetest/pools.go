package statetest

import (
	"encoding/json"
	"errors"

	"cognito-triggers/local/userpool/state"
)

func pools(s *suite) {
	for _, id := range []string{"b", "a", "c"} {
		s.must(s.CreatePool(state.Pool{ID: id, Settings: &state.PoolSettings{PoolName: "of " + id}}))
	}
	s.want(s.CreatePool(state.Pool{ID: "a", Settings: &state.PoolSettings{}}), state.ErrExists)
	wantList(s, "pools by id", s.Pools(), func(p state.Pool) string { return p.ID }, "a b c")
	p, err := s.UpdatePool("a", func(p *state.Pool) error { p.Domain = "d"; return nil })
	s.must(err)
	if again, err := s.Pool("a"); err != nil || p.Domain != "d" || again.Domain != "d" ||
		again.Settings.PoolName != "of a" {
		s.t.Errorf("changed to %+v, found %+v, %v", p, again, err)
	}
	s.must(s.DeletePool("a"))
	s.want(s.DeletePool("a"), state.ErrNotFound)
	_, err = s.Pool("a")
	s.want(err, state.ErrNotFound)
	_, err = s.UpdatePool("a", func(*state.Pool) error { return nil })
	s.want(err, state.ErrNotFound)
}

func poolsAreCopies(s *suite) {
	s.pool(state.PoolSettings{})
	change := func(p *state.Pool) {
		p.Resources[state.ResourceKey{Name: "x"}] = state.Resource{Data: map[string]json.RawMessage{}}
	}
	_, err := s.UpdatePool(pool,
		func(p *state.Pool) error { p.Resources = map[state.ResourceKey]state.Resource{}; return nil })
	s.must(err)
	p, err := s.Pool(pool)
	s.must(err)
	change(&p)
	for _, p := range s.Pools() {
		change(&p)
	}
	if p, err := s.Pool(pool); err != nil || len(p.Resources) != 0 {
		s.t.Errorf("a copy changed the store: %v, %v", p.Resources, err)
	}
}

func deletedPool(s *suite) {
	s.pool(state.PoolSettings{})
	s.must(s.CreateClient(state.Client{ID: "c", Pool: pool}))
	s.must(s.user("ines", state.Confirmed))
	s.must(s.CreateGroup(pool, state.Group{Name: "g"}))
	s.CreateFamily(state.Family{OriginJTI: "j", Pool: pool, Username: "ines", Expires: s.now,
		Current: state.HashToken("r")})
	s.must(s.DeletePool(pool))
	s.pool(state.PoolSettings{})
	_, err := s.Client("c")
	s.want(err, state.ErrNotFound)
	_, err = s.Family("j")
	s.want(err, state.ErrNotFound)
	_, _, err = s.FamilyOf("r")
	s.want(err, state.ErrNotFound)
	_, err = s.Group(pool, "g")
	s.want(err, state.ErrNotFound)
	s.wantFound("ines", "")
}

func clients(s *suite) {
	s.pool(state.PoolSettings{})
	s.want(s.CreateClient(state.Client{ID: "x", Pool: "elsewhere"}), state.ErrNotFound)
	for _, id := range []string{"b", "a"} {
		s.must(s.CreateClient(state.Client{ID: id, Pool: pool}))
	}
	s.want(s.CreateClient(state.Client{ID: "a", Pool: pool}), state.ErrExists)
	wantList(s, "clients by id", s.Clients(pool), func(c state.Client) string { return c.ID }, "a b")
	wantList(s, "clients of another pool", s.Clients("elsewhere"), func(c state.Client) string { return c.ID }, "")
	_, err := s.UpdateClient("a", func(c *state.Client) error {
		c.Secrets = []state.ClientSecret{{ID: "1", Value: "s"}}
		return nil
	})
	s.must(err)
	if c, err := s.Client("a"); err != nil || !c.Confidential() || c.Secrets[0].Value != "s" {
		s.t.Errorf("client %+v, %v", c, err)
	}
	s.must(s.DeleteClient("a"))
	s.want(s.DeleteClient("a"), state.ErrNotFound)
	_, err = s.UpdateClient("a", func(*state.Client) error { return nil })
	s.want(err, state.ErrNotFound)
}

// failedChanges checks that failed changes leave the data as it was.
func failedChanges(s *suite) {
	s.pool(state.PoolSettings{})
	s.must(s.CreateClient(state.Client{ID: "c", Pool: pool}))
	s.must(s.user("ines", state.Confirmed))
	s.must(s.CreateGroup(pool, state.Group{Name: "g"}))
	s.CreateFamily(state.Family{OriginJTI: "j", Pool: pool, Username: "ines", Current: state.HashToken("r")})
	no := errors.New("no")
	_, err := s.UpdatePool(pool, func(p *state.Pool) error { p.Domain = "d"; return no })
	s.want(err, no)
	_, err = s.UpdateClient("c", func(c *state.Client) error { c.Secrets = []state.ClientSecret{{Value: "s"}}; return no })
	s.want(err, no)
	_, err = s.UpdateUser(pool, "ines", state.KeepAliases,
		func(u *state.User) error { u.Attributes["email"] = "e"; u.Disabled = true; return no })
	s.want(err, no)
	_, err = s.UpdateGroup(pool, "g", func(g *state.Group) error { g.Description = "d"; return no })
	s.want(err, no)
	_, err = s.UpdateFamily("j", func(f *state.Family) error { f.Current = state.HashToken("x"); return no })
	s.want(err, no)
	p, _ := s.Pool(pool)
	c, _ := s.Client("c")
	u, _ := s.FindUser(pool, "ines")
	g, _ := s.Group(pool, "g")
	_, current, err := s.FamilyOf("r")
	if p.Domain != "" || c.Confidential() || u.Attributes["email"] != "" || u.Disabled || g.Description != "" ||
		!current ||
		err != nil {
		s.t.Errorf("changed: %+v %+v %+v %+v %v %v", p, c, u, g, current, err)
	}
}

// nowhere checks the errors for a pool that does not exist.
func nowhere(s *suite) {
	s.want(s.CreateUser("no", state.User{Username: "u"}, state.KeepAliases), state.ErrNotFound)
	s.want(s.DeleteUser("no", "u"), state.ErrNotFound)
	_, err := s.FindUser("no", "u")
	s.want(err, state.ErrNotFound)
	_, err = s.UpdateUser("no", "u", state.KeepAliases, func(*state.User) error { return nil })
	s.want(err, state.ErrNotFound)
	s.want(s.CreateGroup("no", state.Group{Name: "g"}), state.ErrNotFound)
	s.want(s.DeleteGroup("no", "g"), state.ErrNotFound)
	_, err = s.UpdateGroup("no", "g", func(*state.Group) error { return nil })
	s.want(err, state.ErrNotFound)
	s.want(s.SetMember("no", "g", "u", state.Member), state.ErrNotFound)
	s.CreateFamily(state.Family{OriginJTI: "j", Pool: "no"})
	_, err = s.Family("j")
	s.want(err, state.ErrNotFound)
	s.RevokeFamilies("no", "u")
	if n := s.CountUsers("no") + s.CountUsersWithPasskeys("no") + len(s.Users("no")) + len(s.Groups("no")) +
		len(s.GroupsOf("no", "u")) + len(s.Members("no", "g")); n != 0 {
		s.t.Errorf("%d things in a missing pool", n)
	}
}
