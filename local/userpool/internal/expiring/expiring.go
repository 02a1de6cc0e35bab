// Package expiring keeps what a domain must remember of a browser or an app for a short time: codes, sessions, tickets.
// Whoever knows the name of an entry may use it, so names are random, and only their hashes are kept.
package expiring

import (
	"sync"
	"time"

	"cognito-triggers/local/userpool/state"
)

// Store keeps values by name until they expire. It is safe for concurrent use.
type Store[V any] struct {
	now  func() time.Time
	most int

	mu      sync.Mutex
	entries map[[32]byte]entry[V]
	order   [][32]byte // oldest first
}

type entry[V any] struct {
	value V
	until time.Time
}

// New returns a store of at most so many entries. Beyond it, the oldest are forgotten.
func New[V any](now func() time.Time, most int) *Store[V] {
	return &Store[V]{now: now, most: most, entries: map[[32]byte]entry[V]{}}
}

// Put keeps a value under a new name.
func (s *Store[V]) Put(name string, value V, lifetime time.Duration) {
	key := state.HashToken(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for len(s.order) > 0 && (len(s.order) >= s.most || !s.entries[s.order[0]].until.After(now)) {
		delete(s.entries, s.order[0])
		s.order = s.order[1:]
	}
	s.entries[key], s.order = entry[V]{value, now.Add(lifetime)}, append(s.order, key)
}

// Get returns the value of a name. ok is false if it is unknown or has expired.
func (s *Store[V]) Get(name string) (value V, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, known := s.entries[state.HashToken(name)]
	return found.value, known && s.now().Before(found.until)
}

// Take is Get for what may be used once: the name is unknown afterwards. Of concurrent calls, one gets the value.
func (s *Store[V]) Take(name string) (value V, ok bool) {
	key := state.HashToken(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	found, known := s.entries[key]
	delete(s.entries, key)
	return found.value, known && s.now().Before(found.until)
}
