// Package seed fills a store with one pool, its users and its groups, so that a trigger can be tried in isolation: the
// event names the pool, and the function can ask it about its users.
package seed

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/state"
)

// Pool is a pool to create. User names are case-insensitive, and users have no passwords.
type Pool struct {
	ID     string
	Users  []User
	Groups []string
}

// User is a user to create.
type User struct {
	Name       string
	Status     string // CONFIRMED, for example
	Disabled   bool
	Attributes map[string]string // may include identities, a JSON list in a string
	Groups     []string          // groups of the pool that the user is in
}

// Put creates the pool and replaces any pool with the same ID. If two users have the same name, the first wins.
func (p Pool) Put(store state.Store, now time.Time) error {
	if err := store.DeletePool(p.ID); err != nil && !errors.Is(err, state.ErrNotFound) {
		return fmt.Errorf("pool %s cannot be replaced: %w", p.ID, err)
	}
	schema, err := directory.Schema(nil)
	if err != nil {
		return err
	}
	region, _, _ := strings.Cut(p.ID, "_")
	err = store.CreatePool(state.Pool{
		ID: p.ID, Region: region, Created: now, Modified: now, Schema: schema, Settings: &state.PoolSettings{
			PoolName: p.ID, UsernameConfiguration: &state.UsernameConfiguration{CaseSensitive: false},
		},
	})
	if err != nil {
		return fmt.Errorf("pool %s: %w", p.ID, err)
	}
	for _, name := range p.Groups {
		if err := store.CreateGroup(p.ID, state.Group{Name: name, Created: now, Modified: now}); err != nil {
			return fmt.Errorf("group %s of pool %s: %w", name, p.ID, err)
		}
	}
	for _, u := range p.Users {
		err := store.CreateUser(p.ID, state.User{
			Username: u.Name, Status: u.Status, Disabled: u.Disabled, Attributes: maps.Clone(u.Attributes),
			Created: now, Modified: now,
		}, state.KeepAliases)
		if err != nil && !errors.Is(err, state.ErrExists) {
			return fmt.Errorf("user %s of pool %s: %w", u.Name, p.ID, err)
		}
		for _, group := range u.Groups {
			if err := store.SetMember(p.ID, group, u.Name, state.Member); err != nil {
				return fmt.Errorf("user %s in group %s of pool %s: %w", u.Name, group, p.ID, err)
			}
		}
	}
	return nil
}
