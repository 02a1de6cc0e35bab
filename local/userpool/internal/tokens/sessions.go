package tokens

import (
	"cmp"
	"context"
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// sessionPage is how many sessions a page has at most.
const sessionPage = 125

// The kinds of sessions, and what the revocation of one does to others. SSO sessions begin with managed login, which
// the local pool does not have; a token session that came through one would have its ID as OriginSessionId.
const (
	tokenSession = "TOKEN"
	unlinked     = "NONE"
	linked       = "LINKED"
)

// UserSession is AWS's SessionDescriptionType of a token session: a sign-in by the API, with its refresh tokens.
type UserSession struct {
	SessionId      string
	SessionType    string
	ClientId       string
	CreateDate     wire.Seconds
	LastActiveDate wire.Seconds
	DeviceType     string           `json:",omitempty"`
	LastIPAddress  string           `json:",omitempty"`
	LastLocation   *SessionLocation `json:",omitempty"` // nil: the local pool knows no places

	IsCurrentSession bool
}

// SessionLocation is where an IP address is.
type SessionLocation struct{ City, Country string }

// SessionList is a page of sessions.
type SessionList struct {
	Sessions  []UserSession
	NextToken string `json:",omitempty"`
}

// ListSessionsInput is the input of ListUserSessions.
type ListSessionsInput struct {
	AccessToken string `v:"required"`
	NextToken   string
}

// AdminListSessionsInput is the input of AdminListUserSessions.
type AdminListSessionsInput struct {
	UserPoolId string `v:"required,max=55"`
	Username   string `v:"required,max=128"`
	NextToken  string
}

// ListSessions serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserSessions.html
func (t *Room) ListSessions(_ context.Context, at wire.Request, in *ListSessionsInput) (*SessionList, error) {
	b, claims, err := t.authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return t.listSessions(b.Pool, b.User, claims.OriginJTI, in.NextToken)
}

// AdminListSessions serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListUserSessions.html
func (t *Room) AdminListSessions(_ context.Context, in *AdminListSessionsInput) (*SessionList, error) {
	pool, u, err := t.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return t.listSessions(pool, u, "", in.NextToken)
}

func (t *Room) listSessions(pool state.Pool, u state.User, current, next string) (*SessionList, error) {
	if !pool.SessionTracking {
		return nil, fault.New(fault.SessionsUntracked)
	}
	id := func(f state.Family) string { return f.SessionID() }
	page, next, err := wire.Page(t.sessions(pool, u.Username), sessionPage, next, id)
	if err != nil {
		return nil, err
	}
	out := &SessionList{Sessions: []UserSession{}, NextToken: next}
	for _, f := range page {
		out.Sessions = append(out.Sessions, UserSession{
			SessionId: f.SessionID(), SessionType: tokenSession, ClientId: f.Client, CreateDate: wire.Seconds(f.AuthTime),
			LastActiveDate: wire.Seconds(f.Active()), DeviceType: f.DeviceType, LastIPAddress: f.Address,
			IsCurrentSession: f.OriginJTI == current,
		})
	}
	return out, nil
}

// sessions returns a user's sessions that are neither revoked nor expired, the least recently used first.
func (t *Room) sessions(pool state.Pool, username string) []state.Family {
	now := t.now()
	list := slices.DeleteFunc(t.store.Families(pool.ID, username), func(f state.Family) bool {
		return f.Revoked || now.After(f.Expires)
	})
	slices.SortStableFunc(list, func(a, b state.Family) int { return a.Active().Compare(b.Active()) })
	return list
}

// begin stores a sign-in. In a pool that tracks sessions, it then revokes the least recently used ones of a user who
// has more than the pool allows, but not the one that begins. One sign-in does so at a time: two would revoke each
// other.
func (t *Room) begin(b directory.Bearer, begun state.Family) {
	if !b.Pool.SessionTracking {
		t.store.CreateFamily(begun)
		return
	}
	t.beginning.Lock()
	defer t.beginning.Unlock()
	t.store.CreateFamily(begun)
	list := t.sessions(b.Pool, b.User.Username)
	surplus := len(list) - b.Pool.TokenSessions()
	for _, f := range list {
		if surplus > 0 && f.OriginJTI != begun.OriginJTI {
			_ = t.End(f) // fails only if it is gone
			surplus--
		}
	}
}

// End ends a sign-in: its refresh tokens and, for operations of the pool, its access tokens.
func (t *Room) End(f state.Family) error {
	_, err := t.store.UpdateFamily(f.OriginJTI, func(f *state.Family) error { f.Revoked = true; return nil })
	return err
}

// Active notes that a session was used, if its pool tracks sessions.
func (t *Room) Active(at wire.Request, pool state.Pool, f state.Family) error {
	if !pool.SessionTracking {
		return nil
	}
	_, err := t.store.UpdateFamily(f.OriginJTI, func(f *state.Family) error {
		f.LastActive, f.Address, f.DeviceType = t.now(), at.IP, deviceOf(at.Agent)
		return nil
	})
	return err
}

// RevokeSessionInput is the input of RevokeUserSession.
type RevokeSessionInput struct {
	AccessToken              string `v:"required"`
	SessionId                string `v:"required,max=28"`
	RevokeAssociatedSessions string
}

// AdminRevokeSessionInput is the input of AdminRevokeUserSession.
type AdminRevokeSessionInput struct {
	UserPoolId               string `v:"required,max=55"`
	Username                 string `v:"required,max=128"`
	SessionId                string `v:"required,max=28"`
	RevokeAssociatedSessions string
}

// RevokeSession serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeUserSession.html
func (t *Room) RevokeSession(_ context.Context, at wire.Request, in *RevokeSessionInput) (*wire.Empty, error) {
	b, claims, err := t.authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return t.revokeSession(b.Pool, b.User, claims.OriginJTI, in.SessionId, in.RevokeAssociatedSessions)
}

// AdminRevokeSession serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRevokeUserSession.html
func (t *Room) AdminRevokeSession(_ context.Context, in *AdminRevokeSessionInput) (*wire.Empty, error) {
	pool, u, err := t.directory.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return t.revokeSession(pool, u, "", in.SessionId, in.RevokeAssociatedSessions)
}

// revokeSession revokes one of the user's own sessions. Those of other users do not exist for it.
func (t *Room) revokeSession(pool state.Pool, u state.User, current, id, associated string) (*wire.Empty, error) {
	if err := checkAssociated(associated); err != nil {
		return nil, err
	}
	if !pool.SessionTracking {
		return nil, fault.New(fault.SessionsUntracked)
	}
	list := t.sessions(pool, u.Username)
	i := slices.IndexFunc(list, func(f state.Family) bool { return f.SessionID() == id })
	switch {
	case i < 0:
		return nil, fault.New(fault.ResourceNotFound, "Session", id)
	case list[i].OriginJTI == current:
		return nil, fault.New(fault.Invalid, "The current session cannot be revoked.")
	}
	return &wire.Empty{}, t.End(list[i])
}

// checkAssociated checks RevokeAssociatedSessions. The default is NONE.
func checkAssociated(value string) error {
	if value = cmp.Or(value, unlinked); value != unlinked && value != linked {
		return fault.Constrain("revokeAssociatedSessions", fault.OneOf(unlinked, linked))
	}
	return nil
}
