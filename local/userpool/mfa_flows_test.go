package userpool

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/totp"
	"cognito-triggers/shared/cognito"
)

// withMFA makes the user ines and then gives the pool all second factors.
func withMFA(mode types.UserPoolMfaType, make func(*stage)) func(*stage) {
	return func(s *stage) {
		make(s)
		_, err := s.SetUserPoolMfaConfig(s.t.Context(), &cip.SetUserPoolMfaConfigInput{
			UserPoolId: s.pool, MfaConfiguration: mode,
			SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
			EmailMfaConfiguration:         &types.EmailMfaConfigType{},
			SmsMfaConfiguration:           &types.SmsMfaConfigType{},
		})
		s.must(err)
	}
}

// temporarily makes a user with a temporary password and a phone number.
func temporarily(s *stage) {
	s.must(s.createUser("SUPPRESS"))
	s.setAttribute("phone_number", inesPhone)
}

func (s *stage) setAttribute(name, value string) {
	s.t.Helper()
	_, err := s.AdminUpdateUserAttributes(s.t.Context(), &cip.AdminUpdateUserAttributesInput{
		UserPoolId: s.pool, Username: aws.String(ines),
		UserAttributes: []types.AttributeType{{Name: &name, Value: &value}},
	})
	s.must(err)
}

// verifyApp sets up an authenticator app in the sign-in.
func verifyApp(s *stage) error {
	made, err := s.AssociateSoftwareToken(s.t.Context(), &cip.AssociateSoftwareTokenInput{Session: s.session})
	if err != nil {
		return err
	}
	code, err := totp.Code(*made.SecretCode, s.clock.Now())
	s.must(err)
	verified, err := s.VerifySoftwareToken(s.t.Context(), &cip.VerifySoftwareTokenInput{
		Session: made.Session, UserCode: &code, FriendlyDeviceName: aws.String("phone"),
	})
	if err == nil {
		s.session = verified.Session
	}
	return err
}

// answerApp answers SOFTWARE_TOKEN_MFA with the current code.
func answerApp(s *stage) error {
	s.clock.Advance(30 * time.Second)
	u, err := s.server.Store().FindUser(*s.pool, ines)
	s.must(err)
	code, err := totp.Code(u.TOTPSecret, s.clock.Now())
	s.must(err)
	return answering("SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE", code)(s)
}

// proveSRP begins with SRP and proves the password.
func proveSRP(s *stage) error {
	client := srp.NewClient(*s.pool, ines, password)
	if err := s.beginWith("USER_SRP_AUTH", client.AuthParameters()); err != nil {
		return err
	}
	responses, err := client.Respond(s.asked, s.clock.Now())
	s.must(err)
	return s.respond(responses)
}

// mailRecovery recovers accounts by e-mail, so that only the phone number is a second factor.
func mailRecovery(in *cip.CreateUserPoolInput) {
	in.AccountRecoverySetting = &types.AccountRecoverySettingType{
		RecoveryMechanisms: []types.RecoveryOptionType{{Name: "verified_email", Priority: aws.Int32(1)}},
	}
}

func phoneRecovery(in *cip.CreateUserPoolInput) {
	in.AccountRecoverySetting = &types.AccountRecoverySettingType{
		RecoveryMechanisms: []types.RecoveryOptionType{{Name: "verified_phone_number", Priority: aws.Int32(1)}},
	}
}

// named gives a pool user names that are not addresses.
func named(in *cip.CreateUserPoolInput) { in.UsernameAttributes, in.AutoVerifiedAttributes = nil, nil }

// nameless makes a user without addresses.
func nameless(s *stage) {
	_, err := s.AdminCreateUser(s.t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: s.pool, Username: aws.String(ines), MessageAction: "SUPPRESS",
	})
	s.must(err)
	_, err = s.AdminSetUserPassword(s.t.Context(), &cip.AdminSetUserPasswordInput{
		UserPoolId: s.pool, Username: aws.String(ines), Password: aws.String(password), Permanent: true,
	})
	s.must(err)
}

