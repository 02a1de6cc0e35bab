package oldpool

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/secret"
)

// fake is the old pool's API.
type fake struct {
	err        error // of sign-ins
	userErr    error
	challenge  types.ChallengeNameType
	user       cip.AdminGetUserOutput
	parameters map[string]string
	calls      []string
}

func (f *fake) result() *types.AuthenticationResultType {
	if f.challenge != "" {
		return nil
	}
	return &types.AuthenticationResultType{AccessToken: aws.String("token")}
}

func (f *fake) AdminInitiateAuth(_ context.Context, in *cip.AdminInitiateAuthInput, _ ...func(*cip.Options),
) (*cip.AdminInitiateAuthOutput, error) {
	f.parameters = in.AuthParameters
	f.calls = append(f.calls, "AdminInitiateAuth "+*in.UserPoolId+" "+*in.ClientId+" "+string(in.AuthFlow))
	return &cip.AdminInitiateAuthOutput{ChallengeName: f.challenge, AuthenticationResult: f.result()}, f.err
}

func (f *fake) InitiateAuth(_ context.Context, in *cip.InitiateAuthInput, _ ...func(*cip.Options),
) (*cip.InitiateAuthOutput, error) {
	f.parameters = in.AuthParameters
	f.calls = append(f.calls, "InitiateAuth "+*in.ClientId+" "+string(in.AuthFlow))
	return &cip.InitiateAuthOutput{ChallengeName: f.challenge, AuthenticationResult: f.result()}, f.err
}

func (f *fake) AdminGetUser(_ context.Context, in *cip.AdminGetUserInput, _ ...func(*cip.Options),
) (*cip.AdminGetUserOutput, error) {
	f.calls = append(f.calls, "AdminGetUser "+*in.UserPoolId+" "+*in.Username)
	return &f.user, f.userErr
}

func (f *fake) GetUser(_ context.Context, in *cip.GetUserInput, _ ...func(*cip.Options)) (*cip.GetUserOutput, error) {
	f.calls = append(f.calls, "GetUser "+*in.AccessToken)
	return &cip.GetUserOutput{Username: f.user.Username, UserAttributes: f.user.UserAttributes}, f.userErr
}

func ines() cip.AdminGetUserOutput {
	return cip.AdminGetUserOutput{
		Username: aws.String("u-1"), Enabled: true, UserStatus: types.UserStatusTypeConfirmed,
		UserAttributes: []types.AttributeType{
			{Name: aws.String("email"), Value: aws.String("ines@example.org")},
			{Name: aws.String("email_verified"), Value: aws.String("true")},
			{Name: aws.String("phone_number"), Value: aws.String("+442071838750")},
			{Name: aws.String("phone_number_verified"), Value: aws.String("false")},
		},
	}
}

func source(f *fake) *Source {
	place, _ := ParseARN("arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_OldPool")
	return &Source{Place: place, ClientID: "1example", API: func() API { return f }}
}

func TestSignIn(t *testing.T) {
	for name, c := range map[string]struct {
		public bool
		calls  string
	}{
		"as administrator": {calls: "AdminInitiateAuth eu-west-1_OldPool 1example ADMIN_USER_PASSWORD_AUTH," +
			"AdminGetUser eu-west-1_OldPool ines"},
		"as app": {public: true, calls: "InitiateAuth 1example USER_PASSWORD_AUTH,GetUser token"},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{user: ines()}
			s := source(f)
			s.Public, s.Secret = c.public, secret.Fixed("client-secret")
			a, err := s.SignIn(t.Context(), "ines", "Sunny100%")
			if err != nil || a.Attributes["email"] != "ines@example.org" || a.Attributes["username"] != "u-1" ||
				!a.Verified["email"] || a.Verified["phone_number"] || a.Disabled || a.SecondFactor || a.ResetRequired {
				t.Errorf("%+v, error %v", a, err)
			}
			if got := strings.Join(f.calls, ","); got != c.calls {
				t.Errorf("calls %s, want %s", got, c.calls)
			}
			if f.parameters["USERNAME"] != "ines" || f.parameters["PASSWORD"] != "Sunny100%" ||
				f.parameters["SECRET_HASH"] != "GIqOP3bkJg/qtwD21rTT/ovLOAj5uHWAxGk2gscOK5s=" {
				t.Errorf("parameters %v", f.parameters)
			}
		})
	}
}

