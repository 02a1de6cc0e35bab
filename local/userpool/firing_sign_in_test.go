package userpool

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/totp"
)

// signInEvents are the events of a sign-in that ends with a challenge.
var signInEvents = []wanted{
	{source: "PostAuthentication_Authentication", request: `{$USER,"newDeviceUsed":false,$METADATA}`},
	{source: "TokenGeneration_Authentication", request: `{$USER,$GROUPS,$METADATA}`},
}

// passwordEvents are the events of a sign-in in one request. Only pre authentication gets its metadata.
var passwordEvents = []wanted{
	{source: "PreAuthentication_Authentication", request: `{$USER,$VALIDATION}`},
	{source: "PostAuthentication_Authentication", request: `{$USER,"newDeviceUsed":false}`},
	{source: "TokenGeneration_Authentication", request: `{$USER,$GROUPS}`},
}

func migrates(s *stage) {
	answer := func(map[string]any) (any, error) {
		return map[string]any{"userAttributes": map[string]string{"email_verified": "true"}, "finalUserStatus": "CONFIRMED",
			"messageAction": "SUPPRESS"}, nil
	}
	s.functions.on("UserMigration_Authentication", answer)
	s.functions.on("UserMigration_ForgotPassword", answer)
}

// beginSRP starts a sign-in and answers PASSWORD_VERIFIER; extra holds additional AuthParameters.
func (s *stage) beginSRP(flow types.AuthFlowType, extra map[string]string) func() error {
	client := srp.NewClient(*s.pool, ines, password)
	parameters := client.AuthParameters()
	for name, value := range extra {
		parameters[name] = value
	}
	s.must(s.beginWith(flow, parameters))
	return func() error {
		responses, err := client.Respond(s.asked, s.clock.Now())
		s.must(err)
		return s.respond(responses)
	}
}

// withTOTP signs the user in, sets up TOTP, and returns a function for the current code.
func (s *stage) withTOTP() func() string {
	signedInUser(s)
	_, err := s.SetUserPoolMfaConfig(s.t.Context(), &cip.SetUserPoolMfaConfigInput{
		UserPoolId: s.pool, MfaConfiguration: types.UserPoolMfaTypeOptional,
		SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
	})
	s.must(err)
	made, err := s.AssociateSoftwareToken(s.t.Context(),
		&cip.AssociateSoftwareTokenInput{AccessToken: s.tokens.AccessToken})
	s.must(err)
	now := func() string {
		s.clock.Advance(30 * time.Second)
		code, err := totp.Code(*made.SecretCode, s.clock.Now())
		s.must(err)
		return code
	}
	_, err = s.VerifySoftwareToken(s.t.Context(),
		&cip.VerifySoftwareTokenInput{AccessToken: s.tokens.AccessToken, UserCode: aws.String(now())})
	s.must(err)
	_, err = s.SetUserMFAPreference(s.t.Context(),
		&cip.SetUserMFAPreferenceInput{AccessToken: s.tokens.AccessToken,
			SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: true}})
	s.must(err)
	return now
}

