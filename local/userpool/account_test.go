package userpool

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/totp"
)

const newPassword = "Another-horse-8"

func TestForgottenPassword(t *testing.T) {
	w := start(t, setup{})
	w.confirmed(ines)
	out, err := w.ForgotPassword(t.Context(),
		&cip.ForgotPasswordInput{ClientId: w.clientID, Username: aws.String(ines),
			ClientMetadata: map[string]string{"a": "b"}})
	if err != nil || *out.CodeDeliveryDetails.Destination != "i***@e***" {
		t.Fatalf("forgot password = %v, error %v", out, err)
	}
	if e := w.wantFired("CustomMessage_ForgotPassword")[0]; text(t, e.Request["clientMetadata"]) != `{"a":"b"}` {
		t.Errorf("custom message = %v", e.Request)
	}
	confirm := func(code string) error {
		_, err := w.ConfirmForgotPassword(t.Context(),
			&cip.ConfirmForgotPasswordInput{ClientId: w.clientID, Username: aws.String(ines), ConfirmationCode: &code,
				Password: aws.String(newPassword)})
		return err
	}
	wantError(t, confirm("000000"), "CodeMismatchException")
	if err := confirm(w.code()); err != nil {
		t.Fatal(err)
	}
	w.wantFired("PostConfirmation_ConfirmForgotPassword")
	wantError(t, confirm(w.code()), "ExpiredCodeException")
	if _, err := w.withPassword(ines, newPassword); err != nil {
		t.Error(err)
	}
	_, err = w.withPassword(ines, password)
	wantError(t, err, "NotAuthorizedException")
}

// A caller who requests codes and guesses them gets the same answers whether or not the user exists.
func TestForgottenPasswordTellsNothing(t *testing.T) {
	w := start(t, setup{client: func(in *cip.CreateUserPoolClientInput) { in.PreventUserExistenceErrors = "ENABLED" }})
	w.confirmed(ines)
	answers := func(name string) string {
		var all []string
		note := func(out any, err error) {
			var api smithy.APIError
			if errors.As(err, &api) {
				out = api.ErrorCode() + ": " + api.ErrorMessage()
			}
			all = append(all, text(t, out))
		}
		guess := func() {
			_, err := w.ConfirmForgotPassword(t.Context(),
				&cip.ConfirmForgotPasswordInput{ClientId: w.clientID, Username: &name, ConfirmationCode: aws.String("000000"),
					Password: aws.String(newPassword)})
			note(nil, err)
		}
		guess()
		out, err := w.ForgotPassword(t.Context(), &cip.ForgotPasswordInput{ClientId: w.clientID, Username: &name})
		if err != nil {
			t.Fatal(err)
		}
		note(out.CodeDeliveryDetails, nil)
		for range delivery.MaxTries + 2 {
			guess()
		}
		return strings.Join(all, "\n")
	}
	if existing, unknown := answers(ines), answers("iris@elsewhere.org"); existing != unknown {
		t.Errorf("existing:\n%s\nunknown:\n%s", existing, unknown)
	}
}

