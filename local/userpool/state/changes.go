package state

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind is a kind of record.
type Kind string

// The kinds of records, in the order in which NewMemoryFrom needs them: a user belongs to a pool.
const (
	KindPool    Kind = "pool"
	KindClient  Kind = "client"
	KindGroup   Kind = "group"
	KindUser    Kind = "user"
	KindMember  Kind = "member" // a user's membership in a group
	KindFamily  Kind = "family"
	KindSession Kind = "session"
)

func kinds() []Kind {
	return []Kind{KindPool, KindClient, KindGroup, KindUser, KindMember, KindFamily, KindSession}
}

// Key identifies a record.
type Key struct {
	Kind Kind
	Pool string // of groups, users and members
	// ID is the id of a pool or client, the name of a group, the folded name of a user, group and folded user name of a
	// member with a zero byte between them, the origin jti of a family, or the hash of a session's token.
	ID string
}

// Record is one thing that a Memory holds; only the field of its kind is set.
type Record struct {
	Pool     *Pool    `json:",omitempty"`
	PoolName string   `json:",omitempty"` // of the pool; its settings do not encode it
	Client   *Client  `json:",omitempty"`
	Group    *Group   `json:",omitempty"`
	User     *User    `json:",omitempty"`
	Family   *Family  `json:",omitempty"`
	Session  *Session `json:",omitempty"`
}

// NewMemoryFrom returns a store with the records, whose changes are tracked. It returns an error if a record refers to
// one that is missing. Sessions that have expired are left out.
func NewMemoryFrom(now func() time.Time, records map[Key]Record) (*Memory, error) {
	m := NewMemory(now)
	for _, kind := range kinds() {
		for key, r := range records {
			if key.Kind != kind {
				continue
			}
			if err := m.restore(key, r); err != nil {
				return nil, fmt.Errorf("%s %q: %w", key.Kind, key.ID, err)
			}
		}
	}
	m.changed, m.changedSessions = map[Key]struct{}{}, map[[32]byte]struct{}{}
	m.noteForgotten(records)
	return m, nil
}

// noteForgotten notes the records that were not taken over, since they have expired.
func (m *Memory) noteForgotten(records map[Key]Record) {
	for key := range records {
		if hash, err := parseHash(key.ID); key.Kind == KindSession && err == nil {
			if _, kept := m.sessions[hash]; !kept {
				m.noteSession(hash)
			}
		} else if m.record(key) == nil {
			m.note(key.Kind, key.Pool, key.ID)
		}
	}
}

// NoteEverything makes the next call of Changes return all records.
func (m *Memory) NoteEverything() {
	m.mu.Lock()
	for _, p := range m.pools {
		m.noteAll(p)
	}
	m.mu.Unlock()
	m.sessionMu.Lock()
	defer m.sessionMu.Unlock()
	for hash := range m.sessions {
		m.noteSession(hash)
	}
}

func (m *Memory) restore(key Key, r Record) error {
	switch {
	case key.Kind == KindPool && r.Pool != nil && r.Pool.Settings != nil:
		pool, settings := *r.Pool, *r.Pool.Settings
		settings.PoolName, pool.Settings = r.PoolName, &settings
		return m.CreatePool(pool)
	case key.Kind == KindClient && r.Client != nil:
		return m.CreateClient(*r.Client)
	case key.Kind == KindGroup && r.Group != nil:
		return m.CreateGroup(key.Pool, *r.Group)
	case key.Kind == KindUser && r.User != nil:
		p := m.pools[key.Pool]
		if p == nil {
			return ErrNotFound
		}
		m.put(p, r.User.clone())
		return nil
	case key.Kind == KindMember:
		group, user, _ := strings.Cut(key.ID, "\x00")
		return m.SetMember(key.Pool, group, user, Member)
	case key.Kind == KindFamily && r.Family != nil:
		return m.restoreFamily(*r.Family)
	case key.Kind == KindSession && r.Session != nil:
		hash, err := parseHash(key.ID)
		if err == nil && !m.now().After(r.Session.Expires) {
			m.putSession(hash, *r.Session)
		}
		return err
	}
	return errors.New("the record is empty")
}

func (m *Memory) restoreFamily(f Family) error {
	if m.pools[f.Pool] == nil {
		return ErrNotFound
	}
	m.CreateFamily(f)
	return nil
}

// note remembers that a record was changed. The caller holds m.mu.
func (m *Memory) note(kind Kind, pool, id string) {
	if m.changed != nil {
		m.changed[Key{kind, pool, id}] = struct{}{}
	}
}

// noteSession is note for a session. The caller holds m.sessionMu.
func (m *Memory) noteSession(hash [32]byte) {
	if m.changedSessions != nil {
		m.changedSessions[hash] = struct{}{}
	}
}

// noteAll notes everything in a pool.
func (m *Memory) noteAll(p *poolData) {
	if m.changed == nil {
		return
	}
	id := p.pool.ID
	m.note(KindPool, "", id)
	for name := range p.groups {
		m.note(KindGroup, id, name)
	}
	for name := range p.users {
		m.note(KindUser, id, name)
	}
	for group := range p.members {
		m.noteMembers(p, group)
	}
	for _, c := range m.clients {
		if c.Pool == id {
			m.note(KindClient, "", c.ID)
		}
	}
	for jti, f := range m.families {
		if f.Pool == id {
			m.note(KindFamily, "", jti)
		}
	}
}

func (m *Memory) noteMembers(p *poolData, group string) {
	for user := range p.members[group] {
		m.note(KindMember, p.pool.ID, memberID(group, user))
	}
}

func memberID(group, user string) string { return group + "\x00" + user }

// Changes returns the records that were changed since the last call, as they are now; nil for one that is gone. All of
// them are of one moment, but sessions, to which no other record refers, may be of a later one.
func (m *Memory) Changes() map[Key]*Record {
	m.mu.Lock()
	out := make(map[Key]*Record, len(m.changed))
	for key := range m.changed {
		out[key] = m.record(key)
	}
	clear(m.changed)
	m.mu.Unlock()
	m.sessionMu.Lock()
	defer m.sessionMu.Unlock()
	for hash := range m.changedSessions {
		key := Key{Kind: KindSession, ID: fmt.Sprintf("%x", hash)}
		out[key] = nil
		if s, found := m.sessions[hash]; found {
			out[key] = &Record{Session: &s}
		}
	}
	clear(m.changedSessions)
	return out
}

func (m *Memory) record(key Key) *Record {
	p := m.pools[key.Pool]
	switch key.Kind {
	case KindPool:
		if p := m.pools[key.ID]; p != nil {
			pool := p.copy()
			return &Record{Pool: &pool, PoolName: pool.Settings.PoolName}
		}
	case KindClient:
		if c, found := m.clients[key.ID]; found {
			return &Record{Client: &c}
		}
	case KindFamily:
		if f := m.families[key.ID]; f != nil {
			family := *f
			return &Record{Family: &family}
		}
	case KindGroup:
		if p == nil {
			return nil
		}
		if g, found := p.groups[key.ID]; found {
			return &Record{Group: &g}
		}
	case KindUser:
		if p == nil {
			return nil
		}
		if u, found := p.users[key.ID]; found {
			u = u.clone()
			return &Record{User: &u}
		}
	case KindMember:
		group, user, _ := strings.Cut(key.ID, "\x00")
		if p == nil {
			return nil
		}
		if _, member := p.members[group][user]; member {
			return &Record{}
		}
	}
	return nil
}
