// Package memory keeps posts in memory, for tests and examples. It follows the same rules as the DynamoDB store;
// storetest checks both.
package memory

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"cognito-triggers/shared/internal/storesecret"
	"cognito-triggers/shared/posts"
)

// Store is a posts.Store that lives as long as the process.
type Store struct {
	mu     sync.Mutex
	byID   map[posts.ID]posts.Post
	order  []posts.ID // ascending
	claims map[claimKey]posts.Claim
	secret []byte
}

type claimKey struct{ owner, digest string }

// New makes an empty store.
func New() *Store {
	return &Store{byID: map[posts.ID]posts.Post{}, claims: map[claimKey]posts.Claim{}, secret: storesecret.New()}
}

var _ posts.Store = (*Store)(nil)

// Create implements posts.Store.
func (s *Store) Create(ctx context.Context, p posts.Post, key string) (posts.Post, error) {
	if err := ctx.Err(); err != nil {
		return posts.Post{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := claimKey{p.Owner, posts.KeyDigest(key)}
	if claim, taken := s.claims[k]; key != "" && taken && claim.Standing(p) {
		return claim.Resolve(p)
	}
	at, taken := slices.BinarySearchFunc(s.order, p.ID, posts.ID.Compare)
	if taken {
		return posts.Post{}, fmt.Errorf("create post: the id %s is taken", p.ID)
	}
	s.order = slices.Insert(s.order, at, p.ID)
	s.byID[p.ID] = p
	if key != "" {
		s.claims[k] = posts.ClaimOf(p)
	}
	return p, nil
}

// Get implements posts.Store.
func (s *Store) Get(ctx context.Context, id posts.ID) (posts.Post, error) {
	if err := ctx.Err(); err != nil {
		return posts.Post{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.byID[id]
	if !ok {
		return posts.Post{}, posts.ErrNotFound
	}
	return p, nil
}

// guarded returns a post that a write may change; the caller holds the lock.
func (s *Store) guarded(id posts.ID, g posts.Guard) (posts.Post, error) {
	p, ok := s.byID[id]
	if !ok {
		return posts.Post{}, posts.ErrNotFound
	}
	return p, g.Check(p)
}

// Update implements posts.Store.
func (s *Store) Update(ctx context.Context, id posts.ID, c posts.Change, g posts.Guard) (posts.Post, error) {
	if err := ctx.Err(); err != nil {
		return posts.Post{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.guarded(id, g)
	if err != nil {
		return posts.Post{}, err
	}
	s.byID[id] = c.Apply(p)
	return s.byID[id], nil
}

// Delete implements posts.Store.
func (s *Store) Delete(ctx context.Context, id posts.ID, g posts.Guard) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.guarded(id, g); err != nil {
		return err
	}
	delete(s.byID, id)
	if at, ok := slices.BinarySearchFunc(s.order, id, posts.ID.Compare); ok {
		s.order = slices.Delete(s.order, at, at+1)
	}
	return nil
}

// List implements posts.Store.
func (s *Store) List(ctx context.Context, before posts.ID, limit int) (posts.Page, error) {
	if err := ctx.Err(); err != nil {
		return posts.Page{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	end := len(s.order)
	if !before.IsZero() {
		end, _ = slices.BinarySearchFunc(s.order, before, posts.ID.Compare)
	}
	start := max(end-limit, 0)
	var page posts.Page
	for _, id := range slices.Backward(s.order[start:end]) {
		page.Posts = append(page.Posts, s.byID[id])
	}
	if start > 0 {
		page.Next = s.order[start]
	}
	return page, nil
}

// Secret implements posts.Store.
func (s *Store) Secret(ctx context.Context) ([]byte, error) { return s.secret, ctx.Err() }
