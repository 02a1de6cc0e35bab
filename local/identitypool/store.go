package identitypool

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"cognito-triggers/local/wholefile"
)

// Bounds of what a server keeps.
const (
	maxPools      = 60
	maxIdentities = 10_000
)

// pool is an identity pool with its roles.
type pool struct {
	settings
	ID       string
	Roles    map[string]string      `json:",omitempty"`
	Mappings map[string]roleMapping `json:",omitempty"`
}

// identity is somebody whom a pool knows. Those without logins are guests.
type identity struct {
	ID, Pool string
	Logins   map[string]string // sub by user pool
	Created  time.Time
	Modified time.Time
}

// login is a user of a user pool in an identity pool.
type login struct{ pool, userPool, sub string }

// data is what a server keeps.
type data struct {
	Pools      map[string]pool
	Identities map[string]identity
	Key        []byte `json:",omitempty"` // that signs tokens, PKCS #8

	byLogin map[login]string // ids of identities
}

// store holds data in memory, and in a file if there is one. It is safe for concurrent use.
type store struct {
	file string

	mu   sync.Mutex
	data data
}

func openStore(file string) (*store, error) {
	s := &store{file: file, data: data{Pools: map[string]pool{}, Identities: map[string]identity{}}}
	if file != "" {
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &s.data)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("identity pools: %s: %w", file, err)
		}
	}
	s.data.byLogin = map[login]string{}
	for _, i := range s.data.Identities {
		s.data.index(i)
	}
	return s, nil
}

func (d *data) index(i identity) {
	for userPool, sub := range i.Logins {
		d.byLogin[login{i.Pool, userPool, sub}] = i.ID
	}
}

// change runs a transaction, and returns once the file has what it changed. If run returns an error, it must have
// changed nothing.
func (s *store) change(run func(d *data) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := run(&s.data); err != nil || s.file == "" {
		return err
	}
	text, err := json.Marshal(s.data)
	if err != nil {
		return err
	}
	return wholefile.WriteBytes(s.file, 0o600, text)
}

// pool returns a copy of a pool, which must not be changed.
func (s *store) pool(id string) (pool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data.pool(id)
}

func (d *data) pool(id string) (pool, error) {
	p, known := d.Pools[id]
	if !known {
		return pool{}, poolNotFound(id)
	}
	return p, nil
}

// identity returns an identity, whose logins must not be changed.
func (s *store) identity(id string) (identity, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, known := s.data.Identities[id]
	if !known {
		return identity{}, identityNotFound(id)
	}
	return i, nil
}

// pools returns all pools, sorted by id.
func (s *store) pools() []pool {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Collect(maps.Values(s.data.Pools))
	slices.SortFunc(all, func(a, b pool) int { return compare(a.ID, b.ID) })
	return all
}

// identities returns the identities of a pool, sorted by id.
func (s *store) identities(pool string) []identity {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []identity
	for _, i := range s.data.Identities {
		if i.Pool == pool {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b identity) int { return compare(a.ID, b.ID) })
	return all
}

// add stores a new identity. If there is no room, the oldest guest is forgotten.
func (d *data) add(i identity) error {
	if len(d.Identities) >= maxIdentities {
		oldest := ""
		for id, other := range d.Identities {
			if len(other.Logins) == 0 && (oldest == "" || other.Created.Before(d.Identities[oldest].Created)) {
				oldest = id
			}
		}
		if oldest == "" {
			return &exception{"LimitExceededException", textFull}
		}
		delete(d.Identities, oldest)
	}
	d.Identities[i.ID] = i
	d.index(i)
	return nil
}

// remove forgets an identity.
func (d *data) remove(i identity) {
	delete(d.Identities, i.ID)
	for userPool, sub := range i.Logins {
		delete(d.byLogin, login{i.Pool, userPool, sub})
	}
}

// owners returns the identities that have any of the logins.
func (d *data) owners(poolID string, logins map[string]string) []string {
	var all []string
	for userPool, sub := range logins {
		if id, known := d.byLogin[login{poolID, userPool, sub}]; known && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// link adds logins to an identity.
func (d *data) link(i identity, logins map[string]string, now time.Time) identity {
	all := maps.Clone(i.Logins)
	if all == nil {
		all = map[string]string{}
	}
	for userPool, sub := range logins {
		if all[userPool] != sub {
			i.Modified = now
		}
		all[userPool] = sub
	}
	i.Logins = all
	d.Identities[i.ID] = i
	d.index(i)
	return i
}