func TestAdministratorCreatesUser(t *testing.T) {
	w := start(t, setup{})
	create := func(action types.MessageActionType) (*cip.AdminCreateUserOutput, error) {
		return w.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
			UserPoolId: w.pool, Username: aws.String(ines), MessageAction: action, ClientMetadata: map[string]string{"a": "b"},
			UserAttributes: []types.AttributeType{{Name: aws.String("email_verified"), Value: aws.String("true")}},
		})
	}
	w.functions.on("PreSignUp_AdminCreateUser",
		func(map[string]any) (any, error) { return map[string]any{"autoConfirmUser": true}, nil })
	out, err := create("")
	if err != nil || out.User.UserStatus != "FORCE_CHANGE_PASSWORD" {
		t.Fatalf("create = %v, error %v", out, err)
	}
	fired := w.wantFired("PreSignUp_AdminCreateUser", "CustomMessage_AdminCreateUser")
	if fired[0].ClientID != "CLIENT_ID_NOT_APPLICABLE" || text(t, fired[0].Request["clientMetadata"]) != `{"a":"b"}` ||
		fired[1].Request["clientMetadata"] != nil || fired[1].Request["usernameParameter"] != "{username}" {
		t.Errorf("events = %v", fired)
	}
	_, err = create("")
	wantError(t, err, "UsernameExistsException")
	if _, err := create("RESEND"); err != nil {
		t.Fatal(err)
	}
	w.wantFired("CustomMessage_AdminCreateUser")
	first, err := w.withSRP(ines, w.code())
	if err != nil || first.ChallengeName != "NEW_PASSWORD_REQUIRED" {
		t.Fatalf("sign-in = %v, error %v", first, err)
	}
	w.wantFired("PreAuthentication_Authentication")
	respond := func(session *string, password string) (*cip.RespondToAuthChallengeOutput, error) {
		return w.RespondToAuthChallenge(t.Context(), &cip.RespondToAuthChallengeInput{
			ClientId: w.clientID, ChallengeName: first.ChallengeName, Session: session,
			ChallengeResponses: map[string]string{"USERNAME": ines, "NEW_PASSWORD": password, "userAttributes.name": "Ines"},
		})
	}
	_, err = respond(first.Session, "weak")
	wantError(t, err, "InvalidPasswordException")
	done, err := respond(first.Session, newPassword)
	if err != nil {
		t.Fatal(err)
	}
	w.wantFired("PostAuthentication_Authentication", "TokenGeneration_NewPasswordChallenge")
	if id := w.claims(done.AuthenticationResult.IdToken); id["name"] != "Ines" {
		t.Errorf("id = %v", id)
	}
	_, err = respond(first.Session, newPassword)
	wantError(t, err, "NotAuthorizedException")
	_, err = create("RESEND")
	wantError(t, err, "UnsupportedUserStateException")
}

func TestTemporaryPasswordExpires(t *testing.T) {
	w := start(t, setup{})
	if _, err := w.AdminCreateUser(t.Context(),
		&cip.AdminCreateUserInput{UserPoolId: w.pool, Username: aws.String(ines), MessageAction: "SUPPRESS",
			TemporaryPassword: aws.String(password)}); err != nil {
		t.Fatal(err)
	}
	w.wantFired("PreSignUp_AdminCreateUser")
	w.clock.Advance(8 * 24 * time.Hour)
	_, err := w.withPassword(ines, password)
	wantMessage(t, err, "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator.")
}

