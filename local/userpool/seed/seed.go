// Package seed puts a pool with a given id, its users and its groups into a store. It is for trying out a trigger by
// itself: the event names a pool, and the function asks that pool about its users.
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

// Pool is a pool to make. Its users have no passwords, and names whose capitals do not count.
type Pool struct {
	ID     string
	Users  []User
	Groups []string
}

// User is a user to make.
type User struct {
	Name       string
	Status     string // for example CONFIRMED
	Disabled   bool
	Attributes map[string]string // identities among them, as a text that holds a JSON list
}

// Put makes the pool, in place of one that has its id. Of two users with one name the first counts.
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
	}
	return nil
}
