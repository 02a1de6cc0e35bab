// Package state defines the data of a local user pool and its store: pools, app clients, users, groups, challenge
// sessions and refresh tokens. Each method of Store is one transaction. Arguments and results are copied, so callers
// cannot modify the stored data by accident.
//
// Passwords are stored as salted hashes, codes and tokens as hashes.
package state

import (
	"encoding/json"
	"errors"
)

// Errors of transactions.
var (
	ErrNotFound   = errors.New("not found")
	ErrExists     = errors.New("already exists")
	ErrAliasTaken = errors.New("another user has this alias")
	// ErrIdentityTaken means that another user is linked to an identity.
	ErrIdentityTaken = errors.New("another user has this identity")
	ErrSpent         = errors.New("the session was taken before")
	ErrFull          = errors.New("the users' data has reached its bound")
)

// AliasError is ErrAliasTaken with the name of the attribute.
type AliasError struct{ Attribute string }

// Error implements error.
func (e *AliasError) Error() string { return ErrAliasTaken.Error() + ": " + e.Attribute }

// Unwrap returns ErrAliasTaken.
func (e *AliasError) Unwrap() error { return ErrAliasTaken }

// Aliases says what happens to a sign-in attribute that another user owns.
type Aliases bool

// The choices for such an attribute.
const (
	KeepAliases Aliases = false // the change fails
	TakeAliases Aliases = true  // the other user's address becomes unverified, and so stops being an alias
)

// Membership says whether a user is in a group.
type Membership bool

// The values of Membership.
const (
	Member   Membership = true
	NoMember Membership = false
)

// Store holds the data of all pools of a server. It is safe for concurrent use.
type Store interface {
	CreatePool(p Pool) error
	Pool(id string) (Pool, error)
	Pools() []Pool // sorted by id
	UpdatePool(id string, change func(*Pool) error) (Pool, error)
	DeletePool(id string) error // and everything in the pool

	CreateClient(c Client) error
	Client(id string) (Client, error)
	Clients(pool string) []Client // sorted by id
	UpdateClient(id string, change func(*Client) error) (Client, error)
	DeleteClient(id string) error

	// CreateUser returns ErrExists if the name is taken, an *AliasError if another user owns a sign-in attribute that
	// cannot be taken from them, and ErrIdentityTaken if another user is linked to one of the identities.
	// CreateUser also returns ErrFull if all users together would take more memory than a store in memory allows.
	CreateUser(pool string, u User, aliases Aliases) error
	// FindUser finds a user by name, by sub, or by an attribute that users of the pool can sign in with.
	FindUser(pool, name string) (User, error)
	Users(pool string) []User // sorted by name
	CountUsers(pool string) int
	CountUsersWithPasskeys(pool string) int
	// UpdateUser returns an *AliasError or ErrIdentityTaken as CreateUser does.
	UpdateUser(pool, username string, aliases Aliases, change func(*User) error) (User, error)
	DeleteUser(pool, username string) error

	CreateGroup(pool string, g Group) error
	Group(pool, name string) (Group, error)
	Groups(pool string) []Group // sorted by name
	UpdateGroup(pool, name string, change func(*Group) error) (Group, error)
	DeleteGroup(pool, name string) error
	SetMember(pool, group, username string, is Membership) error
	Members(pool, group string) []string    // user names, sorted
	GroupsOf(pool, username string) []Group // sorted by precedence, then by name

	// PutSession stores a challenge session under the hash of its token.
	PutSession(token string, s Session)
	// TakeSession returns a session. If it was taken before, the error is ErrSpent, and the session says only whose it
	// was; at least until it expires. If calls for the same token run concurrently, only one gets the session.
	TakeSession(token string) (Session, error)

	CreateFamily(f Family)
	Family(originJTI string) (Family, error)
	// FamilyOf finds the family of a refresh token and reports whether the token is its newest.
	FamilyOf(refreshToken string) (f Family, current bool, err error)
	UpdateFamily(originJTI string, change func(*Family) error) (Family, error)
	// Families returns a user's sign-ins, also those that were revoked or have ended, the oldest first.
	Families(pool, username string) []Family
	// RevokeFamilies revokes all sign-ins of a user.
	RevokeFamilies(pool, username string)
}

// Durable is a Store whose data outlives the program. Its methods change memory first.
type Durable interface {
	Store
	// Sync returns when everything that was changed before the call would survive the end of the program. A server calls
	// it before an answer leaves. After an error, nothing that is changed later is kept.
	Sync() error
	// PutMessage keeps a message of the inbox and forgets those with a number below first.
	PutMessage(number int, text json.RawMessage, first int)
	// Messages returns the kept messages by number.
	Messages() map[int]json.RawMessage
}
