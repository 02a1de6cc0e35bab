package poolspec_test

import (
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/poolclient"
)

// A pool of settings with SMS and e-mail as second factors signs users in with them; the channel that recovers accounts
// first is none, and the texts are the settings'.
func TestSecondFactorsOfSettings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ recovery, challenge, body string }{
		"recovery by e-mail": {recovery: `["verified_email", "verified_phone_number"]`, challenge: "SMS_MFA",
			body: "123456 by SMS"},
		"recovery by SMS": {recovery: `["verified_phone_number", "verified_email"]`, challenge: "EMAIL_OTP",
			body: "123456 to sign in"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := specOf(t, `{
				"mfa": "ON", "mfa_factors": ["TOTP", "SMS", "EMAIL"], "account_recovery": `+c.recovery+`,
				"ses_identity": {"arn": "arn:aws:ses:eu-west-1:000000000000:identity/example.org"},
				"sms_configuration": {"sns_caller_arn": "arn:aws:iam::000000000000:role/sms", "external_id": "x"},
				"messages": {"mfa": {"email_message": "{####} to sign in", "sms_message": "{####} by SMS"}},
				"app_clients": {"app": {"auth_flows": ["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH"]}}
			}`)
			local := userpool.Open(userpool.Options{Code: func(int) string { return "123456" }})
			server := httptest.NewServer(local)
			t.Cleanup(server.Close)
			api := poolclient.New(server.URL, "eu-west-1")
			pool, err := spec.Create(t.Context(), api, nil, &types.EmailConfigurationType{
				EmailSendingAccount: types.EmailSendingAccountTypeDeveloper,
				SourceArn:           aws.String("arn:aws:ses:eu-west-1:000000000000:identity/example.org"),
			})
			if err != nil {
				t.Fatal(err)
			}
			challenge := passwordSignIn(t, api, pool.ID, pool.Clients["app"])
			messages := local.Inbox().Messages(0)
			if string(challenge.ChallengeName) != c.challenge || len(messages) != 1 || messages[0].Body != c.body {
				t.Fatalf("%s, messages %+v", challenge.ChallengeName, messages)
			}
			done, err := api.RespondToAuthChallenge(t.Context(), &cip.RespondToAuthChallengeInput{
				ClientId: aws.String(pool.Clients["app"]), ChallengeName: challenge.ChallengeName, Session: challenge.Session,
				ChallengeResponses: map[string]string{"USERNAME": "nina@example.org", c.challenge + "_CODE": "123456"},
			})
			if err != nil || done.AuthenticationResult == nil {
				t.Errorf("%+v, error %v", done, err)
			}
		})
	}
}

// passwordSignIn makes a user with an address, a telephone number and a password, and begins a sign-in.
func passwordSignIn(t *testing.T, api *cip.Client, pool, client string) *cip.InitiateAuthOutput {
	t.Helper()
	name, password := aws.String("nina@example.org"), aws.String("Correct-horse-7")
	if _, err := api.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &pool, Username: name, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{{Name: aws.String("phone_number"), Value: aws.String("+33142685300")}},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := api.AdminSetUserPassword(t.Context(), &cip.AdminSetUserPasswordInput{
		UserPoolId: &pool, Username: name, Password: password, Permanent: true,
	}); err != nil {
		t.Fatal(err)
	}
	out, err := api.InitiateAuth(t.Context(), &cip.InitiateAuthInput{
		ClientId: &client, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": *name, "PASSWORD": *password},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
