package userpool

import "cognito-triggers/local/userpool/state"

type membershipInput struct {
	UserPoolId string `v:"required"`
	Username   string `v:"required,max=128"`
	GroupName  string `v:"required,max=128"`
}

// adminAddUserToGroup serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html
func adminAddUserToGroup(c *call, in *membershipInput) (any, error) { return c.setMember(in, true) }

// adminRemoveUserFromGroup serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRemoveUserFromGroup.html
func adminRemoveUserFromGroup(c *call, in *membershipInput) (any, error) {
	return c.setMember(in, false)
}

func (c *call) setMember(in *membershipInput, member bool) (any, error) {
	pool, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	if pool.Seeded {
		_ = c.store.CreateGroup(pool.ID, state.Group{Name: in.GroupName, Created: c.options.Now(), Modified: c.options.Now()}) // it may be there
	}
	if err := c.store.SetMember(pool.ID, in.GroupName, u.Username, member); err != nil {
		return nil, resourceNotFound("Group not found.")
	}
	return struct{}{}, nil
}
