package directory

import (
	"context"

	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// UserInput is the input of administrators' operations on one user.
type UserInput struct {
	UserPoolId string `v:"required"`
	Username   string `v:"required,max=128"`
}

// UserType is AWS's UserType.
type UserType struct {
	Username             string
	Attributes           []wire.Attribute
	UserCreateDate       wire.Seconds
	UserLastModifiedDate wire.Seconds
	Enabled              bool
	UserStatus           string
}

// UserTypeOf returns a user's description.
func UserTypeOf(u state.User) UserType {
	return UserType{
		Username: u.Username, Attributes: wire.AttributeList(u.Attributes), UserCreateDate: wire.Seconds(u.Created),
		UserLastModifiedDate: wire.Seconds(u.Modified), Enabled: !u.Disabled, UserStatus: u.Status,
	}
}

// MFASettings holds the MFA members of a user's description.
type MFASettings struct {
	UserMFASettingList  []string `json:",omitempty"`
	PreferredMfaSetting string   `json:",omitempty"`
}

// MFASettingsOf returns a user's MFA settings.
func MFASettingsOf(u state.User) MFASettings {
	return MFASettings{UserMFASettingList: u.MFA, PreferredMfaSetting: u.PreferredMFA}
}

// UserOutput is the output of AdminGetUser.
type UserOutput struct {
	Username             string
	UserAttributes       []wire.Attribute
	UserCreateDate       wire.Seconds
	UserLastModifiedDate wire.Seconds
	Enabled              bool
	UserStatus           string
	MFASettings
}

// AdminGetUser serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
func (r *Room) AdminGetUser(_ context.Context, in *UserInput) (*UserOutput, error) {
	_, u, err := r.PoolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return &UserOutput{
		Username: u.Username, UserAttributes: wire.AttributeList(u.Attributes), UserCreateDate: wire.Seconds(u.Created),
		UserLastModifiedDate: wire.Seconds(u.Modified), Enabled: !u.Disabled, UserStatus: u.Status,
		MFASettings: MFASettingsOf(u),
	}, nil
}
