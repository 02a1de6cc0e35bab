// Package profile holds the user's profile: what this product stores about an account in addition to the user pool, how
// to build it from an event, and the contract of its stores.
//
// A profile's key is the user pool's id and the user's sub, never a name or an address: those can be reassigned to
// other users, sub cannot.
package profile

import (
	"maps"
	"slices"
	"time"
)

// SchemaVersion is the version of the stored form that this code writes. A reader ignores unknown members of a higher
// version.
const SchemaVersion = 1

// TombstoneTime is how long a deleted account's tombstone is kept. A sub is never reused, so it only has to outlast the
// account's events that are still in progress.
const TombstoneTime = 30 * 24 * time.Hour

// Key identifies an account of a user pool.
type Key struct {
	UserPoolID string `json:"user_pool_id"` // for example eu-west-1_Qk7Lm2XyZ
	Sub        string `json:"sub"`          // the user's `sub` attribute, a UUID
}

// String returns "<pool id>#<sub>". It is unique, because a pool id has no '#'.
func (k Key) String() string { return k.UserPoolID + "#" + k.Sub }

// Profile is what is stored about an account. Its JSON members are named like the attributes of the stored item.
type Profile struct {
	Key
	Username         string            `json:"username"`
	Attributes       map[string]string `json:"attributes"`           // by attribute name, see Builder
	Identities       []Identity        `json:"identities,omitempty"` // none for a user without federation
	CreatedAt        time.Time         `json:"created_at,omitzero"`
	UpdatedAt        time.Time         `json:"updated_at,omitzero"`
	SchemaVersion    int               `json:"schema_version"`
	CreatedBy        string            `json:"created_by"`                  // the trigger source that made it
	WelcomeClaimedAt time.Time         `json:"welcome_claimed_at,omitzero"` // zero: the welcome mail is unclaimed
	Access                             // who may sign in
	SignIns                            // which sign-ins there were
}

// Normalized returns a deep copy in the form that every store returns: times in UTC and milliseconds, attributes never
// nil, empty identities always nil.
func (p Profile) Normalized() Profile {
	p.Attributes = maps.Clone(p.Attributes)
	if p.Attributes == nil {
		p.Attributes = map[string]string{}
	}
	p.Identities = slices.Clone(p.Identities)
	if len(p.Identities) == 0 {
		p.Identities = nil
	}
	for i := range p.Identities {
		p.Identities[i].DateCreated = Timestamp(p.Identities[i].DateCreated)
	}
	p.CreatedAt = Timestamp(p.CreatedAt)
	p.UpdatedAt = Timestamp(p.UpdatedAt)
	p.WelcomeClaimedAt = Timestamp(p.WelcomeClaimedAt)
	p.Access, p.SignIns = p.Access.normalized(), p.SignIns.normalized()
	return p
}

// Timestamp returns t as profiles store it: in UTC and whole milliseconds. The zero time stays zero.
func Timestamp(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}

// WithoutTimes returns p without the times of its creation, change, claim and sign-ins, for comparisons with an
// expected profile.
func (p Profile) WithoutTimes() Profile {
	p = p.Normalized()
	p.CreatedAt, p.UpdatedAt, p.WelcomeClaimedAt = time.Time{}, time.Time{}, time.Time{}
	p.Last, p.Device = time.Time{}, time.Time{}
	return p
}
