// Package profile holds the user's profile: what this product keeps about an account beside the user pool, how it is
// built from an event, and the contract of the stores that keep it.
//
// A profile is keyed on the user pool's id and the user's `sub`, never on a name or an address: those can change hands,
// `sub` cannot.
package profile

import (
	"maps"
	"slices"
	"time"
)

// SchemaVersion is the version of the stored form that this code writes. A reader that meets a higher one reads the
// members that it knows.
const SchemaVersion = 1

// Key names one account of one user pool.
type Key struct {
	UserPoolID string `json:"user_pool_id"` // for example eu-west-1_Qk7Lm2XyZ
	Sub        string `json:"sub"`          // the user's `sub` attribute, a UUID
}

// String is the key's one-string form, "<pool id>#<sub>". A pool id holds no '#', so two keys never share one.
func (k Key) String() string { return k.UserPoolID + "#" + k.Sub }

// Profile is what is stored about one account. Its JSON members are named as the stored item's attributes are.
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
}

// Normalized is a deep copy in the form that every store gives back: times in UTC with milliseconds, attributes never
// nil, no identities as nil.
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
	return p
}

// Timestamp is t as profiles keep it: UTC, whole milliseconds. The zero time stays zero.
func Timestamp(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Millisecond)
}

// WithoutTimes is p without the times of its making, change and claim, to be compared with what a profile should be.
func (p Profile) WithoutTimes() Profile {
	p = p.Normalized()
	p.CreatedAt, p.UpdatedAt, p.WelcomeClaimedAt = time.Time{}, time.Time{}, time.Time{}
	return p
}
