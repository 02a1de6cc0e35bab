// Package memory keeps the records of sign-ins in memory, for tests. It follows the same rules as the DynamoDB store;
// storetest checks both.
package memory

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"sync"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/internal/storesecret"
)

// Store is a challenge.Store that lives as long as the process. It is also the table of golden cases.
type Store struct {
	mu     sync.Mutex
	items  map[string]challenge.Versioned
	secret []byte
}

var (
	_ challenge.Store = (*Store)(nil)
	_ golden.Tables   = (*Store)(nil)
)

// New makes an empty store.
func New() *Store {
	return &Store{items: map[string]challenge.Versioned{}, secret: storesecret.New()}
}

// Secret implements challenge.Store.
func (s *Store) Secret(ctx context.Context) ([]byte, error) { return s.secret, ctx.Err() }

// Load implements challenge.Store.
func (s *Store) Load(ctx context.Context, name string) (challenge.Versioned, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.items[name], ctx.Err()
}

// Save implements challenge.Store.
func (s *Store) Save(ctx context.Context, name string, v challenge.Versioned) (challenge.Versioned, error) {
	if err := ctx.Err(); err != nil {
		return challenge.Versioned{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if stored := s.items[name]; stored.Version != v.Version-1 {
		return stored, challenge.ErrConflict
	}
	s.items[name] = v
	return v, nil
}

// item is a record, or the secret, as the DynamoDB store has it.
type item struct {
	Name   string `json:"pk"`
	Secret string `json:"secret,omitempty"`
	*challenge.Versioned
}

// Put implements golden.Tables.
func (s *Store) Put(_ context.Context, _ string, text json.RawMessage) error {
	var in item
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.Secret != "" {
		secret, err := hex.DecodeString(in.Secret)
		s.secret = secret
		return err
	}
	s.items[in.Name] = *in.Versioned
	return nil
}

// Items implements golden.Tables. The secret is an item, too.
func (s *Store) Items(context.Context, string) ([]json.RawMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []item{{Name: "secret", Secret: hex.EncodeToString(s.secret)}}
	for name, v := range s.items {
		all = append(all, item{Name: name, Versioned: &v})
	}
	var texts []json.RawMessage
	for _, it := range all {
		text, err := json.Marshal(it)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, nil
}
