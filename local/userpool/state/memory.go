package state

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Memory is a Store in memory. Its data is lost when the program ends.
type Memory struct {
	mu       sync.RWMutex
	pools    map[string]*poolData
	clients  map[string]Client
	families map[string]*Family
	refresh  map[[32]byte]string // origin jti by hash of refresh token

	sessionMu    sync.Mutex
	sessions     map[[32]byte]Session
	sessionBytes int // their sizes
	puts         int
	now          func() time.Time

	// What was changed since the last call of Changes; nil if nobody asks.
	changed         map[Key]struct{}
	changedSessions map[[32]byte]struct{}
}

type poolData struct {
	pool         Pool
	bytes        int                           // the sizes of the users
	withPasskeys int                           // how many users have passkeys
	users        map[string]User               // by folded name
	owners       map[owned]map[string]struct{} // folded names by sign-in attribute
	linked       map[identityKey]string        // folded names by identity
	groups       map[string]Group
	members      map[string]map[string]struct{} // folded names by group
	signIns      map[string]map[string]struct{} // origin jtis by folded name
}

// NewMemory returns an empty store. It uses the clock to find expired sessions.
func NewMemory(now func() time.Time) *Memory {
	return &Memory{
		pools: map[string]*poolData{}, clients: map[string]Client{}, families: map[string]*Family{},
		refresh: map[[32]byte]string{}, sessions: map[[32]byte]Session{}, now: now,
	}
}

var _ Store = (*Memory)(nil)

func (p *poolData) fold(name string) string {
	if p.pool.Settings.CaseSensitive() {
		return name
	}
	return strings.ToLower(name)
}

func (m *Memory) CreatePool(p Pool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pools[p.ID] != nil {
		return ErrExists
	}
	p.Resources = maps.Clone(p.Resources)
	m.pools[p.ID] = &poolData{
		pool: p, users: map[string]User{}, owners: map[owned]map[string]struct{}{},
		linked: map[identityKey]string{}, groups: map[string]Group{}, members: map[string]map[string]struct{}{},
		signIns: map[string]map[string]struct{}{},
	}
	m.note(KindPool, "", p.ID)
	return nil
}

func (m *Memory) Pool(id string) (Pool, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p := m.pools[id]
	if p == nil {
		return Pool{}, ErrNotFound
	}
	return p.copy(), nil
}

func (p *poolData) copy() Pool {
	out := p.pool
	out.Resources = maps.Clone(out.Resources)
	return out
}

func (m *Memory) Pools() []Pool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var list []Pool
	for _, id := range slices.Sorted(maps.Keys(m.pools)) {
		list = append(list, m.pools[id].copy())
	}
	return list
}

func (m *Memory) UpdatePool(id string, change func(*Pool) error) (Pool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.pools[id]
	if p == nil {
		return Pool{}, ErrNotFound
	}
	changed := p.copy()
	if err := change(&changed); err != nil {
		return Pool{}, err
	}
	p.pool = changed
	m.note(KindPool, "", id)
	return p.copy(), nil
}

func (m *Memory) DeletePool(id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pools[id] == nil {
		return ErrNotFound
	}
	m.noteAll(m.pools[id])
	delete(m.pools, id)
	maps.DeleteFunc(m.clients, func(_ string, c Client) bool { return c.Pool == id })
	maps.DeleteFunc(m.families, func(_ string, f *Family) bool { return f.Pool == id })
	maps.DeleteFunc(m.refresh, func(_ [32]byte, jti string) bool { return m.families[jti] == nil })
	return nil
}

func (m *Memory) CreateClient(c Client) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pools[c.Pool] == nil {
		return ErrNotFound
	}
	if _, taken := m.clients[c.ID]; taken {
		return ErrExists
	}
	m.clients[c.ID] = c
	m.note(KindClient, "", c.ID)
	return nil
}

func (m *Memory) Client(id string) (Client, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	c, found := m.clients[id]
	if !found {
		return Client{}, ErrNotFound
	}
	return c, nil
}

func (m *Memory) Clients(pool string) []Client {
	m.mu.RLock()
	defer m.mu.RUnlock()
	var list []Client
	for _, c := range m.clients {
		if c.Pool == pool {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b Client) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

func (m *Memory) UpdateClient(id string, change func(*Client) error) (Client, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, found := m.clients[id]
	if !found {
		return Client{}, ErrNotFound
	}
	if err := change(&c); err != nil {
		return Client{}, err
	}
	m.clients[id] = c
	m.note(KindClient, "", id)
	return c, nil
}

func (m *Memory) DeleteClient(id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, found := m.clients[id]; !found {
		return ErrNotFound
	}
	delete(m.clients, id)
	m.note(KindClient, "", id)
	return nil
}

// HashToken returns the hash under which a store keeps a session or a refresh token.
func HashToken(token string) [32]byte { return sha256.Sum256([]byte(token)) }

func parseHash(text string) (hash [32]byte, err error) {
	raw, err := hex.DecodeString(text)
	if err == nil && len(raw) != len(hash) {
		err = errors.New("the hash has the wrong length")
	}
	copy(hash[:], raw)
	return hash, err
}