func preferring(set func(*cip.AdminSetUserMFAPreferenceInput), given func(*stage)) func(*stage) {
	return func(s *stage) {
		given(s)
		in := &cip.AdminSetUserMFAPreferenceInput{UserPoolId: s.pool, Username: aws.String(ines)}
		set(in)
		_, err := s.AdminSetUserMFAPreference(s.t.Context(), in)
		s.must(err)
	}
}

func prefersMail(in *cip.AdminSetUserMFAPreferenceInput) {
	in.EmailMfaSettings = &types.EmailMfaSettingsType{Enabled: true, PreferredMfa: true}
}

// mfaFlows are sign-ins with a second factor, in each flow and with each factor.
func mfaFlows() map[string]flowCase {
	type steps = []func(*stage) error
	code := []string{firesPre, firesMessage, firesPost, firesTokens}
	noCode := []string{firesPre, firesPost, firesTokens}
	byMail, bySMS := setup{pool: phoneRecovery}, setup{pool: mailRecovery}
	withPassword := initiate("USER_PASSWORD_AUTH", "PASSWORD", password)
	return map[string]flowCase{
		"USER_PASSWORD_AUTH, SMS_MFA": {setup: bySMS, given: withMFA("ON", withPhone),
			steps: steps{withPassword, answerCode("SMS_MFA")}, events: code},
		"USER_PASSWORD_AUTH, EMAIL_OTP": {setup: byMail, given: withMFA("ON", withPhone),
			steps: steps{withPassword, answerCode("EMAIL_OTP")}, events: code},
		"USER_PASSWORD_AUTH, EMAIL_OTP preferred": {given: preferring(prefersMail, withMFA("OPTIONAL", withPhone)),
			steps: steps{withPassword, answerCode("EMAIL_OTP")}, events: code},
		"USER_PASSWORD_AUTH, SELECT_MFA_TYPE": {given: withMFA("ON", withPhone), steps: steps{
			withPassword, answering("SELECT_MFA_TYPE", "ANSWER", "SMS_MFA"), answerCode("SMS_MFA"),
		}, events: code},
		"USER_PASSWORD_AUTH, MFA_SETUP by e-mail": {
			setup: setup{pool: named}, given: withMFA("ON", nameless),
			steps:  steps{withPassword, answering("MFA_SETUP", "EMAIL", ines), answerCode("EMAIL_OTP")},
			events: code,
		},
		"USER_PASSWORD_AUTH, MFA_SETUP by app": {
			setup: setup{pool: named}, given: withMFA("ON", nameless),
			steps: steps{withPassword, verifyApp, answering("MFA_SETUP")}, events: noCode,
		},
		"USER_PASSWORD_AUTH, SOFTWARE_TOKEN_MFA": {given: func(s *stage) { s.withTOTP() },
			steps: steps{withPassword, answerApp}, events: noCode},
		"USER_SRP_AUTH, SMS_MFA": {setup: bySMS, given: withMFA("ON", withPhone),
			steps: steps{proveSRP, answerCode("SMS_MFA")}, events: code},
		"ADMIN_USER_PASSWORD_AUTH, EMAIL_OTP": {setup: byMail, given: withMFA("ON", withPhone),
			steps:  steps{initiate("ADMIN_USER_PASSWORD_AUTH", "PASSWORD", password), answerCode("EMAIL_OTP")},
			events: code},
		"NEW_PASSWORD_REQUIRED, SMS_MFA": {setup: bySMS, given: withMFA("ON", temporarily), steps: steps{
			withPassword, answering("NEW_PASSWORD_REQUIRED", "NEW_PASSWORD", newPassword), answerCode("SMS_MFA"),
		}, events: code},
		"CUSTOM_AUTH, EMAIL_OTP": {setup: byMail, given: withMFA("ON", func(s *stage) { withPhone(s); riddle(s.world) }),
			steps: steps{initiate("CUSTOM_AUTH"), answering("CUSTOM_CHALLENGE", "ANSWER", "42"), answerCode("EMAIL_OTP")},
			events: []string{firesPre, "DefineAuthChallenge_Authentication", "CreateAuthChallenge_Authentication",
				"VerifyAuthChallengeResponse_Authentication", "DefineAuthChallenge_Authentication", firesMessage, firesPost,
				firesTokens}},
		"USER_AUTH, PASSWORD, SMS_MFA": {setup: setup{pool: mailRecovery, client: withChoice},
			given: withMFA("ON", withPhone), steps: steps{
				initiate("USER_AUTH", "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", password), answerCode("SMS_MFA"),
			}, events: code},
		"USER_AUTH, PASSWORD_SRP, EMAIL_OTP": {setup: setup{pool: phoneRecovery, client: withChoice},
			given: withMFA("ON", withPhone), steps: steps{preferSRP, answerCode("EMAIL_OTP")}, events: code},
	}
}

