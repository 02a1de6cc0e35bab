// Package state holds what a local user pool knows: pools, app clients, users, groups, challenge sessions and refresh
// tokens. Each method of Store is one transaction, and what goes in or comes out is a copy: nothing outside can change
// the store behind its back.
//
// Passwords are kept as salted hashes, codes and tokens as hashes.
package state

import "errors"

// Why a transaction did not happen.
var (
	ErrNotFound   = errors.New("not found")
	ErrExists     = errors.New("it exists")
	ErrAliasTaken = errors.New("another user has this alias")
)

// Aliases says what becomes of a sign-in attribute that another user owns.
type Aliases bool

// The ways to deal with such an attribute.
const (
	KeepAliases Aliases = false // the change is refused
	TakeAliases Aliases = true  // the other user's address is no longer verified, and so no alias of theirs
)

// Membership says whether a user is in a group.
type Membership bool

// The two of them.
const (
	Member   Membership = true
	NoMember Membership = false
)

// Store is the data of all pools of a server. It is safe for parallel use.
type Store interface {
	CreatePool(p Pool) error
	Pool(id string) (Pool, error)
	Pools() []Pool // by id
	UpdatePool(id string, change func(*Pool) error) (Pool, error)
	DeletePool(id string) error // with all that is in it

	CreateClient(c Client) error
	Client(id string) (Client, error)
	Clients(pool string) []Client // by id
	UpdateClient(id string, change func(*Client) error) (Client, error)
	DeleteClient(id string) error

	// CreateUser fails with ErrExists where the name is taken, and with ErrAliasTaken where a sign-in attribute is and
	// cannot be taken from its owner.
	CreateUser(pool string, u User, aliases Aliases) error
	// FindUser knows a user by name, by sub and by the attributes that the pool signs users in with.
	FindUser(pool, name string) (User, error)
	Users(pool string) []User // by name
	CountUsers(pool string) int
	// UpdateUser fails with ErrAliasTaken where the change claims a sign-in attribute that another user owns and that
	// cannot be taken from them.
	UpdateUser(pool, username string, aliases Aliases, change func(*User) error) (User, error)
	DeleteUser(pool, username string) error

	CreateGroup(pool string, g Group) error
	Group(pool, name string) (Group, error)
	Groups(pool string) []Group // by name
	UpdateGroup(pool, name string, change func(*Group) error) (Group, error)
	DeleteGroup(pool, name string) error
	SetMember(pool, group, username string, is Membership) error
	Members(pool, group string) []string    // user names, sorted
	GroupsOf(pool, username string) []Group // by precedence, then by name

	// PutSession keeps a challenge session under the hash of its token.
	PutSession(token string, s Session)
	// TakeSession gives the session once: of parallel calls with one token, one gets it.
	TakeSession(token string) (Session, error)

	CreateFamily(f Family)
	Family(originJTI string) (Family, error)
	// FamilyOf finds the family that a refresh token belongs to; current tells whether it is the newest of them.
	FamilyOf(refreshToken string) (f Family, current bool, err error)
	UpdateFamily(originJTI string, change func(*Family) error) (Family, error)
	// RevokeFamilies ends every sign-in of a user.
	RevokeFamilies(pool, username string)
}
