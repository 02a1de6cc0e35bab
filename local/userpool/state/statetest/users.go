package statetest

import (
	"strings"

	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
)

func users(s *suite) {
	s.pool(state.PoolSettings{})
	for _, name := range []string{"ida", "ben", "cleo"} {
		s.must(s.user(name, state.Confirmed))
	}
	s.want(s.user("ida", state.Confirmed), state.ErrExists)
	wantList(s, "users by name", s.Users(pool), func(u state.User) string { return u.Username }, "ben cleo ida")
	if n := s.CountUsers(pool); n != 3 {
		s.t.Errorf("%d users", n)
	}
	s.change("ida", func(u *state.User) { u.Passkeys = make([]state.Passkey, 2) })
	s.change("ben", func(u *state.User) { u.Passkeys = make([]state.Passkey, 1) })
	s.change("ben", func(u *state.User) { u.Passkeys = nil })
	if n := s.CountUsersWithPasskeys(pool); n != 1 {
		s.t.Errorf("%d users with passkeys", n)
	}
	s.wantFound("sub-ida", "ida")
	s.wantFound("", "")
	u, err := s.UpdateUser(pool, "ida", state.KeepAliases,
		func(u *state.User) error { u.Username, u.Disabled = "other", true; return nil })
	s.must(err)
	if u.Username != "ida" || !u.Disabled {
		s.t.Errorf("a change renamed the user, or was lost: %+v", u)
	}
	_, err = s.UpdateUser(pool, "nobody", state.KeepAliases, func(*state.User) error { return nil })
	s.want(err, state.ErrNotFound)
}

// usersAreCopies checks that callers cannot modify stored users by accident.
func usersAreCopies(s *suite) {
	s.pool(state.PoolSettings{})
	u := state.User{Username: "ines", Attributes: map[string]string{"sub": "s"}, Codes: map[string]state.Code{},
		Pending: map[string]string{}, MFA: []string{"A"}, History: make([]srp.Verifier, 1),
		Passkeys: make([]state.Passkey, 1)}
	s.must(s.CreateUser(pool, u, state.KeepAliases))
	spoil := func(u state.User) {
		u.Attributes["x"], u.Pending["x"], u.MFA[0] = "y", "y", "B"
		u.Codes["x"] = state.Code{}
		u.Passkeys[0].Counter++
	}
	spoil(u)
	u, err := s.FindUser(pool, "ines")
	s.must(err)
	spoil(u)
	for _, u := range s.Users(pool) {
		spoil(u)
	}
	u, err = s.UpdateUser(pool, "ines", state.KeepAliases, func(*state.User) error { return nil })
	s.must(err)
	spoil(u)
	u, err = s.FindUser(pool, "ines")
	if err != nil || len(u.Attributes) != 1 || len(u.Pending) != 0 || len(u.Codes) != 0 || u.MFA[0] != "A" ||
		u.Passkeys[0].Counter != 0 {
		s.t.Errorf("a copy changed the store: %+v, %v", u, err)
	}
}

func capitals(s *suite) {
	s.pool(state.PoolSettings{UsernameConfiguration: &state.UsernameConfiguration{CaseSensitive: false}})
	s.must(s.user("Ines", state.Confirmed))
	s.want(s.user("iNES", state.Confirmed), state.ErrExists)
	s.wantFound("INES", "Ines")
	s.must(s.CreateGroup(pool, state.Group{Name: "g"}))
	s.must(s.SetMember(pool, "g", "ines", state.Member))
	wantList(s, "members", s.Members(pool, "g"), strings.Clone, "Ines")
	s.must(s.DeleteUser(pool, "iNeS"))
	s.wantFound("Ines", "")
	s.must(s.DeletePool(pool))
	s.pool(state.PoolSettings{})
	s.must(s.user("Ines", state.Confirmed))
	s.must(s.user("ines", state.Confirmed))
	s.wantFound("INES", "")
}

