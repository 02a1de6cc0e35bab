package userpool

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

func signUpWithData(s *stage) error {
	_, err := s.SignUp(s.t.Context(), &cip.SignUpInput{
		ClientId: s.clientID, Username: aws.String(ines), Password: aws.String(password), ClientMetadata: metadata,
		ValidationData: []types.AttributeType{{Name: aws.String("v"), Value: aws.String("1")}},
	})
	return err
}

func autoConfirm(s *stage) {
	s.functions.on("PreSignUp_SignUp", func(map[string]any) (any, error) {
		return map[string]any{"autoConfirmUser": true, "autoVerifyEmail": true}, nil
	})
}

var signUpRows = []row{
	{operation: "SignUp", do: signUpWithData, want: []wanted{
		{source: "PreSignUp_SignUp", request: `{"userAttributes":{"email":"ines@example.org"},$VALIDATION,$METADATA}`},
		{source: "CustomMessage_SignUp", request: `{$NEW,$CODE,$METADATA}`},
	}},
	{operation: "SignUp, confirmed by the trigger", given: autoConfirm, do: signUpWithData, want: []wanted{
		{source: "PreSignUp_SignUp", request: `{"userAttributes":{"email":"ines@example.org"},$VALIDATION,$METADATA}`},
		{source: "PostConfirmation_ConfirmSignUp", request: `{$USER,$METADATA}`},
	}},
	{operation: "SignUp without data", do: func(s *stage) error { _, err := s.signUp(ines); return err }, want: []wanted{
		{source: "PreSignUp_SignUp", request: `{"userAttributes":{"email":"ines@example.org"},"validationData":null}`},
		{source: "CustomMessage_SignUp", request: `{$NEW,$CODE}`},
	}},
	{operation: "ConfirmSignUp", given: signedUp, do: func(s *stage) error {
		_, err := s.ConfirmSignUp(s.t.Context(),
			&cip.ConfirmSignUpInput{ClientId: s.clientID, Username: aws.String(ines), ConfirmationCode: aws.String(s.code()),
				ClientMetadata: metadata})
		return err
	}, want: []wanted{{source: "PostConfirmation_ConfirmSignUp", request: `{$USER,$METADATA}`}}},
	{operation: "ConfirmSignUp, wrong code", given: signedUp, fails: "CodeMismatchException", do: func(s *stage) error {
		return s.confirm(ines, "000000")
	}},
	{operation: "AdminConfirmSignUp", given: signedUp, do: func(s *stage) error {
		_, err := s.AdminConfirmSignUp(s.t.Context(),
			&cip.AdminConfirmSignUpInput{UserPoolId: s.pool, Username: aws.String(ines), ClientMetadata: metadata})
		return err
	}, want: []wanted{{source: "PostConfirmation_ConfirmSignUp", client: admin, // the address stays unverified
		request: `{"userAttributes":{"cognito:user_status":"CONFIRMED","email":"ines@example.org",` +
			`"email_verified":"false","sub":"$SUB"},$METADATA}`}}},
	{operation: "ResendConfirmationCode", given: signedUp, do: func(s *stage) error {
		_, err := s.ResendConfirmationCode(s.t.Context(),
			&cip.ResendConfirmationCodeInput{ClientId: s.clientID, Username: aws.String(ines), ClientMetadata: metadata})
		return err
	}, want: []wanted{{source: "CustomMessage_ResendCode", request: `{$NEW,$CODE,$METADATA}`}}},
	{operation: "AdminCreateUser", do: func(s *stage) error { return s.createUser("") }, want: []wanted{
		{source: "PreSignUp_AdminCreateUser", client: admin,
			request: `{"userAttributes":{"cognito:user_status":"FORCE_CHANGE_PASSWORD","email":"ines@example.org",` +
				`"email_verified":"true"},$VALIDATION,$METADATA}`},
		{source: "CustomMessage_AdminCreateUser", client: admin,
			request: `{$FORCED,"codeParameter":"{####}","linkParameter":"{##Click Here##}","usernameParameter":"{username}"}`},
	}},
	{operation: "AdminCreateUser, no message", do: func(s *stage) error { return s.createUser("SUPPRESS") },
		want: []wanted{
			{source: "PreSignUp_AdminCreateUser", client: admin,
				request: `{"userAttributes":{"cognito:user_status":"FORCE_CHANGE_PASSWORD","email":"ines@example.org",` +
					`"email_verified":"true"},$VALIDATION,$METADATA}`},
		}},
	{operation: "AdminCreateUser, message again", given: func(s *stage) { s.must(s.createUser("SUPPRESS")) },
		do: func(s *stage) error { return s.createUser("RESEND") }, want: []wanted{
			{source: "CustomMessage_AdminCreateUser", client: admin,
				request: `{$FORCED,"codeParameter":"{####}","linkParameter":"{##Click Here##}","usernameParameter":"{username}"}`},
		}},
}