func TestSignInErrors(t *testing.T) {
	notAuthorized := func(text string) error { return &types.NotAuthorizedException{Message: &text} }
	for name, c := range map[string]struct {
		err  error
		want error // nil: the source did not decide
	}{
		"unknown":     {&types.UserNotFoundException{}, migration.ErrUnknown},
		"wrong":       {notAuthorized("Incorrect username or password."), migration.ErrWrongPassword},
		"disabled":    {notAuthorized("User is disabled."), migration.ErrWrongPassword},
		"locked":      {notAuthorized("Password attempts exceeded"), migration.ErrWrongPassword},
		"reset":       {&types.PasswordResetRequiredException{}, migration.ErrWrongPassword},
		"unconfirmed": {&types.UserNotConfirmedException{}, migration.ErrWrongPassword},
		"secret": {
			notAuthorized("Client 1example is configured with secret but SECRET_HASH was not received"), nil,
		},
		"flow":      {&types.InvalidParameterException{}, nil},
		"throttled": {&types.TooManyRequestsException{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := source(&fake{err: c.err, user: ines()}).SignIn(t.Context(), "ines", "Sunny100%")
			decided := errors.Is(err, migration.ErrUnknown) || errors.Is(err, migration.ErrWrongPassword)
			if err == nil || c.want != nil && !errors.Is(err, c.want) || decided != (c.want != nil) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

func TestStates(t *testing.T) {
	for name, c := range map[string]struct {
		change                               func(*fake)
		disabled, secondFactor, needsAnother bool
	}{
		"confirmed":   {},
		"disabled":    {change: func(f *fake) { f.user.Enabled = false }, disabled: true},
		"unconfirmed": {change: func(f *fake) { f.user.UserStatus = types.UserStatusTypeUnconfirmed }, disabled: true},
		"federated":   {change: func(f *fake) { f.user.UserStatus = types.UserStatusTypeExternalProvider }, disabled: true},
		"reset": {
			change: func(f *fake) { f.user.UserStatus = types.UserStatusTypeResetRequired }, needsAnother: true,
		},
		"invited": {
			change: func(f *fake) { f.user.UserStatus = types.UserStatusTypeForceChangePassword }, needsAnother: true,
		},
		"second factor": {
			change: func(f *fake) { f.user.UserMFASettingList = []string{"SOFTWARE_TOKEN_MFA"} }, secondFactor: true,
		},
		"challenged":    {change: func(f *fake) { f.challenge = types.ChallengeNameTypeSmsMfa }, secondFactor: true},
		"to set up MFA": {change: func(f *fake) { f.challenge = types.ChallengeNameTypeMfaSetup }, secondFactor: true},
		"temporary password": {
			change: func(f *fake) { f.challenge = types.ChallengeNameTypeNewPasswordRequired }, needsAnother: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{user: ines()}
			if c.change != nil {
				c.change(f)
			}
			a, err := source(f).SignIn(t.Context(), "ines", "Sunny100%")
			if err != nil || a.Disabled != c.disabled || a.SecondFactor != c.secondFactor || a.ResetRequired != c.needsAnother {
				t.Errorf("%+v, error %v", a, err)
			}
		})
	}
}

// An app gets no attributes before a challenge is answered, so nobody can be made.
func TestChallengeAsApp(t *testing.T) {
	f := &fake{user: ines(), challenge: types.ChallengeNameTypeNewPasswordRequired}
	s := source(f)
	s.Public = true
	if a, err := s.SignIn(t.Context(), "ines", "x"); err != nil || !a.ResetRequired || len(a.Attributes) != 0 {
		t.Errorf("%+v, error %v", a, err)
	}
	if _, err := s.LookUp(t.Context(), "ines"); !errors.Is(err, migration.ErrNoLookUp) {
		t.Errorf("error %v", err)
	}
}

func TestARNs(t *testing.T) {
	for arn, want := range map[string]bool{
		"arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_OldPool":             true,
		"arn:aws-us-gov:cognito-idp:us-gov-west-1:111122223333:userpool/us-gov-west-1_OldP": true,
		"eu-west-1_OldPool": false,
		"arn:aws:cognito-idp:eu-west-1:111122223333:userpool/*": false,
	} {
		if _, err := ParseARN(arn); (err == nil) != want {
			t.Errorf("%s: %v", arn, err)
		}
	}
}
