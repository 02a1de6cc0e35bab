package userpool

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/internal/delivery"
)

const ines = "ines@example.org"

func TestSignUpFiresAndDelivers(t *testing.T) {
	w := start(t, setup{})
	w.functions.on("CustomMessage_SignUp", func(map[string]any) (any, error) {
		return map[string]any{"emailSubject": "Welcome", "emailMessage": "<b>{####}</b>"}, nil
	})
	out, err := w.SignUp(t.Context(), &cip.SignUpInput{
		ClientId: w.clientID, Username: aws.String(ines), Password: aws.String(password),
		UserAttributes: []types.AttributeType{{Name: aws.String("custom:tenant"), Value: aws.String("acme")}},
		ValidationData: []types.AttributeType{{Name: aws.String("captcha"), Value: aws.String("x")}},
		ClientMetadata: map[string]string{"locale": "fr"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if out.UserConfirmed || *out.CodeDeliveryDetails.Destination != "i***@e***" ||
		out.CodeDeliveryDetails.DeliveryMedium != "EMAIL" {
		t.Errorf("sign-up = %s", text(t, out))
	}
	fired := w.wantFired("PreSignUp_SignUp", "CustomMessage_SignUp")
	want := `{"clientMetadata":{"locale":"fr"},"userAttributes":{"custom:tenant":"acme","email":"ines@example.org"},` +
		`"validationData":{"captcha":"x"}}`
	if got := text(t, fired[0].Request); got != want || fired[0].UserName != *out.UserSub ||
		fired[0].ClientID != *w.clientID {
		t.Errorf("pre sign-up = %s\nwant %s", got, want)
	}
	want = `{"clientMetadata":{"locale":"fr"},"codeParameter":"{####}","linkParameter":"{##Click Here##}",` +
		`"userAttributes":{"cognito:user_status":"UNCONFIRMED","custom:tenant":"acme","email":"ines@example.org",` +
		`"email_verified":"false","sub":"` + *out.UserSub + `"},"usernameParameter":null}`
	if got := text(t, fired[1].Request); got != want {
		t.Errorf("custom message = %s\nwant %s", got, want)
	}
	if m := w.message(); m.Subject != "Welcome" || m.Body != "<b>"+m.Code+"</b>" || m.To != ines || m.Kind != "EMAIL" {
		t.Errorf("message = %+v", m)
	}
	wantError(t, w.confirm(ines, "000000"), "CodeMismatchException")
	w.wantFired()
	if err := w.confirm("Ines@Example.org", w.code()); err != nil {
		t.Fatal(err)
	}
	request := text(t, w.wantFired("PostConfirmation_ConfirmSignUp")[0].Request)
	if !strings.Contains(request, `"cognito:user_status":"CONFIRMED"`) ||
		!strings.Contains(request, `"email_verified":"true"`) {
		t.Errorf("post confirmation = %s", request)
	}
	wantMessage(t, w.confirm(ines, "000000"), "NotAuthorizedException",
		"User cannot be confirmed. Current status is CONFIRMED")
	_, err = w.signUp(ines)
	wantError(t, err, "UsernameExistsException")
}

func TestPreSignUpAnswers(t *testing.T) {
	cases := map[string]struct {
		answer           any
		refuse           string
		code, message    string
		confirmed, fired bool
	}{
		"unchanged":    {answer: map[string]any{}},
		"auto-confirm": {answer: map[string]any{"autoConfirmUser": true, "autoVerifyEmail": true}, confirmed: true},
		"refused": {refuse: "Not with this domain", code: "UserLambdaValidationException",
			message: "PreSignUp failed with error Not with this domain."},
		"list": {answer: []string{}, code: "InvalidLambdaResponseException",
			message: "Unrecognizable lambda output"},
		"wrong type": {answer: map[string]any{"autoConfirmUser": "yes"}, code: "InvalidLambdaResponseException",
			message: "Unrecognizable lambda output"},
		"null": {answer: json.RawMessage("null"), code: "InvalidLambdaResponseException",
			message: "Invalid lambda function output : Invalid JSON"},
		"not JSON": {answer: json.RawMessage("{"), code: "InvalidLambdaResponseException",
			message: "Invalid lambda function output : Invalid JSON"},
		"only response": {answer: json.RawMessage(`{"response":{}}`), code: "InvalidLambdaResponseException",
			message: "Unrecognizable lambda output"},
		"verifies phone": {answer: map[string]any{"autoVerifyPhone": true}, code: "InvalidLambdaResponseException",
			message: "Unrecognizable lambda output"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := start(t, setup{})
			w.functions.on("PreSignUp_SignUp", func(map[string]any) (any, error) {
				if c.refuse != "" {
					return nil, errors.New(c.refuse)
				}
				return c.answer, nil
			})
			out, err := w.signUp(ines)
			if c.code != "" {
				wantMessage(t, err, c.code, c.message)
				w.wantFired("PreSignUp_SignUp")
				_, err = w.AdminGetUser(t.Context(), &cip.AdminGetUserInput{UserPoolId: w.pool, Username: aws.String(ines)})
				wantError(t, err, "UserNotFoundException")
				return
			}
			if err != nil || out.UserConfirmed != c.confirmed {
				t.Fatalf("sign-up = %v, error %v", out, err)
			}
			if c.confirmed {
				w.wantFired("PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp")
			} else {
				w.wantFired("PreSignUp_SignUp", "CustomMessage_SignUp")
			}
		})
	}
}

func TestCodes(t *testing.T) {
	w := start(t, setup{})
	if _, err := w.signUp(ines); err != nil {
		t.Fatal(err)
	}
	first := w.code()
	w.clock.Advance(25 * time.Hour)
	wantError(t, w.confirm(ines, first), "ExpiredCodeException")
	if _, err := w.ResendConfirmationCode(t.Context(),
		&cip.ResendConfirmationCodeInput{ClientId: w.clientID, Username: aws.String(ines)}); err != nil {
		t.Fatal(err)
	}
	w.wantFired("PreSignUp_SignUp", "CustomMessage_SignUp", "CustomMessage_ResendCode")
	wantError(t, w.confirm(ines, first), "CodeMismatchException")
	for range delivery.MaxTries - 1 {
		wantError(t, w.confirm(ines, "000000"), "CodeMismatchException")
	}
	wantError(t, w.confirm(ines, w.code()), "LimitExceededException")
	u, err := w.server.Store().FindUser(*w.pool, ines)
	if err != nil || strings.Contains(text(t, u), w.code()) || strings.Contains(text(t, u), password) {
		t.Errorf("stored code or password: %s", text(t, u))
	}
}

func TestCustomMessageAnswers(t *testing.T) {
	cases := map[string]struct {
		ses    types.EmailSendingAccountType
		answer map[string]any
		code   string
	}{
		"without SES": {ses: "COGNITO_DEFAULT", answer: map[string]any{"emailMessage": "your {####}"},
			code: "InvalidLambdaResponseException"},
		"no placeholder": {
			ses:    "DEVELOPER",
			answer: map[string]any{"emailMessage": "no code here"},
			code:   "InvalidParameterException",
		},
		"wrong type": {ses: "DEVELOPER", answer: map[string]any{"emailMessage": 5}, code: "InvalidLambdaResponseException"},
		"long subject": {ses: "DEVELOPER", answer: map[string]any{"emailSubject": strings.Repeat("x", 141)},
			code: "InvalidParameterException"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := start(t, setup{pool: func(in *cip.CreateUserPoolInput) { in.EmailConfiguration.EmailSendingAccount = c.ses }})
			w.functions.on("CustomMessage_SignUp", func(map[string]any) (any, error) { return c.answer, nil })
			_, err := w.signUp(ines)
			wantError(t, err, c.code)
		})
	}
}

func TestSignUpRules(t *testing.T) {
	w := start(t, setup{})
	_, err := w.SignUp(t.Context(), &cip.SignUpInput{ClientId: w.clientID, Username: aws.String(ines),
		Password: aws.String("short")})
	wantMessage(t, err, "InvalidPasswordException", "Password did not conform with policy: Password not long enough")
	_, err = w.signUp("ines")
	wantMessage(t, err, "InvalidParameterException", "Username should be an email.")
	_, err = w.signUp(ines, "custom:unknown", "x")
	wantError(t, err, "InvalidParameterException")
	_, err = w.SignUp(t.Context(), &cip.SignUpInput{ClientId: aws.String("nobody"), Username: aws.String(ines),
		Password: aws.String(password)})
	wantError(t, err, "ResourceNotFoundException")
	w.wantFired()
}
