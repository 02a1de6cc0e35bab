package main

import (
	"context"
	"crypto/rand"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/api"
)

type signUpBody struct {
	Email    string            `json:"email"`
	Password string            `json:"password"`
	Name     string            `json:"name"`
	Locale   string            `json:"locale"`
	Metadata map[string]string `json:"metadata"` // ClientMetadata, for the triggers
}

// signedUp is where the code was sent.
type signedUp struct {
	Destination string `json:"destination,omitempty"` // masked
	Medium      string `json:"medium,omitempty"`      // EMAIL or SMS
	Confirmed   bool   `json:"confirmed"`             // the account needs no code
}

// signUp serves POST /auth/sign-up.
func (h handler) signUp(ctx context.Context, r *api.Request) (api.Response, error) {
	in, err := api.Decode[signUpBody](r)
	if err != nil {
		return api.Response{}, err
	}
	if err := (faults{}).email(in.Email).needs("password", in.Password).err(); err != nil {
		return api.Response{}, err
	}
	out, err := h.pool().SignUp(ctx, &cip.SignUpInput{
		ClientId: &h.config.ClientID, Username: &in.Email, Password: &in.Password, UserAttributes: in.attributes(),
		ClientMetadata: in.Metadata,
	})
	switch {
	case err != nil && h.config.Conceal && errorCode(err) == "UsernameExistsException":
		api.Note(ctx, "CognitoError", "UsernameExistsException")
		err = h.pretendSignUp(ctx, in)
	case err != nil:
		err = failed(ctx, "SignUp", err, answers{"NotAuthorizedException": errForbidden}) // sign-up is switched off
	}
	if err != nil {
		return api.Response{}, err
	}
	return api.JSON(http.StatusCreated, h.answerTo(in, out)), nil
}

func (in signUpBody) attributes() []types.AttributeType {
	attributes := []types.AttributeType{{Name: aws.String("email"), Value: &in.Email}}
	if in.Name != "" {
		attributes = append(attributes, types.AttributeType{Name: aws.String("name"), Value: &in.Name})
	}
	if in.Locale != "" {
		attributes = append(attributes, types.AttributeType{Name: aws.String("locale"), Value: &in.Locale})
	}
	return attributes
}

// answerTo returns the answer to a sign-up. If existing users are concealed, it depends on the input only.
func (h handler) answerTo(in signUpBody, out *cip.SignUpOutput) signedUp {
	if h.config.Conceal {
		return signedUp{Destination: mask(in.Email), Medium: string(types.DeliveryMediumTypeEmail)}
	}
	answer := signedUp{Confirmed: out.UserConfirmed}
	if sent := out.CodeDeliveryDetails; sent != nil {
		answer.Destination, answer.Medium = aws.ToString(sent.Destination), string(sent.DeliveryMedium)
	}
	return answer
}

// pretendSignUp has the side effects of a sign-up for an address that has an account: it refuses a password that the
// policy refuses, and sends a code, which Cognito only does if the account is waiting for one. It hides all errors
// except the password's, since they would reveal the account's state.
func (h handler) pretendSignUp(ctx context.Context, in signUpBody) error {
	if err := h.checkPassword(ctx, in.Password); err != nil {
		return err
	}
	_, err := h.pool().ResendConfirmationCode(ctx, &cip.ResendConfirmationCodeInput{
		ClientId: &h.config.ClientID, Username: &in.Email, ClientMetadata: in.Metadata,
	})
	if err != nil && errorCode(err) == "" {
		return failed(ctx, "ResendConfirmationCode", err, nil)
	}
	return nil
}

// checkPassword checks a password against the pool's policy without an account: resetting it for a name that does not
// exist fails, with a different error if the password is the problem. This uses up nobody's attempts.
func (h handler) checkPassword(ctx context.Context, password string) error {
	_, err := h.pool().ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
		ClientId: &h.config.ClientID, Username: aws.String(rand.Text() + "@example.invalid"),
		ConfirmationCode: aws.String("000000"), Password: &password,
	})
	switch errorCode(err) {
	case "InvalidPasswordException", "InvalidParameterException":
		return failed(ctx, "SignUp", err, nil)
	case "":
		if err != nil {
			return failed(ctx, "ConfirmForgotPassword", err, nil)
		}
	}
	return nil
}

type confirmBody struct {
	Email string `json:"email"`
	Code  string `json:"code"`
}

// confirm serves POST /auth/confirm.
func (h handler) confirm(ctx context.Context, r *api.Request) (api.Response, error) {
	in, err := api.Decode[confirmBody](r)
	if err != nil {
		return api.Response{}, err
	}
	if err := (faults{}).email(in.Email).needs("code", in.Code).err(); err != nil {
		return api.Response{}, err
	}
	_, err = h.pool().ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{
		ClientId:         &h.config.ClientID,
		Username:         &in.Email,
		ConfirmationCode: &in.Code,
	})
	if err != nil {
		return api.Response{}, failed(ctx, "ConfirmSignUp", err, h.confirmAnswers())
	}
	return api.JSON(http.StatusOK, struct {
		Confirmed bool `json:"confirmed"`
	}{true}), nil
}

// confirmAnswers returns the route's answers. A confirmed or unknown account gets the answer for an expired code. If
// existing users are concealed, so does a wrong code: otherwise it would reveal whether the account of a pretended
// sign-up is new. The same goes for too many attempts, which Cognito only counts for accounts that are waiting for a
// code.
func (h handler) confirmAnswers() answers {
	own := answers{"NotAuthorizedException": errExpired, "UserNotFoundException": errExpired}
	if h.config.Conceal {
		unfit := api.Fail(http.StatusBadRequest, api.CodeCodeMismatch,
			"The code is wrong or no longer valid. Request a new one.")
		for _, code := range []string{"NotAuthorizedException", "UserNotFoundException", "ExpiredCodeException",
			"CodeMismatchException", "AliasExistsException",
			"LimitExceededException", "TooManyFailedAttemptsException"} {
			own[code] = unfit
		}
	}
	return own
}

type emailBody struct {
	Email string `json:"email"`
}

// resend serves POST /auth/resend.
func (h handler) resend(ctx context.Context, r *api.Request) (api.Response, error) {
	return h.send(ctx, r, "ResendConfirmationCode", func(ctx context.Context, email *string) error {
		_, err := h.pool().ResendConfirmationCode(ctx, &cip.ResendConfirmationCodeInput{
			ClientId: &h.config.ClientID,
			Username: email,
		})
		return err
	})
}
