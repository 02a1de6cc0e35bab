package userpool

import (
	"time"

	"cognito-triggers/local/userpool/state"
)

type groupInput struct {
	UserPoolId  string  `v:"required,max=55"`
	GroupName   string  `v:"required,max=128,word"`
	Description *string `v:"max=2048"`
	RoleArn     *string `v:"max=2048"`
	Precedence  *int
}

type groupType struct {
	GroupName, UserPoolId          string
	Description                    string `json:",omitempty"`
	RoleArn                        string `json:",omitempty"`
	Precedence                     *int   `json:",omitempty"`
	CreationDate, LastModifiedDate seconds
}

func groupTypeOf(pool string, g state.Group) groupType {
	return groupType{g.Name, pool, g.Description, g.RoleARN, g.Precedence, seconds(g.Created), seconds(g.Modified)}
}

// createGroup serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html
func createGroup(c *call, in *groupInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	now := c.options.Now()
	g := state.Group{Name: in.GroupName, Created: now}
	in.apply(&g, now)
	if err := c.store.CreateGroup(pool.ID, g); err != nil {
		return nil, &apiError{"GroupExistsException", "A group with the name already exists."}
	}
	return map[string]any{"Group": groupTypeOf(pool.ID, g)}, nil
}

// getGroup serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetGroup.html
func getGroup(c *call, in *groupInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	g, err := c.store.Group(pool.ID, in.GroupName)
	return map[string]any{"Group": groupTypeOf(pool.ID, g)}, noGroup(err)
}

func (in *groupInput) check() error {
	if in.Precedence != nil && *in.Precedence < 0 {
		return invalid("1 validation error detected: Value at 'precedence' failed to satisfy constraint: Member must have value greater than or equal to 0")
	}
	return nil
}

// apply changes what the request has. Terraform's provider sends what changes alone, so AWS keeps the rest.
func (in *groupInput) apply(g *state.Group, now time.Time) {
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

// updateGroup serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateGroup.html
func updateGroup(c *call, in *groupInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return nil, err
	}
	g, err := c.store.UpdateGroup(pool.ID, in.GroupName, func(g *state.Group) error {
		in.apply(g, c.options.Now())
		return nil
	})
	return map[string]any{"Group": groupTypeOf(pool.ID, g)}, noGroup(err)
}

// deleteGroup serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteGroup.html
func deleteGroup(c *call, in *groupInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	return struct{}{}, noGroup(c.store.DeleteGroup(pool.ID, in.GroupName))
}

func noGroup(err error) error {
	if missing(err) {
		return resourceNotFound("Group not found.")
	}
	return err
}

type listInput struct {
	UserPoolId string `v:"required,max=55"`
	Username   string
	GroupName  string
	Limit      *int
	NextToken  string
}

// listGroups serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListGroups.html
func listGroups(c *call, in *listInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	return groupPage(pool, c.store.Groups(pool.ID), in)
}

// adminListGroupsForUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html
func adminListGroupsForUser(c *call, in *listInput) (any, error) {
	pool, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return groupPage(pool, c.store.GroupsOf(pool.ID, u.Username), in)
}

func groupPage(pool state.Pool, groups []state.Group, in *listInput) (any, error) {
	page, next, err := paginate(groups, in.Limit, in.NextToken, func(g state.Group) string { return g.Name })
	if err != nil {
		return nil, err
	}
	list := []groupType{}
	for _, g := range page {
		list = append(list, groupTypeOf(pool.ID, g))
	}
	return paged(map[string]any{"Groups": list}, "NextToken", next), nil
}

// listUsersInGroup serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsersInGroup.html
func listUsersInGroup(c *call, in *listInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	if _, err := c.store.Group(pool.ID, in.GroupName); err != nil {
		return nil, noGroup(err)
	}
	page, next, err := paginate(c.store.Members(pool.ID, in.GroupName), in.Limit, in.NextToken, func(name string) string { return name })
	if err != nil {
		return nil, err
	}
	list := []userType{}
	for _, name := range page {
		if u, err := c.store.FindUser(pool.ID, name); err == nil {
			list = append(list, userTypeOf(u))
		}
	}
	return paged(map[string]any{"Users": list}, "NextToken", next), nil
}