// usernameAttributes checks that they identify a user immediately and are unique.
func usernameAttributes(s *suite) {
	s.pool(state.PoolSettings{UsernameAttributes: []string{"email"}})
	s.must(s.user("1", state.Unconfirmed, "email", "a@example.org", "phone_number", "+1"))
	s.wantFound("A@example.org", "1")
	s.wantFound("+1", "")
	s.want(s.user("2", state.Unconfirmed, "email", "A@EXAMPLE.org"), state.ErrAliasTaken)
	s.must(s.user("2", state.Unconfirmed, "email", "b@example.org", "phone_number", "+1"))
	_, err := s.UpdateUser(pool, "2", state.TakeAliases,
		func(u *state.User) error { u.Attributes["email"] = "a@example.org"; return nil })
	s.want(err, state.ErrAliasTaken)
	s.wantFound("b@example.org", "2")
}

// aliases checks that they identify a user once the user is confirmed and the alias is verified.
func aliases(s *suite) {
	s.pool(state.PoolSettings{AliasAttributes: []string{"email", "preferred_username"}})
	s.must(s.user("ines", state.Unconfirmed, "email", "a@example.org", "email_verified", "true", "preferred_username",
		"boss"))
	s.wantFound("a@example.org", "")
	s.wantFound("boss", "")
	s.change("ines", func(u *state.User) { u.Status = state.Confirmed })
	s.wantFound("A@example.org", "ines")
	s.wantFound("boss", "ines")
	s.change("ines", func(u *state.User) { u.Attributes["email_verified"] = "false" })
	s.wantFound("a@example.org", "")
	s.change("ines", func(u *state.User) {
		u.Attributes["email"], u.Attributes["email_verified"] = "b@example.org",
			"true"
	})
	s.wantFound("a@example.org", "")
	s.wantFound("b@example.org", "ines")
}

func (s *suite) change(name string, change func(*state.User)) {
	s.t.Helper()
	_, err := s.UpdateUser(pool, name, state.KeepAliases, func(u *state.User) error { change(u); return nil })
	s.must(err)
}

// aliasesAreTaken checks that an alias has one owner, and that taking it makes it unverified for the old owner.
func aliasesAreTaken(s *suite) {
	s.pool(state.PoolSettings{AliasAttributes: []string{"email"}})
	s.must(s.user("old", state.Confirmed, "email", "a@example.org", "email_verified", "true"))
	s.want(s.user("new", state.Confirmed, "email", "a@example.org", "email_verified", "true"), state.ErrAliasTaken)
	s.wantFound("new", "")
	s.must(s.user("new", state.Unconfirmed, "email", "A@example.org", "email_verified", "true"))
	confirm := func(u *state.User) error { u.Status = state.Confirmed; return nil }
	_, err := s.UpdateUser(pool, "new", state.KeepAliases, confirm)
	s.want(err, state.ErrAliasTaken)
	s.wantFound("a@example.org", "old")
	_, err = s.UpdateUser(pool, "new", state.TakeAliases, confirm)
	s.must(err)
	s.wantFound("a@example.org", "new")
	if old, err := s.FindUser(pool, "old"); err != nil || old.Attributes["email_verified"] != "false" ||
		old.Attributes["email"] != "a@example.org" {
		s.t.Errorf("the previous owner: %+v, %v", old, err)
	}
}

