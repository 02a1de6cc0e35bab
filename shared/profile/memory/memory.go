// Package memory keeps profiles in memory, for tests and examples. It follows the same rules as the DynamoDB store;
// storetest checks both.
package memory

import (
	"context"
	"sync"
	"time"

	"cognito-triggers/shared/profile"
)

// Store is a profile.Store that lives as long as the process.
type Store struct {
	mu      sync.Mutex
	records map[profile.Key]record
}

// record is a profile or a tombstone.
type record struct {
	profile   profile.Profile
	deleted   bool
	expiresAt int64 // of a tombstone: seconds since 1970, the precision of DynamoDB's time to live
}

// New makes an empty store.
func New() *Store { return &Store{records: map[profile.Key]record{}} }

var _ profile.Store = (*Store)(nil)

// lookup returns the account's profile; the caller holds the lock.
func (s *Store) lookup(k profile.Key) (profile.Profile, error) {
	r, ok := s.records[k]
	switch {
	case !ok:
		return profile.Profile{}, profile.ErrNotFound
	case !r.deleted:
		return r.profile, nil
	case r.expiresAt > time.Now().Unix():
		return profile.Profile{}, profile.ErrDeleted
	}
	return profile.Profile{}, profile.ErrNotFound
}

// Create implements profile.Store.
func (s *Store) Create(ctx context.Context, p profile.Profile) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch _, err := s.lookup(p.Key); err {
	case nil:
		return false, nil
	case profile.ErrDeleted:
		return false, err
	}
	s.records[p.Key] = record{profile: p.Normalized()}
	return true, nil
}

// Get implements profile.Store.
func (s *Store) Get(ctx context.Context, k profile.Key) (profile.Profile, error) {
	if err := ctx.Err(); err != nil {
		return profile.Profile{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.lookup(k)
	if err != nil {
		return profile.Profile{}, err
	}
	return p.Normalized(), nil
}

// ClaimWelcome implements profile.Store.
func (s *Store) ClaimWelcome(ctx context.Context, k profile.Key, at time.Time) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.lookup(k)
	if err != nil || !p.WelcomeClaimedAt.IsZero() {
		return false, err
	}
	p.WelcomeClaimedAt = profile.Timestamp(at)
	p.UpdatedAt = p.WelcomeClaimedAt
	s.records[k] = record{profile: p}
	return true, nil
}

// UpdateAttributes implements profile.Store.
func (s *Store) UpdateAttributes(ctx context.Context, k profile.Key, values map[string]string,
	at time.Time) (profile.Profile, error) {
	if err := ctx.Err(); err != nil {
		return profile.Profile{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.lookup(k)
	if err != nil {
		return profile.Profile{}, err
	}
	p = p.Normalized()
	for name, value := range values {
		if value == "" {
			delete(p.Attributes, name)
			continue
		}
		p.Attributes[name] = value
	}
	p.UpdatedAt = profile.Timestamp(at)
	s.records[k] = record{profile: p}
	return p.Normalized(), nil
}

// RecordSignIn implements profile.Store.
func (s *Store) RecordSignIn(ctx context.Context, k profile.Key, in profile.SignIn) (profile.Recorded, error) {
	if err := ctx.Err(); err != nil {
		return profile.Recorded{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.lookup(k)
	if err != nil {
		return profile.Recorded{}, err
	}
	var recorded profile.Recorded
	p.SignIns, recorded = p.Record(in)
	s.records[k] = record{profile: p}
	return recorded, nil
}

// Delete implements profile.Store.
func (s *Store) Delete(ctx context.Context, k profile.Key, at time.Time, keep time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records[k] = record{deleted: true, expiresAt: at.Add(keep).Unix()}
	return nil
}
