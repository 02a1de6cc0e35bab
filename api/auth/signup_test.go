package main

import (
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
)

func TestSignUp(t *testing.T) {
	sent := &types.CodeDeliveryDetailsType{
		Destination:    aws.String("i***@e***"),
		DeliveryMedium: types.DeliveryMediumTypeEmail,
	}
	cases := map[string]struct {
		out  *cip.SignUpOutput
		want string
	}{
		"code sent": {
			out:  &cip.SignUpOutput{UserSub: aws.String(sub), CodeDeliveryDetails: sent},
			want: `{"destination":"i***@e***","medium":"EMAIL","confirmed":false}`,
		},
		"confirmed at once": {
			out:  &cip.SignUpOutput{UserSub: aws.String(sub), UserConfirmed: true},
			want: `{"confirmed":true}`,
		},
		"no code to be sent": {out: &cip.SignUpOutput{UserSub: aws.String(sub)}, want: `{"confirmed":false}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := start(t, map[string]any{"SignUp": c.out})
			got := w.post(t, "sign-up", object{
				"email":    ines,
				"password": password,
				"name":     "Ines",
				"locale":   "fr",
				"metadata": object{"campaign": "spring"},
			}).Want(t, 201)
			if got.Body != c.want {
				t.Errorf("body %s, want %s", got.Body, c.want)
			}
			in := input[cip.SignUpInput](t, w.pool, "SignUp")
			attributes := map[string]string{}
			for _, a := range in.UserAttributes {
				attributes[*a.Name] = *a.Value
			}
			if !maps.Equal(attributes, map[string]string{"email": ines, "name": "Ines", "locale": "fr"}) ||
				!maps.Equal(in.ClientMetadata, map[string]string{"campaign": "spring"}) {
				t.Errorf("attributes %v, metadata %v", attributes, in.ClientMetadata)
			}
			if *in.ClientId != clientID || *in.Username != ines || *in.Password != password || in.SecretHash != nil {
				t.Errorf("input %+v", in)
			}
		})
	}
}

var exists = cognitoError("UsernameExistsException", "An account with the given email already exists.")

func TestConcealedSignUpAnswersAlike(t *testing.T) {
	body := object{"email": ines, "password": password}
	sent := &types.CodeDeliveryDetailsType{
		Destination:    aws.String("+*******1234"),
		DeliveryMedium: types.DeliveryMediumTypeSms,
	}
	pools := map[string]map[string]any{
		"new":                    {"SignUp": &cip.SignUpOutput{CodeDeliveryDetails: sent}},
		"new, confirmed at once": {"SignUp": &cip.SignUpOutput{UserConfirmed: true}},
		"existing":               {"SignUp": exists, "ConfirmForgotPassword": cognitoError("ExpiredCodeException", "")},
		"existing, confirmed": {
			"SignUp":                 exists,
			"ResendConfirmationCode": cognitoError("InvalidParameterException", "User is already confirmed."),
		},
		"existing, too often": {"SignUp": exists, "ResendConfirmationCode": cognitoError("LimitExceededException", "")},
	}
	for name, gives := range pools {
		t.Run(name, func(t *testing.T) {
			got := start(t, gives, concealed).post(t, "sign-up", body).Want(t, 201)
			if want := `{"destination":"i***@e***","medium":"EMAIL","confirmed":false}`; got.Body != want {
				t.Errorf("body %s, want %s", got.Body, want)
			}
		})
	}
}

// An account that waits for its code gets another one; the check of the password uses up nobody's attempts.
func TestConcealedSignUpOfAnExistingUser(t *testing.T) {
	w := start(t, map[string]any{"SignUp": exists}, concealed)
	w.post(t, "sign-up", object{
		"email":    ines,
		"password": password,
		"metadata": object{"campaign": "spring"},
	}).Want(t, 201)
	if got := w.pool.called(); got != "SignUp ConfirmForgotPassword ResendConfirmationCode" {
		t.Errorf("calls %s", got)
	}
	if in := input[cip.ConfirmForgotPasswordInput](t, w.pool, "ConfirmForgotPassword"); *in.Username == ines ||
		*in.Password != password {
		t.Errorf("the password was checked with %s", *in.Username)
	}
	if in := input[cip.ResendConfirmationCodeInput](t, w.pool, "ResendConfirmationCode"); *in.Username != ines ||
		in.ClientMetadata["campaign"] != "spring" {
		t.Errorf("the code was asked for with %+v", in)
	}
}

func TestConcealedSignUpRefusesPasswordsAlike(t *testing.T) {
	weak := cognitoError("InvalidPasswordException", "Password did not conform with policy: Password not long enough")
	body := object{"email": ines, "password": "x"}
	fresh := start(t, map[string]any{"SignUp": weak}, concealed).post(t, "sign-up", body)
	existing := start(t, map[string]any{"SignUp": exists, "ConfirmForgotPassword": weak}, concealed).post(t, "sign-up",
		body)
	fresh.WantProblem(t, 400, api.CodeInvalidPassword)
	if fresh.Body != existing.Body {
		t.Errorf("a new user gets %s, an existing one %s", fresh.Body, existing.Body)
	}
}

func TestConcealedSignUpNeedsCognito(t *testing.T) {
	for _, operation := range []string{"ConfirmForgotPassword", "ResendConfirmationCode"} {
		start(t, map[string]any{"SignUp": exists, operation: errDown}, concealed).post(t, "sign-up",
			object{"email": ines, "password": password}).WantProblem(t, 500, api.CodeInternal)
	}
}

// Requests after a sign-up must not reveal whether the account was new.
func TestConcealmentGoesOn(t *testing.T) {
	same := func(path string, body object, operation string, codes []string, status int, want string) {
		t.Run(path, func(t *testing.T) {
			var first apitest.Answer
			for i, code := range codes {
				got := start(t, map[string]any{operation: cognitoError(code, "")}, concealed).post(t, path, body)
				got.WantProblem(t, status, want)
				if i == 0 {
					first = got
				}
				if got.Body != first.Body {
					t.Errorf("%s: %s, %s: %s", codes[0], first.Body, code, got.Body)
				}
			}
		})
	}
	same("confirm", object{"email": ines, "code": "1"}, "ConfirmSignUp",
		[]string{"CodeMismatchException", "ExpiredCodeException", "NotAuthorizedException", "UserNotFoundException",
			"AliasExistsException",
			"LimitExceededException", "TooManyFailedAttemptsException"}, 400, api.CodeCodeMismatch)
	same("sign-in", object{"email": ines, "password": password}, "InitiateAuth",
		[]string{"NotAuthorizedException", "UserNotFoundException", "UserNotConfirmedException"}, 401, api.CodeUnauthorized)
}

// Of an existing account, a pretended sign-up has used up one of the codes that may be sent in an hour.
func TestConcealmentOfUsedUpCodes(t *testing.T) {
	for path, operation := range map[string]string{
		"resend":          "ResendConfirmationCode",
		"forgot-password": "ForgotPassword",
	} {
		limited := map[string]any{operation: cognitoError("LimitExceededException", "")}
		start(t, limited, concealed).post(t, path, object{"email": ines}).Want(t, 202)
		start(t, limited).post(t, path, object{"email": ines}).WantProblem(t, 429, api.CodeTooManyRequests)
	}
}

func TestConfirm(t *testing.T) {
	w := start(t, nil)
	if got := w.post(t, "confirm", object{"email": ines, "code": "123456"}).Want(t, 200); got.Body !=
		`{"confirmed":true}` {
		t.Errorf("body %s", got.Body)
	}
	in := input[cip.ConfirmSignUpInput](t, w.pool, "ConfirmSignUp")
	if *in.ClientId != clientID || *in.Username != ines || *in.ConfirmationCode != "123456" || in.ForceAliasCreation {
		t.Errorf("input %+v", in)
	}
}

// Whoever asks for a code learns nothing about the account.
func TestCodesAreAskedForBlindly(t *testing.T) {
	for path, operation := range map[string]string{
		"resend":          "ResendConfirmationCode",
		"forgot-password": "ForgotPassword",
	} {
		t.Run(path, func(t *testing.T) {
			w := start(t, nil)
			want := w.post(t, path, object{"email": ines}).Want(t, 202)
			if want.Body != `{"destination":"i***@e***"}` || w.pool.called() != operation {
				t.Errorf("body %s, calls %s", want.Body, w.pool.called())
			}
			for _, code := range []string{
				"UserNotFoundException", "NotAuthorizedException", "InvalidParameterException", "UserNotConfirmedException",
				"PasswordResetRequiredException",
				"AliasExistsException", "CodeDeliveryFailureException", "UserLambdaValidationException",
				"UnexpectedLambdaException", "InvalidLambdaResponseException",
			} {
				got := start(t, map[string]any{operation: cognitoError(code, "x failed with error y.")}).post(t, path,
					object{"email": ines}).Want(t, 202)
				if got.Body != want.Body {
					t.Errorf("%s: %s", code, got.Body)
				}
			}
		})
	}
}

func TestMask(t *testing.T) {
	for address, want := range map[string]string{
		"ines@example.org": "i***@e***", "I@E": "I***@E***", "김하늘@예시.한국": "김***@예***",
		`"a@b"@example.org`: `"***@b***`,
	} {
		if got := mask(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
