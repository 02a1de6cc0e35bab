// Package memory keeps claims and counts in memory, for tests. It follows the same rules as the DynamoDB store;
// storetest checks both.
package memory

import (
	"context"
	"sync"
	"time"

	"cognito-triggers/shared/sendonce"
)

// Store is a sendonce.Store that lives as long as the process.
type Store struct {
	mu      sync.Mutex
	records map[string]sendonce.Record
	counts  map[string]int
}

var _ sendonce.Store = (*Store)(nil)

// New makes an empty store.
func New() *Store { return &Store{records: map[string]sendonce.Record{}, counts: map[string]int{}} }

// Claim implements sendonce.Store.
func (s *Store) Claim(ctx context.Context, c sendonce.Claim) (sendonce.Standing, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	standing := sendonce.First
	if old, exists := s.records[c.Key]; exists {
		standing = old.Next(c)
	}
	if standing == sendonce.First || standing == sendonce.Again {
		s.records[c.Key] = sendonce.New(c)
	}
	return standing, nil
}

// End implements sendonce.Store.
func (s *Store) End(ctx context.Context, c sendonce.Claim, state sendonce.State) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.records[c.Key]; old.Holder == c.Holder {
		old.State = state
		s.records[c.Key] = old
	}
	return nil
}

// Count implements sendonce.Store.
func (s *Store) Count(ctx context.Context, key string, limit int, window time.Duration, now time.Time) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key, _ = sendonce.WindowKey(key, window, now)
	if s.counts[key] >= limit {
		return false, nil
	}
	s.counts[key]++
	return true, nil
}
