package userpool

import "cognito-triggers/local/userpool/state"

type adminUserInput struct {
	UserPoolId string `v:"required"`
	Username   string `v:"required,max=128"`
}

// adminGetUser serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
func adminGetUser(c *call, in *adminUserInput) (any, error) {
	_, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	out := mfaSettings(u)
	for name, value := range map[string]any{
		"Username": u.Username, "UserAttributes": attributeList(u.Attributes), "Enabled": !u.Disabled, "UserStatus": u.Status,
		"UserCreateDate": seconds(u.Created), "UserLastModifiedDate": seconds(u.Modified),
	} {
		out[name] = value
	}
	return out, nil
}

// mfaSettings are the members of a user's description about MFA.
func mfaSettings(u state.User) map[string]any {
	out := map[string]any{}
	if len(u.MFA) > 0 {
		out["UserMFASettingList"] = u.MFA
	}
	if u.PreferredMFA != "" {
		out["PreferredMfaSetting"] = u.PreferredMFA
	}
	return out
}
