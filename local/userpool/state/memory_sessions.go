package state

import (
	"cmp"
	"maps"
	"slices"
)

const (
	// sweepEvery is the number of new sessions after which expired ones are removed.
	sweepEvery = 1024
	// maxSessions bounds the sizes of all sessions together, in bytes. Anybody can begin sign-ins; beyond the bound, the
	// sessions that end first are forgotten.
	maxSessions = 64 << 20
)

// size returns about how much memory the session takes, in bytes.
func (s Session) size() int {
	size := 512 + len(s.Pool) + len(s.Client) + len(s.Username) + len(s.Sub) + len(s.Challenge) + len(s.Secret) +
		len(s.Device) + len(s.Code.Attribute) + len(s.Code.Address) + len(s.Passkey) + len(s.StandsFor)
	if s.SRP != nil {
		size += 4096 // numbers of 3072 bits
	}
	for _, name := range slices.Concat(s.Offered, s.Methods) {
		size += 16 + len(name)
	}
	for _, r := range s.Rounds {
		size += 64 + len(r.Name)
		if r.Metadata != nil {
			size += len(*r.Metadata)
		}
	}
	for name, value := range s.Private {
		size += 64 + len(name) + len(value)
	}
	return size
}

func (m *Memory) PutSession(token string, s Session) {
	m.sessionMu.Lock()
	defer m.sessionMu.Unlock()
	if m.puts++; m.puts%sweepEvery == 0 {
		now := m.now()
		for key, s := range m.sessions {
			if now.After(s.Expires) {
				m.dropSession(key)
			}
		}
	}
	m.putSession(HashToken(token), s)
}

func (m *Memory) putSession(key [32]byte, s Session) {
	m.dropSession(key)
	if m.sessionBytes += s.size(); m.sessionBytes > maxSessions {
		m.dropEarliest()
	}
	m.sessions[key] = s
	m.noteSession(key)
}

// dropEarliest forgets the sessions that end first, until the others take half of the bound.
func (m *Memory) dropEarliest() {
	keys := slices.SortedFunc(maps.Keys(m.sessions), func(a, b [32]byte) int {
		return cmp.Compare(m.sessions[a].Expires.UnixNano(), m.sessions[b].Expires.UnixNano())
	})
	for _, key := range keys {
		if m.sessionBytes <= maxSessions/2 {
			return
		}
		m.dropSession(key)
	}
}

func (m *Memory) dropSession(key [32]byte) {
	if s, found := m.sessions[key]; found {
		m.sessionBytes -= s.size()
		delete(m.sessions, key)
		m.noteSession(key)
	}
}

func (m *Memory) TakeSession(token string) (Session, error) {
	m.sessionMu.Lock()
	defer m.sessionMu.Unlock()
	key := HashToken(token)
	s, found := m.sessions[key]
	if !found {
		return Session{}, ErrNotFound
	}
	if s.Spent {
		return s, ErrSpent
	}
	spent := Session{Pool: s.Pool, Client: s.Client, Challenge: s.Challenge, Expires: s.Expires, Spent: true}
	m.sessionBytes += spent.size() - s.size()
	m.sessions[key] = spent
	m.noteSession(key)
	return s, nil
}

func (m *Memory) CreateFamily(f Family) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.pools[f.Pool]
	if p == nil {
		return
	}
	key := p.fold(f.Username)
	m.forgetExpired(p, key)
	m.families[f.OriginJTI] = &f
	m.note(KindFamily, "", f.OriginJTI)
	m.index(&f)
	if p.signIns[key] == nil {
		p.signIns[key] = map[string]struct{}{}
	}
	p.signIns[key][f.OriginJTI] = struct{}{}
}

// forgetExpired removes a user's ended sign-ins. An access token outlives its refresh token by at most a day.
func (m *Memory) forgetExpired(p *poolData, key string) {
	limit := m.now().AddDate(0, 0, -1)
	for jti := range p.signIns[key] {
		if f := m.families[jti]; f == nil || f.Expires.Before(limit) {
			m.forget(f)
			delete(p.signIns[key], jti)
		}
	}
}

func (m *Memory) forget(f *Family) {
	if f != nil {
		m.unindex(f)
		delete(m.families, f.OriginJTI)
		m.note(KindFamily, "", f.OriginJTI)
	}
}

// index makes a family's refresh tokens known.
func (m *Memory) index(f *Family) {
	for _, hash := range f.tokens() {
		m.refresh[hash] = f.OriginJTI
	}
}

func (m *Memory) unindex(f *Family) {
	for _, hash := range f.tokens() {
		delete(m.refresh, hash)
	}
}

func (m *Memory) Family(originJTI string) (Family, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if f := m.families[originJTI]; f != nil {
		return *f, nil
	}
	return Family{}, ErrNotFound
}

func (m *Memory) FamilyOf(refreshToken string) (Family, bool, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	hash := HashToken(refreshToken)
	f := m.families[m.refresh[hash]]
	if f == nil {
		return Family{}, false, ErrNotFound
	}
	return *f, f.Current == hash, nil
}

func (m *Memory) UpdateFamily(originJTI string, change func(*Family) error) (Family, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.families[originJTI]
	if f == nil {
		return Family{}, ErrNotFound
	}
	changed := *f
	if err := change(&changed); err != nil {
		return Family{}, err
	}
	m.unindex(f)
	m.index(&changed)
	*f = changed
	m.note(KindFamily, "", originJTI)
	return changed, nil
}

func (m *Memory) Families(pool, username string) []Family {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p := m.pools[pool]
	if p == nil {
		return nil
	}
	signIns := p.signIns[p.fold(username)]
	list := make([]Family, 0, len(signIns))
	for jti := range signIns {
		if f := m.families[jti]; f != nil {
			list = append(list, *f)
		}
	}
	slices.SortFunc(list, func(a, b Family) int {
		return cmp.Or(a.AuthTime.Compare(b.AuthTime), cmp.Compare(a.OriginJTI, b.OriginJTI))
	})
	return list
}

func (m *Memory) RevokeFamilies(pool, username string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p := m.pools[pool]; p != nil {
		m.revoke(p, p.fold(username))
	}
}

func (m *Memory) revoke(p *poolData, key string) {
	for jti := range p.signIns[key] {
		if f := m.families[jti]; f != nil {
			f.Revoked = true
			m.note(KindFamily, "", jti)
		}
	}
}
