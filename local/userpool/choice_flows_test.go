package userpool

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/srp"
)

const (
	firesPre     = "PreAuthentication_Authentication"
	firesPost    = "PostAuthentication_Authentication"
	firesTokens  = "TokenGeneration_Authentication"
	firesMessage = "CustomMessage_Authentication"
)

const inesPhone = "+15550100123"

// choosing is a pool whose users begin with a password or a code.
var choosing = setup{pool: signInPolicy("EMAIL_OTP", "SMS_OTP"), client: withChoice}

// withChoice gives a client choice-based sign-in, and no other flow.
func withChoice(in *cip.CreateUserPoolClientInput) {
	in.ExplicitAuthFlows = []types.ExplicitAuthFlowsType{"ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
}

// withPhone makes a user with a password, an e-mail address and a phone number.
func withPhone(s *stage) { s.confirmed(ines, "phone_number", inesPhone) }

func choiceFlows() map[string]flowCase {
	return map[string]flowCase{
		"USER_AUTH, PASSWORD": {setup: choosing, given: withPhone,
			steps:  []func(*stage) error{initiate("USER_AUTH", "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", password)},
			events: []string{firesPre, firesPost, firesTokens}},
		"USER_AUTH, PASSWORD of a user to migrate": {setup: choosing, given: migrates,
			steps:  []func(*stage) error{initiate("USER_AUTH", "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", password)},
			events: []string{"UserMigration_Authentication", firesPre, firesPost, firesTokens}},
		"USER_AUTH, PASSWORD asked for by name": {setup: choosing, given: withPhone,
			steps: []func(*stage) error{
				initiate("USER_AUTH", "PREFERRED_CHALLENGE", "PASSWORD"), answering("PASSWORD", "PASSWORD", password),
			},
			events: []string{firesPre, firesPost, firesTokens}},
		"USER_AUTH, PASSWORD_SRP": {setup: choosing, given: withPhone,
			steps: []func(*stage) error{preferSRP}, events: []string{firesPre, firesPost, firesTokens}},
		"USER_AUTH, EMAIL_OTP": {setup: choosing, given: withPhone,
			steps: []func(*stage) error{
				initiate("USER_AUTH", "PREFERRED_CHALLENGE", "EMAIL_OTP"), answerCode("EMAIL_OTP"),
			},
			events: []string{firesPre, firesMessage, firesPost, firesTokens}},
		"USER_AUTH, SMS_OTP": {setup: choosing, given: withPhone,
			steps: []func(*stage) error{
				initiate("USER_AUTH", "PREFERRED_CHALLENGE", "SMS_OTP"), answerCode("SMS_OTP"),
			},
			events: []string{firesPre, firesMessage, firesPost, firesTokens}},
		"USER_AUTH, select PASSWORD": {setup: choosing, given: withPhone,
			steps: []func(*stage) error{
				initiate("USER_AUTH"), answering("SELECT_CHALLENGE", "ANSWER", "PASSWORD", "PASSWORD", password),
			},
			events: []string{firesPre, firesPost, firesTokens}},
		"USER_AUTH, select PASSWORD_SRP": {setup: choosing, given: withPhone,
			steps: []func(*stage) error{initiate("USER_AUTH"), selectSRP}, events: []string{firesPre, firesPost, firesTokens}},
		"USER_AUTH, select EMAIL_OTP": {setup: choosing, given: withPhone,
			steps: []func(*stage) error{
				initiate("USER_AUTH"), answering("SELECT_CHALLENGE", "ANSWER", "EMAIL_OTP"), answerCode("EMAIL_OTP"),
			},
			events: []string{firesPre, firesMessage, firesPost, firesTokens}},
		"USER_AUTH, pre authentication at the choice": {setup: choosing, given: withPhone,
			server: func(o *Options) { o.PreAuthenticationAtChoice = true },
			steps: []func(*stage) error{
				initiate("USER_AUTH"), quiet, answering("SELECT_CHALLENGE", "ANSWER", "EMAIL_OTP"), answerCode("EMAIL_OTP"),
			},
			events: []string{firesPre, firesMessage, firesPost, firesTokens}},
		"USER_AUTH, a code confirms": {setup: choosing, given: signedUp,
			steps: []func(*stage) error{
				initiate("USER_AUTH", "PREFERRED_CHALLENGE", "EMAIL_OTP"), answerCode("EMAIL_OTP"),
			},
			events: []string{firesPre, firesMessage, firesPost, firesTokens}},
		"USER_AUTH, a code confirms and says so": {setup: choosing, given: signedUp,
			server: func(o *Options) { o.PostConfirmationByCode = true },
			steps: []func(*stage) error{
				initiate("USER_AUTH", "PREFERRED_CHALLENGE", "EMAIL_OTP"), answerCode("EMAIL_OTP"),
			},
			events: []string{firesPre, firesMessage, "PostConfirmation_ConfirmSignUp", firesPost, firesTokens}},
		"sign-up without a password, signed in at once": {setup: choosing,
			steps: []func(*stage) error{signUpAlone, confirmAlone, signInAtOnce},
			events: []string{
				"PreSignUp_SignUp", "CustomMessage_SignUp", "PostConfirmation_ConfirmSignUp", firesPre, firesPost, firesTokens,
			}},
	}
}

// quiet is a step that fails if a function was called before.
func quiet(s *stage) error {
	s.wantFired()
	return nil
}

// preferSRP begins with PASSWORD_SRP and proves the password.
func preferSRP(s *stage) error {
	return proveBy(s, "PREFERRED_CHALLENGE", func(p map[string]string) error { return s.beginWith("USER_AUTH", p) })
}

// selectSRP chooses PASSWORD_SRP and proves the password.
func selectSRP(s *stage) error { return proveBy(s, "ANSWER", s.respond) }

func proveBy(s *stage, choice string, begin func(parameters map[string]string) error) error {
	client := srp.NewClient(*s.pool, ines, password)
	parameters := client.AuthParameters()
	parameters[choice] = "PASSWORD_SRP"
	if err := begin(parameters); err != nil {
		return err
	}
	proof, err := client.Respond(s.asked, s.clock.Now())
	if err != nil {
		return err
	}
	return s.respond(proof)
}

// signUpAlone signs ines up without a password.
func signUpAlone(s *stage) error {
	out, err := s.SignUp(s.t.Context(), &cip.SignUpInput{ClientId: s.clientID, Username: aws.String(ines)})
	if err == nil {
		s.session = out.Session
	}
	return err
}

// confirmAlone confirms her with the session of SignUp.
func confirmAlone(s *stage) error {
	out, err := s.ConfirmSignUp(s.t.Context(), &cip.ConfirmSignUpInput{
		ClientId: s.clientID, Username: aws.String(ines), ConfirmationCode: aws.String(s.code()), Session: s.session,
	})
	if err == nil {
		s.session = out.Session
	}
	return err
}

// signInAtOnce signs her in with the session of ConfirmSignUp.
func signInAtOnce(s *stage) error {
	out, err := s.InitiateAuth(s.t.Context(), &cip.InitiateAuthInput{
		ClientId: s.clientID, AuthFlow: "USER_AUTH", Session: s.session,
		AuthParameters: map[string]string{"USERNAME": ines},
	})
	if err == nil {
		s.challenge, s.session, s.asked, s.tokens = out.ChallengeName, out.Session, out.ChallengeParameters,
			out.AuthenticationResult
	}
	return err
}