var signInRows = []row{
	{operation: "InitiateAuth USER_PASSWORD_AUTH", given: confirmedUser,
		do: func(s *stage) error { return s.begin("USER_PASSWORD_AUTH", password) }, want: passwordEvents},
	{operation: "AdminInitiateAuth ADMIN_USER_PASSWORD_AUTH", given: confirmedUser,
		do: func(s *stage) error { return s.begin("ADMIN_USER_PASSWORD_AUTH", password) }, want: passwordEvents},
	{operation: "USER_PASSWORD_AUTH, wrong password", given: confirmedUser, fails: "NotAuthorizedException",
		do: func(s *stage) error { return s.begin("USER_PASSWORD_AUTH", "wrong") }, want: passwordEvents[:1]},
	{operation: "USER_PASSWORD_AUTH, client that hides users", setup: setup{client: hidden}, given: confirmedUser,
		do: func(s *stage) error { return s.begin("USER_PASSWORD_AUTH", password) }, want: []wanted{
			{source: "PreAuthentication_Authentication", request: `{$USER,$VALIDATION,"userNotFound":false}`}, passwordEvents[1],
			passwordEvents[2],
		}},
	{operation: "USER_PASSWORD_AUTH, migrated user", given: migrates,
		do: func(s *stage) error { return s.begin("USER_PASSWORD_AUTH", password) }, want: append([]wanted{
			{source: "UserMigration_Authentication", name: ines,
				request: `{"password":"Correct-horse-7",$VALIDATION,"userAttributes":null}`},
		}, passwordEvents...)},
	{operation: "USER_PASSWORD_AUTH, nobody", fails: "UserNotFoundException",
		do: func(s *stage) error { return s.beginAs(stranger, "USER_PASSWORD_AUTH", "x") }, want: []wanted{
			{source: "UserMigration_Authentication", name: stranger,
				request: `{"password":"x",$VALIDATION,"userAttributes":null}`},
		}},
	{operation: "USER_PASSWORD_AUTH, nobody, hidden", setup: setup{client: hidden}, fails: "NotAuthorizedException",
		do: func(s *stage) error { return s.beginAs(stranger, "USER_PASSWORD_AUTH", "x") }, want: []wanted{
			{source: "UserMigration_Authentication", name: stranger,
				request: `{"password":"x",$VALIDATION,"userAttributes":null}`},
			{source: "PreAuthentication_Authentication", name: stranger, request: `{$NOBODY,$VALIDATION}`},
		}},
	{operation: "USER_SRP_AUTH", given: confirmedUser,
		do: func(s *stage) error { s.beginSRP("USER_SRP_AUTH", nil); return nil }, want: passwordEvents[:1]},
	{operation: "RespondToAuthChallenge PASSWORD_VERIFIER", given: confirmedUser, do: func(s *stage) error {
		prove := s.beginSRP("USER_SRP_AUTH", nil)
		s.functions.take()
		return prove()
	}, want: signInEvents},
	{operation: "AdminRespondToAuthChallenge PASSWORD_VERIFIER", given: confirmedUser, do: func(s *stage) error {
		client := srp.NewClient(*s.pool, ines, password)
		s.must(s.beginWith("USER_SRP_AUTH", client.AuthParameters()))
		s.functions.take()
		responses, err := client.Respond(s.asked, s.clock.Now())
		s.must(err)
		_, err = s.AdminRespondToAuthChallenge(s.t.Context(), &cip.AdminRespondToAuthChallengeInput{
			UserPoolId: s.pool, ClientId: s.clientID, ChallengeName: s.challenge, Session: s.session,
			ChallengeResponses: responses, ClientMetadata: metadata,
		})
		return err
	}, want: signInEvents},
	{operation: "USER_PASSWORD_AUTH, temporary password", given: func(s *stage) { s.must(s.createUser("SUPPRESS")) },
		do: func(s *stage) error { return s.begin("USER_PASSWORD_AUTH", password) }, want: []wanted{
			{source: "PreAuthentication_Authentication", request: `{$FORCED,$VALIDATION}`},
		}},
	{operation: "RespondToAuthChallenge NEW_PASSWORD_REQUIRED", given: func(s *stage) {
		s.must(s.createUser("SUPPRESS"))
		s.must(s.begin("USER_PASSWORD_AUTH", password))
	}, do: func(s *stage) error { return s.respond(map[string]string{"NEW_PASSWORD": newPassword}) }, want: []wanted{
		signInEvents[0], {source: "TokenGeneration_NewPasswordChallenge", request: `{$USER,$GROUPS,$METADATA}`},
	}},
	{operation: "USER_PASSWORD_AUTH with TOTP", given: func(s *stage) { s.withTOTP() },
		do: func(s *stage) error { return s.begin("USER_PASSWORD_AUTH", password) }, want: passwordEvents[:1]},
	{operation: "RespondToAuthChallenge SOFTWARE_TOKEN_MFA", given: func(s *stage) {
		now := s.withTOTP()
		s.must(s.begin("USER_PASSWORD_AUTH", password))
		s.asked["code"] = now()
	}, do: func(s *stage) error { return s.respond(map[string]string{"SOFTWARE_TOKEN_MFA_CODE": s.asked["code"]}) },
		want: signInEvents},
	{operation: "InitiateAuth REFRESH_TOKEN_AUTH", given: signedInUser, do: func(s *stage) error {
		return s.beginWith("REFRESH_TOKEN_AUTH", map[string]string{"REFRESH_TOKEN": *s.tokens.RefreshToken})
	}, want: []wanted{{source: "TokenGeneration_RefreshTokens", request: `{$USER,$GROUPS}`}}},
	{operation: "GetTokensFromRefreshToken", given: signedInUser, do: func(s *stage) error {
		_, err := s.GetTokensFromRefreshToken(s.t.Context(),
			&cip.GetTokensFromRefreshTokenInput{ClientId: s.clientID, RefreshToken: s.tokens.RefreshToken,
				ClientMetadata: metadata})
		return err
	}, want: []wanted{{source: "TokenGeneration_RefreshTokens", request: `{$USER,$GROUPS,$METADATA}`}}},
}
