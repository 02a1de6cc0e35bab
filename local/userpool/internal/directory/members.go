package directory

import (
	"context"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// MemberInput is the input of operations that add users to groups or remove them.
type MemberInput struct {
	UserPoolId string `v:"required"`
	Username   string `v:"required,max=128"`
	GroupName  string `v:"required,max=128"`
}

// AddMember serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html
func (r *Room) AddMember(_ context.Context, in *MemberInput) (*wire.Empty, error) {
	return r.setMember(in, state.Member)
}

// RemoveMember serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRemoveUserFromGroup.html
func (r *Room) RemoveMember(_ context.Context, in *MemberInput) (*wire.Empty, error) {
	return r.setMember(in, state.NoMember)
}

func (r *Room) setMember(in *MemberInput, is state.Membership) (*wire.Empty, error) {
	pool, u, err := r.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	if err := r.store.SetMember(pool.ID, in.GroupName, u.Username, is); err != nil {
		return nil, fault.New(fault.GroupNotFound)
	}
	return &wire.Empty{}, nil
}

// ListInput is the input of operations that list groups or members.
type ListInput struct {
	UserPoolId string `v:"required,max=55"`
	Username   string
	GroupName  string
	Limit      *int
	NextToken  string
}

// GroupList is a page of groups.
type GroupList struct {
	Groups    []GroupType
	NextToken string `json:",omitempty"`
}

// ListGroups serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListGroups.html
func (r *Room) ListGroups(_ context.Context, in *ListInput) (*GroupList, error) {
	pool, err := r.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	return groupPage(pool, r.store.Groups(pool.ID), in)
}

// ListGroupsForUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html
func (r *Room) ListGroupsForUser(_ context.Context, in *ListInput) (*GroupList, error) {
	pool, u, err := r.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return groupPage(pool, r.store.GroupsOf(pool.ID, u.Username), in)
}

func groupPage(pool state.Pool, groups []state.Group, in *ListInput) (*GroupList, error) {
	page, next, err := wire.Paginate(groups, in.Limit, in.NextToken, func(g state.Group) string { return g.Name })
	if err != nil {
		return nil, err
	}
	out := &GroupList{Groups: []GroupType{}, NextToken: next}
	for _, g := range page {
		out.Groups = append(out.Groups, groupTypeOf(pool.ID, g))
	}
	return out, nil
}

// MemberList is a page of users in a group.
type MemberList struct {
	Users     []UserType
	NextToken string `json:",omitempty"`
}

// ListMembers serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsersInGroup.html
func (r *Room) ListMembers(_ context.Context, in *ListInput) (*MemberList, error) {
	pool, err := r.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	if _, err := r.store.Group(pool.ID, in.GroupName); err != nil {
		return nil, noGroup(err)
	}
	members := r.store.Members(pool.ID, in.GroupName)
	page, next, err := wire.Paginate(members, in.Limit, in.NextToken, func(name string) string { return name })
	if err != nil {
		return nil, err
	}
	out := &MemberList{Users: []UserType{}, NextToken: next}
	for _, name := range page {
		if u, err := r.store.FindUser(pool.ID, name); err == nil {
			out.Users = append(out.Users, UserTypeOf(u))
		}
	}
	return out, nil
}