// The custom senders get the codes, with the metadata of the answer that led there, not of InitiateAuth.
func TestSendersOfSecondFactors(t *testing.T) {
	t.Parallel()
	for factor, hook := range map[string]cognito.Hook{
		"SMS_MFA": cognito.CustomSMSSender, "EMAIL_OTP": cognito.CustomEmailSender,
	} {
		d := startSenders(t, with(senders(), ownSender()), nil)
		d.user("nina", "email", ninaMail, "phone_number", ninaPhone)
		d.do("SetUserPoolMfaConfig", mfaConfig("ON", "sms mail"))
		challenge := d.do("InitiateAuth", with(passwordAuth("nina", password), object{"ClientMetadata": object{"not": "me"}}))
		answer := with(answerBy(challenge, "SELECT_MFA_TYPE", "ANSWER", factor), object{"ClientMetadata": object{"m": "1"}})
		d.do("RespondToAuthChallenge", answer)
		records := d.settled(0)
		if len(records) != 1 || records[0].Source != hook.Family()+"_Authentication" {
			t.Fatalf("%s: records %+v", factor, records)
		}
		request := string(records[0].Request)
		for _, want := range []string{`"code":"` + sealed(d.pool, "123456") + `"`, `"clientMetadata":{"m":"1"}`, ninaPhone} {
			if !strings.Contains(request, want) {
				t.Errorf("%s: %s, want %s", factor, request, want)
			}
		}
		if inbox := d.server.Inbox().Messages(0); len(inbox) > 0 {
			t.Errorf("%s: the inbox has %+v", factor, inbox)
		}
	}
}

// Whatever a challenge of a second factor is answered with, it is refused by name.
func TestHostileAnswersOfSecondFactors(t *testing.T) {
	t.Parallel()
	d := startMFA(t, recoversBy("admin_only"), "phone mail")
	d.do("SetUserPoolMfaConfig", mfaConfig("ON", "app sms mail"))
	d.do("AdminCreateUser", object{"Username": "bare", "MessageAction": "SUPPRESS"})
	d.do("AdminSetUserPassword", object{"Username": "bare", "Password": password, "Permanent": true})
	for _, value := range []string{
		"", " ", "\x00", "ü@", "a@b c", "%s{####}", "SMS_MFA\n", strings.Repeat("9", 131_073),
		"nina@example.org\r\nBcc: x@y.z",
		strings.Repeat("a", 70_000) + "@example.org", "٠٠٠٠٠٠",
	} {
		for _, c := range []struct{ name, challenge, parameter string }{
			{"nina", "SELECT_MFA_TYPE", "ANSWER"}, {"bare", "MFA_SETUP", "EMAIL"}, {"bare", "MFA_SETUP", "email"},
			{"nina", "SMS_MFA", "SMS_MFA_CODE"}, {"nina", "EMAIL_OTP", "EMAIL_OTP_CODE"},
		} {
			d.clock.Advance(16 * time.Minute) // past any lock
			begun := d.do("InitiateAuth", passwordAuth(c.name, password))
			if strings.HasSuffix(c.parameter, "_CODE") {
				begun = d.do("RespondToAuthChallenge", answerBy(begun, "SELECT_MFA_TYPE", "ANSWER", c.challenge))
			}
			answer := answerBy(begun, c.challenge, c.parameter, value)
			answer["ChallengeResponses"].(object)["USERNAME"] = c.name
			if status, out := d.call("RespondToAuthChallenge", answer); status != 400 || out["message"] == "" ||
				out["__type"] == "InternalErrorException" {
				t.Errorf("%s %.20q: %d %.200v", c.parameter, value, status, out)
			}
		}
	}
}
