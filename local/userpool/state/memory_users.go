package state

import (
	"maps"
	"slices"
	"strings"

	"cognito-triggers/shared/cognito"
)

// signInAttributes can identify a user at sign-in: sub in every pool, the others if the pool's settings say so.
var signInAttributes = []string{"sub", "email", "phone_number", "preferred_username"}

// maxUsers bounds the sizes of all users together, in bytes: anybody can sign up, and no user may be forgotten.
const maxUsers = 256 << 20

// size returns about how much memory the user takes, in bytes, with the indexes.
func (u User) size() int {
	size := 1024 + 2*len(u.Username) + 256*(1+len(u.History)) + 256*len(u.Codes) + len(u.TOTPDevice)
	for _, values := range []map[string]string{u.Attributes, u.Pending} {
		for name, value := range values {
			size += 64 + len(name) + len(value)
		}
	}
	for _, name := range signInAttributes {
		size += 128 + len(u.Attributes[name])
	}
	for _, d := range u.Devices {
		size += d.size()
	}
	for _, key := range u.Passkeys {
		size += key.size()
	}
	return size
}

// owned is a sign-in attribute and its case-folded value.
type owned struct{ attribute, value string }

func ownerKey(attribute, value string) owned { return owned{attribute, strings.ToLower(value)} }

func (m *Memory) put(p *poolData, u User) {
	key := p.fold(u.Username)
	m.note(KindUser, p.pool.ID, key)
	p.unindex(key)
	p.users[key] = u
	p.bytes += u.size()
	if len(u.Passkeys) > 0 {
		p.withPasskeys++
	}
	for _, name := range signInAttributes {
		if value := u.Attributes[name]; value != "" {
			index := ownerKey(name, value)
			if p.owners[index] == nil {
				p.owners[index] = map[string]struct{}{}
			}
			p.owners[index][key] = struct{}{}
		}
	}
	for _, id := range u.Identities() {
		p.linked[id.key()] = key
	}
}

func (p *poolData) unindex(key string) {
	old, found := p.users[key]
	if !found {
		return
	}
	p.bytes -= old.size()
	if len(old.Passkeys) > 0 {
		p.withPasskeys--
	}
	for _, name := range signInAttributes {
		index := ownerKey(name, old.Attributes[name])
		delete(p.owners[index], key)
		if len(p.owners[index]) == 0 {
			delete(p.owners, index)
		}
	}
	for _, id := range old.Identities() {
		delete(p.linked, id.key())
	}
}

// alias reports whether the user can sign in with the attribute: immediately in a pool with username attributes, and
// once it is verified in a pool with aliases. A user of an identity provider signs in there, and may have an address
// that a local user signs in with.
func (p *poolData) alias(u User, attribute string) bool {
	s := p.pool.Settings
	switch {
	case u.Attributes[attribute] == "", u.Status == ExternalProvider:
		return false
	case slices.Contains(s.UsernameAttributes, attribute):
		return true
	case !slices.Contains(s.AliasAttributes, attribute):
		return false
	case attribute == "preferred_username":
		return u.Status != Unconfirmed
	}
	return cognito.IsTrue(u.Attributes[attribute+"_verified"]) && u.Status != Unconfirmed
}

// rival returns another user who signs in with the same attribute value.
func (p *poolData) rival(u User, attribute string) (string, bool) {
	if !p.alias(u, attribute) {
		return "", false
	}
	self := p.fold(u.Username)
	for key := range p.owners[ownerKey(attribute, u.Attributes[attribute])] {
		if key != self && p.alias(p.users[key], attribute) {
			return key, true
		}
	}
	return "", false
}

func (p *poolData) find(name string) (string, bool) {
	key := p.fold(name)
	if _, found := p.users[key]; found {
		return key, true
	}
	if name == "" {
		return "", false
	}
	for _, attribute := range signInAttributes {
		for owner := range p.owners[ownerKey(attribute, name)] {
			if attribute == "sub" || p.alias(p.users[owner], attribute) {
				return owner, true
			}
		}
	}
	return "", false
}

// claim decides who owns the user's sign-in attributes and identities.
func (m *Memory) claim(p *poolData, u User, aliases Aliases) error {
	for _, id := range u.Identities() {
		if owner, taken := p.linked[id.key()]; taken && owner != p.fold(u.Username) {
			return ErrIdentityTaken
		}
	}
	var claimed []string
	for _, attribute := range signInAttributes[1:] {
		if _, taken := p.rival(u, attribute); !taken {
			continue
		}
		// Taking an attribute from its owner makes it unverified, which these cannot be.
		fixed := attribute == "preferred_username" || slices.Contains(p.pool.Settings.UsernameAttributes, attribute)
		if aliases == KeepAliases || fixed {
			return &AliasError{attribute}
		}
		claimed = append(claimed, attribute)
	}
	for _, attribute := range claimed {
		other, _ := p.rival(u, attribute)
		loser := p.users[other].clone()
		loser.Attributes[attribute+"_verified"] = "false"
		m.put(p, loser)
	}
	return nil
}

func (m *Memory) CreateUser(pool string, u User, aliases Aliases) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.pools[pool]
	if p == nil {
		return ErrNotFound
	}
	if _, taken := p.users[p.fold(u.Username)]; taken {
		return ErrExists
	}
	u = u.clone()
	bytes := u.size()
	for _, pool := range m.pools {
		bytes += pool.bytes
	}
	if bytes > maxUsers {
		return ErrFull
	}
	if err := m.claim(p, u, aliases); err != nil {
		return err
	}
	m.put(p, u)
	return nil
}

func (m *Memory) FindUser(pool, name string) (User, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p := m.pools[pool]
	if p == nil {
		return User{}, ErrNotFound
	}
	key, found := p.find(name)
	if !found {
		return User{}, ErrNotFound
	}
	return p.users[key].clone(), nil
}

func (m *Memory) Users(pool string) []User {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p := m.pools[pool]
	if p == nil {
		return nil
	}
	list := make([]User, 0, len(p.users))
	for _, key := range slices.Sorted(maps.Keys(p.users)) {
		list = append(list, p.users[key].clone())
	}
	return list
}

func (m *Memory) CountUsers(pool string) int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if p := m.pools[pool]; p != nil {
		return len(p.users)
	}
	return 0
}

func (m *Memory) CountUsersWithPasskeys(pool string) int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if p := m.pools[pool]; p != nil {
		return p.withPasskeys
	}
	return 0
}

func (m *Memory) UpdateUser(pool, username string, aliases Aliases, change func(*User) error) (User, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.pools[pool]
	if p == nil {
		return User{}, ErrNotFound
	}
	key := p.fold(username)
	old, found := p.users[key]
	if !found {
		return User{}, ErrNotFound
	}
	u := old.clone()
	if err := change(&u); err != nil {
		return User{}, err
	}
	u.Username = old.Username
	if err := m.claim(p, u, aliases); err != nil {
		return User{}, err
	}
	m.put(p, u)
	return u.clone(), nil
}

func (m *Memory) DeleteUser(pool, username string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.pools[pool]
	if p == nil {
		return ErrNotFound
	}
	key := p.fold(username)
	if _, found := p.users[key]; !found {
		return ErrNotFound
	}
	for jti := range p.signIns[key] {
		m.forget(m.families[jti])
	}
	delete(p.signIns, key)
	p.unindex(key)
	delete(p.users, key)
	m.note(KindUser, pool, key)
	for group, members := range p.members {
		if _, member := members[key]; member {
			m.note(KindMember, pool, memberID(group, key))
			delete(members, key)
		}
	}
	return nil
}
