package disk_test

import (
	"sync"
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/state/disk"
)

// reopened is a store that is closed and opened again before every call.
type reopened struct {
	t     *testing.T
	dir   string
	now   func() time.Time
	mu    sync.Mutex
	store *disk.Store
}

var _ state.Store = (*reopened)(nil)

// with calls do with the store opened anew, one call at a time.
func (r *reopened) with(do func(s *disk.Store)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.store.Close(); err != nil {
		r.t.Error(err)
	}
	again, err := disk.Open(r.dir, r.now)
	if err != nil {
		r.t.Error(err)
		return
	}
	r.store = again
	do(again)
}

func (r *reopened) CreatePool(p state.Pool) (err error) {
	r.with(func(s *disk.Store) { err = s.CreatePool(p) })
	return err
}

func (r *reopened) Pool(id string) (p state.Pool, err error) {
	r.with(func(s *disk.Store) { p, err = s.Pool(id) })
	return p, err
}

func (r *reopened) Pools() (list []state.Pool) {
	r.with(func(s *disk.Store) { list = s.Pools() })
	return list
}

func (r *reopened) UpdatePool(id string, change func(*state.Pool) error) (p state.Pool, err error) {
	r.with(func(s *disk.Store) { p, err = s.UpdatePool(id, change) })
	return p, err
}

func (r *reopened) DeletePool(id string) (err error) {
	r.with(func(s *disk.Store) { err = s.DeletePool(id) })
	return err
}

func (r *reopened) CreateClient(c state.Client) (err error) {
	r.with(func(s *disk.Store) { err = s.CreateClient(c) })
	return err
}

func (r *reopened) Client(id string) (c state.Client, err error) {
	r.with(func(s *disk.Store) { c, err = s.Client(id) })
	return c, err
}

func (r *reopened) Clients(pool string) (list []state.Client) {
	r.with(func(s *disk.Store) { list = s.Clients(pool) })
	return list
}

func (r *reopened) UpdateClient(id string, change func(*state.Client) error) (c state.Client, err error) {
	r.with(func(s *disk.Store) { c, err = s.UpdateClient(id, change) })
	return c, err
}

func (r *reopened) DeleteClient(id string) (err error) {
	r.with(func(s *disk.Store) { err = s.DeleteClient(id) })
	return err
}

func (r *reopened) CreateUser(pool string, u state.User, aliases state.Aliases) (err error) {
	r.with(func(s *disk.Store) { err = s.CreateUser(pool, u, aliases) })
	return err
}

func (r *reopened) FindUser(pool, name string) (u state.User, err error) {
	r.with(func(s *disk.Store) { u, err = s.FindUser(pool, name) })
	return u, err
}

func (r *reopened) Users(pool string) (list []state.User) {
	r.with(func(s *disk.Store) { list = s.Users(pool) })
	return list
}

func (r *reopened) CountUsers(pool string) (n int) {
	r.with(func(s *disk.Store) { n = s.CountUsers(pool) })
	return n
}

func (r *reopened) CountUsersWithPasskeys(pool string) (n int) {
	r.with(func(s *disk.Store) { n = s.CountUsersWithPasskeys(pool) })
	return n
}

func (r *reopened) UpdateUser(
	pool, username string, aliases state.Aliases, change func(*state.User) error,
) (u state.User, err error) {
	r.with(func(s *disk.Store) { u, err = s.UpdateUser(pool, username, aliases, change) })
	return u, err
}

func (r *reopened) DeleteUser(pool, username string) (err error) {
	r.with(func(s *disk.Store) { err = s.DeleteUser(pool, username) })
	return err
}

func (r *reopened) CreateGroup(pool string, g state.Group) (err error) {
	r.with(func(s *disk.Store) { err = s.CreateGroup(pool, g) })
	return err
}

func (r *reopened) Group(pool, name string) (g state.Group, err error) {
	r.with(func(s *disk.Store) { g, err = s.Group(pool, name) })
	return g, err
}

func (r *reopened) Groups(pool string) (list []state.Group) {
	r.with(func(s *disk.Store) { list = s.Groups(pool) })
	return list
}

func (r *reopened) UpdateGroup(pool, name string, change func(*state.Group) error) (g state.Group, err error) {
	r.with(func(s *disk.Store) { g, err = s.UpdateGroup(pool, name, change) })
	return g, err
}

func (r *reopened) DeleteGroup(pool, name string) (err error) {
	r.with(func(s *disk.Store) { err = s.DeleteGroup(pool, name) })
	return err
}

func (r *reopened) SetMember(pool, group, username string, is state.Membership) (err error) {
	r.with(func(s *disk.Store) { err = s.SetMember(pool, group, username, is) })
	return err
}

func (r *reopened) Members(pool, group string) (list []string) {
	r.with(func(s *disk.Store) { list = s.Members(pool, group) })
	return list
}

func (r *reopened) GroupsOf(pool, username string) (list []state.Group) {
	r.with(func(s *disk.Store) { list = s.GroupsOf(pool, username) })
	return list
}

func (r *reopened) PutSession(token string, session state.Session) {
	r.with(func(s *disk.Store) { s.PutSession(token, session) })
}

func (r *reopened) TakeSession(token string) (session state.Session, err error) {
	r.with(func(s *disk.Store) { session, err = s.TakeSession(token) })
	return session, err
}

func (r *reopened) CreateFamily(f state.Family) { r.with(func(s *disk.Store) { s.CreateFamily(f) }) }

func (r *reopened) Family(originJTI string) (f state.Family, err error) {
	r.with(func(s *disk.Store) { f, err = s.Family(originJTI) })
	return f, err
}

func (r *reopened) FamilyOf(refreshToken string) (f state.Family, current bool, err error) {
	r.with(func(s *disk.Store) { f, current, err = s.FamilyOf(refreshToken) })
	return f, current, err
}

func (r *reopened) UpdateFamily(originJTI string, change func(*state.Family) error) (f state.Family, err error) {
	r.with(func(s *disk.Store) { f, err = s.UpdateFamily(originJTI, change) })
	return f, err
}

func (r *reopened) Families(pool, username string) (list []state.Family) {
	r.with(func(s *disk.Store) { list = s.Families(pool, username) })
	return list
}

func (r *reopened) RevokeFamilies(pool, username string) {
	r.with(func(s *disk.Store) { s.RevokeFamilies(pool, username) })
}
