package userpool

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

const newAddress = "new@example.org"

var changedAddress = []types.AttributeType{{Name: aws.String("email"), Value: aws.String(newAddress)}}

const changed = `"userAttributes":{"cognito:user_status":"CONFIRMED","email":"new@example.org",` +
	`"email_verified":"false","sub":"$SUB"}`

// accountRows are operations on existing accounts, by users and administrators.
var accountRows = []row{
	{operation: "ForgotPassword", given: confirmedUser, do: func(s *stage) error { return s.forgot(ines) }, want: []wanted{
		{source: "CustomMessage_ForgotPassword", request: `{$USER,$CODE,$METADATA}`},
	}},
	{operation: "ForgotPassword, migrated user", given: migrates, do: func(s *stage) error { return s.forgot(ines) },
		want: []wanted{
			{source: "UserMigration_ForgotPassword", name: ines,
				request: `{"userAttributes":null,"validationData":null,$METADATA}`},
			{source: "CustomMessage_ForgotPassword", request: `{$USER,$CODE,$METADATA}`},
		}},
	{operation: "ForgotPassword, nobody, hidden", setup: setup{client: hidden},
		do: func(s *stage) error { return s.forgot(stranger) }, want: []wanted{
			{source: "UserMigration_ForgotPassword", name: stranger,
				request: `{"userAttributes":null,"validationData":null,$METADATA}`},
		}},
	{operation: "ConfirmForgotPassword", given: func(s *stage) { confirmedUser(s); s.must(s.forgot(ines)) },
		do: func(s *stage) error { return s.resetWith(s.code()) }, want: []wanted{
			{source: "PostConfirmation_ConfirmForgotPassword", request: `{$USER,$METADATA}`},
		}},
	{operation: "AdminResetUserPassword", given: confirmedUser, do: func(s *stage) error {
		_, err := s.AdminResetUserPassword(s.t.Context(),
			&cip.AdminResetUserPasswordInput{UserPoolId: s.pool, Username: aws.String(ines), ClientMetadata: metadata})
		return err
	}, want: []wanted{{source: "CustomMessage_ForgotPassword", client: admin, request: `{$USER,$CODE,$METADATA}`}}},
	{operation: "USER_PASSWORD_AUTH, password must be reset", given: func(s *stage) {
		confirmedUser(s)
		_, err := s.AdminResetUserPassword(s.t.Context(),
			&cip.AdminResetUserPasswordInput{UserPoolId: s.pool, Username: aws.String(ines)})
		s.must(err)
	}, fails: "PasswordResetRequiredException",
		do: func(s *stage) error { return s.begin("USER_PASSWORD_AUTH", password) }, want: []wanted{
			{source: "PreAuthentication_Authentication", request: `{$RESET,$VALIDATION}`},
		}},
	{operation: "UpdateUserAttributes", given: signedInUser, do: func(s *stage) error {
		_, err := s.UpdateUserAttributes(s.t.Context(),
			&cip.UpdateUserAttributesInput{AccessToken: s.tokens.AccessToken, UserAttributes: changedAddress,
				ClientMetadata: metadata})
		return err
	}, want: []wanted{{source: "CustomMessage_UpdateUserAttribute", request: `{` + changed + `,$CODE,$METADATA}`}}},
	{operation: "AdminUpdateUserAttributes", given: confirmedUser, do: func(s *stage) error {
		_, err := s.AdminUpdateUserAttributes(s.t.Context(),
			&cip.AdminUpdateUserAttributesInput{UserPoolId: s.pool, Username: aws.String(ines), UserAttributes: changedAddress,
				ClientMetadata: metadata})
		return err
	}, want: []wanted{{source: "CustomMessage_UpdateUserAttribute", client: admin,
		request: `{` + changed + `,$CODE,$METADATA}`}}},
	{operation: "GetUserAttributeVerificationCode", given: signedInUser, do: func(s *stage) error {
		_, err := s.GetUserAttributeVerificationCode(s.t.Context(),
			&cip.GetUserAttributeVerificationCodeInput{AccessToken: s.tokens.AccessToken, AttributeName: aws.String("email"),
				ClientMetadata: metadata})
		return err
	}, want: []wanted{{source: "CustomMessage_VerifyUserAttribute", request: `{$USER,$CODE,$METADATA}`}}},
}