// createdWithAliases checks that a new user can take several aliases, even from one owner, and that the user is not
// created if one of them cannot be taken.
func createdWithAliases(s *suite) {
	s.pool(state.PoolSettings{AliasAttributes: []string{"email", "phone_number", "preferred_username"}})
	s.must(s.user("old", state.Confirmed, "email", "a@example.org", "email_verified", "true",
		"phone_number", "+1", "phone_number_verified", "true", "preferred_username", "boss"))
	take := func(name string, attributes map[string]string) error {
		attributes["sub"] = "sub-" + name
		u := state.User{Username: name, Status: state.Confirmed, Attributes: attributes}
		return s.CreateUser(pool, u, state.TakeAliases)
	}
	s.want(take("boss2", map[string]string{
		"email": "a@example.org", "email_verified": "true", "preferred_username": "boss",
	}), state.ErrAliasTaken)
	s.wantFound("boss2", "")
	s.wantFound("a@example.org", "old")
	s.must(take("new", map[string]string{
		"email": "a@example.org", "email_verified": "true", "phone_number": "+1", "phone_number_verified": "true",
	}))
	s.wantFound("a@example.org", "new")
	s.wantFound("+1", "new")
	old, err := s.FindUser(pool, "old")
	s.must(err)
	if old.Attributes["email_verified"] != "false" || old.Attributes["phone_number_verified"] != "false" {
		s.t.Errorf("the previous owner: %+v", old)
	}
}

// nameIsKept checks that a preferred user name cannot be taken, since it has no verified mark to remove.
func nameIsKept(s *suite) {
	s.pool(state.PoolSettings{AliasAttributes: []string{"preferred_username"}})
	s.must(s.user("old", state.Confirmed, "preferred_username", "boss"))
	s.must(s.user("new", state.Unconfirmed, "preferred_username", "boss"))
	_, err := s.UpdateUser(pool, "new", state.TakeAliases,
		func(u *state.User) error { u.Status = state.Confirmed; return nil })
	s.want(err, state.ErrAliasTaken)
	s.wantFound("boss", "old")
	if old, err := s.FindUser(pool, "old"); err != nil || len(old.Attributes) != 2 {
		s.t.Errorf("the owner: %+v, %v", old, err)
	}
}

func (s *suite) link(name, provider, subject string) error {
	_, err := s.UpdateUser(pool, name, state.KeepAliases, func(u *state.User) error {
		return u.SetIdentities(append(u.Identities(), state.Identity{ProviderName: provider, UserID: subject}))
	})
	return err
}

// identities checks that an identity is one user's until it is unlinked or the user is deleted.
func identities(s *suite) {
	s.pool(state.PoolSettings{})
	s.must(s.user("ines", state.Confirmed))
	s.must(s.user("ben", state.Confirmed))
	s.must(s.link("ines", "Google", "1"))
	s.must(s.link("ines", "Google", "2"))
	s.must(s.link("ben", "Okta", "1"))
	s.want(s.link("ben", "Google", "1"), state.ErrIdentityTaken)
	s.want(s.CreateUser(pool, state.User{Username: "zoe", Attributes: map[string]string{
		"identities": `[{"userId":"2","providerName":"Google"}]`,
	}}, state.TakeAliases), state.ErrIdentityTaken)
	s.change("ines", func(u *state.User) {
		s.must(u.SetIdentities(u.Identities()[1:]))
	})
	s.must(s.link("ben", "Google", "1"))
	s.must(s.DeleteUser(pool, "ines"))
	s.must(s.link("ben", "Google", "2"))
}

func deletedUser(s *suite) {
	s.pool(state.PoolSettings{AliasAttributes: []string{"email"}})
	s.must(s.user("ines", state.Confirmed, "email", "a@example.org", "email_verified", "true"))
	s.must(s.CreateGroup(pool, state.Group{Name: "g"}))
	s.must(s.SetMember(pool, "g", "ines", state.Member))
	s.CreateFamily(state.Family{OriginJTI: "j", Pool: pool, Username: "ines", Expires: s.now,
		Current: state.HashToken("r")})
	s.must(s.DeleteUser(pool, "ines"))
	s.want(s.DeleteUser(pool, "ines"), state.ErrNotFound)
	_, _, err := s.FamilyOf("r")
	s.want(err, state.ErrNotFound)
	s.must(s.user("ines", state.Confirmed))
	s.wantFound("a@example.org", "")
	wantList(s, "members", s.Members(pool, "g"), strings.Clone, "")
	if _, err := s.Family("j"); err == nil {
		s.t.Error("a new user with the old name has the old sign-in")
	}
}
