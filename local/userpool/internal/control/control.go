// Package control manages user pools and their resources: app clients, domains, identity providers, resource servers,
// tags, and the MFA configuration.
//
// Package pages has what managed login's pages show: terms and branding.
package control

import (
	"sync"
	"time"

	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/state"
)

// Directory finds pools and clients.
type Directory interface {
	Pool(id string) (state.Pool, error)
	ClientOf(poolID, id string) (state.Client, state.Pool, error)
}

// Addresses are where the domains of pools are reached.
type Addresses interface {
	// Open opens the address of a pool's domain. The error is for whoever created the domain.
	Open(poolID, domain string) error
	// Shut closes it.
	Shut(domain string)
}

// Deps are the dependencies of a Room.
type Deps struct {
	Store     state.Store
	Now       func() time.Time
	Directory Directory
	Region    string  // of new pools
	Omitted   Omitted // by UpdateUserPool
	IDs       IDs     // of new pools and app clients
	Addresses Addresses
}

// Omitted says what UpdateUserPool does to MfaConfiguration and to the members of Policies if a request omits them.
// The API reference says that they return to their defaults; two public reports saw them stay.
type Omitted string

// The values of Omitted.
const (
	Reset Omitted = "reset" // as documented
	Kept  Omitted = "kept"  // as reported
)

// Room serves the operations on pools. It is safe for concurrent use.
type Room struct {
	store     state.Store
	now       func() time.Time
	directory Directory
	region    string
	omitted   Omitted
	ids       IDs
	addresses Addresses
	domains   sync.Mutex // held while domains are created and deleted, so that no two pools get the same one
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("control", d); err != nil {
		return nil, err
	}
	return &Room{
		store: d.Store, now: d.Now, directory: d.Directory, region: d.Region, omitted: d.Omitted, ids: d.IDs,
		addresses: d.Addresses,
	}, nil
}

// change modifies a pool in one transaction.
func (r *Room) change(poolID string, change func(*state.Pool) error) (state.Pool, error) {
	pool, err := r.directory.Pool(poolID)
	if err != nil {
		return state.Pool{}, err
	}
	return r.store.UpdatePool(pool.ID, change)
}