// silent returns the row of an operation that fires nothing.
func silent(operation string, do func(*stage) error) row {
	return row{operation: operation, given: signedInUser, do: do}
}

var silentRows = []row{
	silent("VerifyUserAttribute", func(s *stage) error {
		_, err := s.GetUserAttributeVerificationCode(s.t.Context(),
			&cip.GetUserAttributeVerificationCodeInput{AccessToken: s.tokens.AccessToken, AttributeName: aws.String("email")})
		s.must(err)
		s.functions.take()
		_, err = s.VerifyUserAttribute(s.t.Context(),
			&cip.VerifyUserAttributeInput{AccessToken: s.tokens.AccessToken, AttributeName: aws.String("email"),
				Code: aws.String(s.code())})
		return err
	}),
	silent("ChangePassword", func(s *stage) error {
		_, err := s.ChangePassword(s.t.Context(),
			&cip.ChangePasswordInput{AccessToken: s.tokens.AccessToken, PreviousPassword: aws.String(password),
				ProposedPassword: aws.String(newPassword)})
		return err
	}),
	silent("AdminSetUserPassword", func(s *stage) error {
		_, err := s.AdminSetUserPassword(s.t.Context(),
			&cip.AdminSetUserPasswordInput{UserPoolId: s.pool, Username: aws.String(ines), Password: aws.String(newPassword),
				Permanent: true})
		return err
	}),
	silent("UpdateUserAttributes, no address", func(s *stage) error {
		_, err := s.UpdateUserAttributes(s.t.Context(),
			&cip.UpdateUserAttributesInput{AccessToken: s.tokens.AccessToken,
				UserAttributes: []types.AttributeType{{Name: aws.String("name"), Value: aws.String("Ines")}}})
		return err
	}),
	silent("DeleteUserAttributes", func(s *stage) error {
		_, err := s.DeleteUserAttributes(s.t.Context(),
			&cip.DeleteUserAttributesInput{AccessToken: s.tokens.AccessToken, UserAttributeNames: []string{"name"}})
		return err
	}),
	silent("GlobalSignOut", func(s *stage) error {
		_, err := s.GlobalSignOut(s.t.Context(), &cip.GlobalSignOutInput{AccessToken: s.tokens.AccessToken})
		return err
	}),
	silent("AdminUserGlobalSignOut", func(s *stage) error {
		_, err := s.AdminUserGlobalSignOut(s.t.Context(),
			&cip.AdminUserGlobalSignOutInput{UserPoolId: s.pool, Username: aws.String(ines)})
		return err
	}),
	silent("RevokeToken", func(s *stage) error {
		_, err := s.RevokeToken(s.t.Context(), &cip.RevokeTokenInput{ClientId: s.clientID, Token: s.tokens.RefreshToken})
		return err
	}),
	silent("AdminDisableUser", func(s *stage) error {
		_, err := s.AdminDisableUser(s.t.Context(),
			&cip.AdminDisableUserInput{UserPoolId: s.pool, Username: aws.String(ines)})
		return err
	}),
	silent("AdminDeleteUser", func(s *stage) error {
		_, err := s.AdminDeleteUser(s.t.Context(), &cip.AdminDeleteUserInput{UserPoolId: s.pool, Username: aws.String(ines)})
		return err
	}),
	silent("DeleteUser", func(s *stage) error {
		_, err := s.DeleteUser(s.t.Context(), &cip.DeleteUserInput{AccessToken: s.tokens.AccessToken})
		return err
	}),
}
