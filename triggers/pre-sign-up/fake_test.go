package main

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/profile"
)

// fakePool is a user pool in memory that keeps the calls it gets.
type fakePool struct {
	users    []user
	pageSize int                                      // users looked through per page; 0: all
	linkErr  func(id identity, userName string) error // what Link answers; nil: the link is made
	listErr  error
	stale    bool        // the list shows no links yet, as an eventually consistent one may
	now      func(*user) // what happened to a user since the list was made
	getErr   error

	aliases     bool // verified addresses are names of their users
	anySpelling bool // the list's filter takes the spellings of an IDN for one

	mu    sync.Mutex
	calls []string
	links map[string][]identity
}

func newFakePool(users ...user) *fakePool {
	return &fakePool{users: users, links: map[string][]identity{}}
}

// fakePoolOf is the pool that a golden case describes.
func fakePoolOf(c golden.Case) *fakePool {
	var users []user
	for _, u := range c.Config.Users {
		attributes := map[string]string{}
		for name, value := range u.Attributes {
			attributes[name] = value
		}
		if u.Identities != "" {
			attributes[profile.IdentitiesAttribute] = u.Identities
		}
		users = append(users, user{Name: u.UserName, Status: u.Status, Enabled: !u.Disabled, Attributes: attributes})
	}
	return newFakePool(users...)
}

func (f *fakePool) record(call string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, call)
}

func (f *fakePool) UsersByEmail(_ context.Context, _, email, token string) ([]user, string, error) {
	f.record("ListUsers")
	if f.listErr != nil {
		return nil, "", f.listErr
	}
	users, next := f.users, ""
	if f.pageSize > 0 {
		start := len(token) // the token counts by its length
		end := min(start+f.pageSize, len(users))
		if end < len(users) {
			next = strings.Repeat("n", end)
		}
		users = users[start:end]
	}
	var found []user
	for _, u := range users {
		if f.anySpelling && sameAddress(u.Attributes["email"], email) || strings.EqualFold(u.Attributes["email"], email) {
			found = append(found, f.withLinks(u, !f.stale))
		}
	}
	return found, next, nil
}

func (f *fakePool) User(_ context.Context, _, userName string) (user, error) {
	f.record("AdminGetUser")
	if f.getErr != nil {
		return user{}, f.getErr
	}
	i := slices.IndexFunc(f.users, func(u user) bool {
		return u.Name == userName || f.aliases && u.Attributes["email"] == userName && u.owns()
	})
	if i < 0 {
		return user{}, errNoUser
	}
	u := f.withLinks(f.users[i], true)
	if f.now != nil {
		u.Attributes = maps.Clone(u.Attributes)
		f.now(&u)
	}
	return u, nil
}

func (f *fakePool) Link(_ context.Context, _ string, id identity, userName string) error {
	f.record("AdminLinkProviderForUser")
	if f.linkErr != nil {
		if err := f.linkErr(id, userName); err != nil {
			return err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.links[userName] = append(f.links[userName], id)
	return nil
}

// withLinks adds the links made so far to the identities attribute, as Cognito does.
func (f *fakePool) withLinks(u user, visible bool) user {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !visible || len(f.links[u.Name]) == 0 {
		return u
	}
	attributes := maps.Clone(u.Attributes)
	attributes[profile.IdentitiesAttribute] = identitiesOf(f.links[u.Name]...)
	u.Attributes = attributes
	return u
}

// identitiesOf writes the identities attribute as Cognito does.
func identitiesOf(ids ...identity) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = `{"userId":"` + id.Subject + `","providerName":"` + id.Provider +
			`","providerType":"OIDC","issuer":null,"primary":false,"dateCreated":1767225600000}`
	}
	return "[" + strings.Join(parts, ",") + "]"
}
