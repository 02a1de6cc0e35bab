package userpool

import (
	"maps"
	"slices"

	"cognito-triggers/local/userpool/state"
)

// User is a user to seed a pool with.
type User struct {
	Name       string
	Status     string // for example CONFIRMED
	Disabled   bool
	Attributes map[string]string // identities among them, as a text that holds a JSON list
}

// New makes a server with one pool of those users. It answers for every pool id, and every group exists: that is what
// trying out a trigger by itself needs.
func New(users ...User) *Server {
	s := Open(Options{})
	s.Reset(users...)
	return s
}

// Reset replaces the seeded pool's users and forgets groups and calls.
func (s *Server) Reset(users ...User) {
	_ = s.store.DeletePool(seededPool) // there is none yet
	all, _ := schema(nil)              // nothing of its own to be wrong
	now := s.options.Now()
	pool := state.Pool{
		ID: seededPool, Region: s.options.Region, Created: now, Modified: now, Schema: all, Seeded: true,
		Settings: &state.PoolSettings{PoolName: "seeded", UsernameConfiguration: &state.UsernameConfiguration{}},
	}
	_ = s.store.CreatePool(pool) // it was deleted before
	for _, user := range users {
		_ = s.store.CreateUser(pool.ID, state.User{ // of two users with one name the first counts
			Username: user.Name, Status: user.Status, Disabled: user.Disabled, Attributes: maps.Clone(user.Attributes), Created: now, Modified: now,
		})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

// Calls lists the operations that were called, in order.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Members lists the names of the users in a group of the seeded pool.
func (s *Server) Members(group string) []string { return s.store.Members(seededPool, group) }
