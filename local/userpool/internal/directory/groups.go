package directory

import (
	"context"
	"errors"
	"time"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// GroupInput is the input of operations on one group.
type GroupInput struct {
	UserPoolId  string  `v:"required,max=55"`
	GroupName   string  `v:"required,max=128,word"`
	Description *string `v:"max=2048"`
	RoleArn     *string `v:"max=2048"`
	Precedence  *int
}

// GroupType is AWS's GroupType.
type GroupType struct {
	GroupName, UserPoolId          string
	Description                    string `json:",omitempty"`
	RoleArn                        string `json:",omitempty"`
	Precedence                     *int   `json:",omitempty"`
	CreationDate, LastModifiedDate wire.Seconds
}

func groupTypeOf(pool string, g state.Group) GroupType {
	return GroupType{
		GroupName: g.Name, UserPoolId: pool, Description: g.Description, RoleArn: g.RoleARN, Precedence: g.Precedence,
		CreationDate: wire.Seconds(g.Created), LastModifiedDate: wire.Seconds(g.Modified),
	}
}

// GroupOutput is the output of operations on one group.
type GroupOutput struct{ Group GroupType }

func (r *Room) groupOutput(pool state.Pool, g state.Group, err error) (*GroupOutput, error) {
	if err != nil {
		return nil, noGroup(err)
	}
	return &GroupOutput{groupTypeOf(pool.ID, g)}, nil
}

// CreateGroup serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html
func (r *Room) CreateGroup(_ context.Context, in *GroupInput) (*GroupOutput, error) {
	pool, err := r.Pool(in.UserPoolId)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	now := r.now()
	g := state.Group{Name: in.GroupName, Created: now}
	in.apply(&g, now)
	if err := r.store.CreateGroup(pool.ID, g); err != nil {
		return nil, fault.New(fault.GroupExists)
	}
	return r.groupOutput(pool, g, nil)
}

// GetGroup serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetGroup.html
func (r *Room) GetGroup(_ context.Context, in *GroupInput) (*GroupOutput, error) {
	pool, err := r.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	g, err := r.store.Group(pool.ID, in.GroupName)
	return r.groupOutput(pool, g, err)
}

func (in *GroupInput) check() error {
	if in.Precedence != nil && *in.Precedence < 0 {
		return fault.Constrain("precedence", "Member must have value greater than or equal to 0")
	}
	return nil
}

// apply changes only what the request contains, as AWS does: Terraform's provider sends only what changes.
func (in *GroupInput) apply(g *state.Group, now time.Time) {
	if in.Description != nil {
		g.Description = *in.Description
	}
	if in.RoleArn != nil {
		g.RoleARN = *in.RoleArn
	}
	if in.Precedence != nil {
		g.Precedence = in.Precedence
	}
	g.Modified = now
}

// UpdateGroup serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateGroup.html
func (r *Room) UpdateGroup(_ context.Context, in *GroupInput) (*GroupOutput, error) {
	pool, err := r.Pool(in.UserPoolId)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	g, err := r.store.UpdateGroup(pool.ID, in.GroupName, func(g *state.Group) error {
		in.apply(g, r.now())
		return nil
	})
	return r.groupOutput(pool, g, err)
}

// DeleteGroup serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteGroup.html
func (r *Room) DeleteGroup(_ context.Context, in *GroupInput) (*wire.Empty, error) {
	pool, err := r.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	return &wire.Empty{}, noGroup(r.store.DeleteGroup(pool.ID, in.GroupName))
}

func noGroup(err error) error {
	if errors.Is(err, state.ErrNotFound) {
		return fault.New(fault.GroupNotFound)
	}
	return err
}