func TestOwnAttributes(t *testing.T) {
	w := start(t, setup{pool: func(in *cip.CreateUserPoolInput) {
		in.UserAttributeUpdateSettings = &types.UserAttributeUpdateSettingsType{
			AttributesRequireVerificationBeforeUpdate: []types.VerifiedAttributeType{"email"},
		}
	}})
	w.confirmed(ines)
	in, err := w.withPassword(ines, password)
	if err != nil {
		t.Fatal(err)
	}
	w.functions.take()
	token := in.AuthenticationResult.AccessToken
	update := func(name, value string) error {
		_, err := w.UpdateUserAttributes(t.Context(),
			&cip.UpdateUserAttributesInput{AccessToken: token,
				UserAttributes: []types.AttributeType{{Name: &name, Value: &value}}})
		return err
	}
	if err := update("email", "new@example.org"); err != nil {
		t.Fatal(err)
	}
	w.wantFired("CustomMessage_UpdateUserAttribute")
	if m := w.message(); m.To != "new@example.org" {
		t.Errorf("message = %v", m)
	}
	email := func() string {
		me, err := w.GetUser(t.Context(), &cip.GetUserInput{AccessToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range me.UserAttributes {
			if *a.Name == "email" {
				return *a.Value
			}
		}
		return ""
	}
	if got := email(); got != ines {
		t.Errorf("before: %s", got)
	}
	if _, err := w.GetUserAttributeVerificationCode(t.Context(),
		&cip.GetUserAttributeVerificationCodeInput{AccessToken: token, AttributeName: aws.String("email")}); err != nil {
		t.Fatal(err)
	}
	w.wantFired("CustomMessage_VerifyUserAttribute")
	if _, err := w.VerifyUserAttribute(t.Context(),
		&cip.VerifyUserAttributeInput{AccessToken: token, AttributeName: aws.String("email"),
			Code: aws.String(w.code())}); err != nil {
		t.Fatal(err)
	}
	if got := email(); got != "new@example.org" {
		t.Errorf("after: %s", got)
	}
	wantError(t, update("email_verified", "true"), "NotAuthorizedException")
	wantError(t, update("sub", "x"), "InvalidParameterException")
	if _, err := w.ChangePassword(t.Context(),
		&cip.ChangePasswordInput{AccessToken: token, PreviousPassword: aws.String(password),
			ProposedPassword: aws.String(newPassword)}); err != nil {
		t.Error(err)
	}
	if _, err := w.DeleteUser(t.Context(), &cip.DeleteUserInput{AccessToken: token}); err != nil {
		t.Error(err)
	}
	_, err = w.GetUser(t.Context(), &cip.GetUserInput{AccessToken: token})
	wantError(t, err, "UserNotFoundException")
	w.wantFired()
}

func TestAdministratorOperations(t *testing.T) {
	w := start(t, setup{})
	if _, err := w.signUp(ines); err != nil {
		t.Fatal(err)
	}
	w.functions.take()
	_, err := w.withPassword(ines, password)
	wantMessage(t, err, "UserNotConfirmedException", "User is not confirmed.")
	w.functions.take()
	name := aws.String(ines)
	if _, err := w.AdminConfirmSignUp(t.Context(),
		&cip.AdminConfirmSignUpInput{UserPoolId: w.pool, Username: name,
			ClientMetadata: map[string]string{"a": "b"}}); err != nil {
		t.Fatal(err)
	}
	if e := w.wantFired("PostConfirmation_ConfirmSignUp")[0]; e.ClientID != "CLIENT_ID_NOT_APPLICABLE" ||
		text(t, e.Request["clientMetadata"]) != `{"a":"b"}` {
		t.Errorf("post confirmation = %v", e)
	}
	if _, err := w.AdminDisableUser(t.Context(),
		&cip.AdminDisableUserInput{UserPoolId: w.pool, Username: name}); err != nil {
		t.Fatal(err)
	}
	_, err = w.withPassword(ines, password)
	wantMessage(t, err, "NotAuthorizedException", "User is disabled.")
	if _, err := w.AdminEnableUser(t.Context(),
		&cip.AdminEnableUserInput{UserPoolId: w.pool, Username: name}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.AdminSetUserPassword(t.Context(),
		&cip.AdminSetUserPasswordInput{UserPoolId: w.pool, Username: name, Password: aws.String(newPassword),
			Permanent: true}); err != nil {
		t.Fatal(err)
	}
	out, err := w.AdminInitiateAuth(t.Context(), &cip.AdminInitiateAuthInput{
		UserPoolId: w.pool, ClientId: w.clientID, AuthFlow: types.AuthFlowTypeAdminUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": ines, "PASSWORD": newPassword},
	})
	if err != nil || out.AuthenticationResult == nil {
		t.Fatalf("sign-in = %v, error %v", out, err)
	}
	if _, err := w.CreateGroup(t.Context(), &cip.CreateGroupInput{UserPoolId: w.pool, GroupName: aws.String("staff"),
		Precedence: aws.Int32(1), RoleArn: aws.String("arn:aws:iam::000000000000:role/staff")}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.AdminAddUserToGroup(t.Context(),
		&cip.AdminAddUserToGroupInput{UserPoolId: w.pool, Username: name, GroupName: aws.String("staff")}); err != nil {
		t.Fatal(err)
	}
	in, err := w.withPassword(ines, newPassword)
	if err != nil {
		t.Fatal(err)
	}
	if id := w.claims(in.AuthenticationResult.IdToken); text(t, id["cognito:groups"]) != `["staff"]` ||
		id["cognito:preferred_role"] != "arn:aws:iam::000000000000:role/staff" {
		t.Errorf("id = %v", id)
	}
	w.functions.take()
	if _, err := w.AdminUpdateUserAttributes(t.Context(), &cip.AdminUpdateUserAttributesInput{
		UserPoolId: w.pool, Username: name, UserAttributes: []types.AttributeType{{Name: aws.String("email_verified"),
			Value: aws.String("true")}},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.AdminResetUserPassword(t.Context(),
		&cip.AdminResetUserPasswordInput{UserPoolId: w.pool, Username: name}); err != nil {
		t.Fatal(err)
	}
	w.wantFired("CustomMessage_ForgotPassword")
	_, err = w.withPassword(ines, newPassword)
	wantMessage(t, err, "PasswordResetRequiredException", "Password reset required for the user")
}

func TestSecondFactor(t *testing.T) {
	w := start(t, setup{})
	w.confirmed(ines)
	plain, err := w.withPassword(ines, password)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.AssociateSoftwareToken(t.Context(),
		&cip.AssociateSoftwareTokenInput{AccessToken: plain.AuthenticationResult.AccessToken})
	wantError(t, err, "SoftwareTokenMFANotFoundException")
	w.functions.take()
	if _, err := w.SetUserPoolMfaConfig(t.Context(), &cip.SetUserPoolMfaConfigInput{
		UserPoolId: w.pool, MfaConfiguration: "ON",
		SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
	}); err != nil {
		t.Fatal(err)
	}
	in, err := w.withPassword(ines, password)
	if err != nil || in.ChallengeName != "MFA_SETUP" {
		t.Fatalf("sign-in = %v, error %v", in, err)
	}
	w.wantFired("PreAuthentication_Authentication")
	associated, err := w.AssociateSoftwareToken(t.Context(), &cip.AssociateSoftwareTokenInput{Session: in.Session})
	if err != nil {
		t.Fatal(err)
	}
	now := func() *string {
		code, err := totp.Code(*associated.SecretCode, w.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return &code
	}
	verified, err := w.VerifySoftwareToken(t.Context(),
		&cip.VerifySoftwareTokenInput{Session: associated.Session, UserCode: now()})
	if err != nil {
		t.Fatal(err)
	}
	respond := func(name types.ChallengeNameType, session *string, code string) (*cip.RespondToAuthChallengeOutput,
		error) {
		return w.RespondToAuthChallenge(t.Context(), &cip.RespondToAuthChallengeInput{
			ClientId: w.clientID, ChallengeName: name, Session: session,
			ChallengeResponses: map[string]string{"USERNAME": ines, "SOFTWARE_TOKEN_MFA_CODE": code},
		})
	}
	if _, err := respond("MFA_SETUP", verified.Session, ""); err != nil {
		t.Fatal(err)
	}
	w.wantFired("PostAuthentication_Authentication", "TokenGeneration_Authentication")
	if in, err = w.withPassword(ines, password); err != nil || in.ChallengeName != "SOFTWARE_TOKEN_MFA" {
		t.Fatalf("sign-in = %v, error %v", in, err)
	}
	_, err = respond(in.ChallengeName, in.Session, *now())
	wantMessage(t, err, "ExpiredCodeException", "Your software token has already been used once.")
	w.clock.Advance(30 * time.Second)
	if _, err = respond(in.ChallengeName, in.Session, *now()); err != nil {
		t.Error(err)
	}
}
