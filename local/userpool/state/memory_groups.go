package state

import (
	"cmp"
	"maps"
	"slices"
)

func (m *Memory) CreateGroup(pool string, g Group) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.pools[pool]
	if p == nil {
		return ErrNotFound
	}
	if _, taken := p.groups[g.Name]; taken {
		return ErrExists
	}
	p.groups[g.Name] = g
	m.note(KindGroup, pool, g.Name)
	return nil
}

func (m *Memory) Group(pool, name string) (Group, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if p := m.pools[pool]; p != nil {
		if g, found := p.groups[name]; found {
			return g, nil
		}
	}
	return Group{}, ErrNotFound
}

func (m *Memory) Groups(pool string) []Group {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p := m.pools[pool]
	if p == nil {
		return nil
	}
	var list []Group
	for _, name := range slices.Sorted(maps.Keys(p.groups)) {
		list = append(list, p.groups[name])
	}
	return list
}

func (m *Memory) UpdateGroup(pool, name string, change func(*Group) error) (Group, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.pools[pool]
	if p == nil {
		return Group{}, ErrNotFound
	}
	g, found := p.groups[name]
	if !found {
		return Group{}, ErrNotFound
	}
	if err := change(&g); err != nil {
		return Group{}, err
	}
	p.groups[name] = g
	m.note(KindGroup, pool, name)
	return g, nil
}

func (m *Memory) DeleteGroup(pool, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.pools[pool]
	if p == nil {
		return ErrNotFound
	}
	if _, found := p.groups[name]; !found {
		return ErrNotFound
	}
	m.note(KindGroup, pool, name)
	m.noteMembers(p, name)
	delete(p.groups, name)
	delete(p.members, name)
	return nil
}

func (m *Memory) SetMember(pool, group, username string, is Membership) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.pools[pool]
	if p == nil {
		return ErrNotFound
	}
	key := p.fold(username)
	_, hasGroup := p.groups[group]
	if _, hasUser := p.users[key]; !hasGroup || !hasUser {
		return ErrNotFound
	}
	m.note(KindMember, pool, memberID(group, key))
	if is == NoMember {
		delete(p.members[group], key)
		return nil
	}
	if p.members[group] == nil {
		p.members[group] = map[string]struct{}{}
	}
	p.members[group][key] = struct{}{}
	return nil
}

func (m *Memory) Members(pool, group string) []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p := m.pools[pool]
	if p == nil {
		return nil
	}
	var list []string
	for _, key := range slices.Sorted(maps.Keys(p.members[group])) {
		list = append(list, p.users[key].Username)
	}
	return list
}

func (m *Memory) GroupsOf(pool, username string) []Group {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p := m.pools[pool]
	if p == nil {
		return nil
	}
	var list []Group
	for name, members := range p.members {
		if _, member := members[p.fold(username)]; member {
			list = append(list, p.groups[name])
		}
	}
	slices.SortFunc(list, func(a, b Group) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// rank sorts groups without a precedence last.
func rank(g Group) int {
	if g.Precedence == nil {
		return int(^uint(0) >> 1)
	}
	return *g.Precedence
}
