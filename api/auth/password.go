package main

import (
	"context"
	"log/slog"
	"net/http"
	"slices"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/shared/api"
)

// silent are the errors that would tell who requests a code whether an account exists and in what state: errors of the
// account itself, and errors of triggers and mail, which only occur for existing accounts.
var silent = []string{
	"UserNotFoundException", "NotAuthorizedException", "InvalidParameterException", "UserNotConfirmedException",
	"PasswordResetRequiredException", "AliasExistsException",
	"CodeDeliveryFailureException", "UserLambdaValidationException", "UnexpectedLambdaException",
	"InvalidLambdaResponseException",
}

// send has Cognito send a code to an address, and answers 202 whether or not the address has an account.
func (h handler) send(ctx context.Context, r *api.Request, operation string,
	call func(context.Context, *string) error) (api.Response, error) {
	in, err := api.Decode[emailBody](r)
	if err != nil {
		return api.Response{}, err
	}
	if err := (faults{}).email(in.Email).err(); err != nil {
		return api.Response{}, err
	}
	if err := call(ctx, &in.Email); err != nil {
		code := errorCode(err)
		// A pretended sign-up has used up one of an existing account's codes, but none of a new account's.
		concealed := h.config.Conceal && code == "LimitExceededException"
		if !slices.Contains(silent, code) && !concealed {
			return api.Response{}, failed(ctx, operation, err, nil)
		}
		api.Note(ctx, "CognitoError", code)
		api.Count(ctx, "CodesNotSent")
	}
	return api.JSON(http.StatusAccepted, struct {
		Destination string `json:"destination"`
	}{mask(in.Email)}), nil
}

// forgotPassword serves POST /auth/forgot-password.
func (h handler) forgotPassword(ctx context.Context, r *api.Request) (api.Response, error) {
	return h.send(ctx, r, "ForgotPassword", func(ctx context.Context, email *string) error {
		_, err := h.pool().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &h.config.ClientID, Username: email})
		return err
	})
}

type resetBody struct {
	Email       string `json:"email"`
	Code        string `json:"code"`
	NewPassword string `json:"new_password"`
}

// unresettable are the answers for accounts that were sent no code or cannot get one: the same as for an expired code.
var unresettable = answers{
	"NotAuthorizedException":    errExpired,
	"UserNotFoundException":     errExpired,
	"UserNotConfirmedException": errExpired,
}

// resetPassword serves POST /auth/reset-password.
func (h handler) resetPassword(ctx context.Context, r *api.Request) (api.Response, error) {
	in, err := api.Decode[resetBody](r)
	if err != nil {
		return api.Response{}, err
	}
	if err := (faults{}).email(in.Email).needs("code", in.Code).needs("new_password", in.NewPassword).err(); err != nil {
		return api.Response{}, err
	}
	_, err = h.pool().ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
		ClientId: &h.config.ClientID, Username: &in.Email, ConfirmationCode: &in.Code, Password: &in.NewPassword,
	})
	if err != nil {
		return api.Response{}, failed(ctx, "ConfirmForgotPassword", err, unresettable)
	}
	return api.JSON(http.StatusOK, reset{true, h.signOutAfterReset(ctx, &in.Email)}), nil
}

type reset struct {
	Reset     bool `json:"reset"`
	SignedOut bool `json:"signed_out"` // whether the user's other sign-ins have ended
}

// signOutAfterReset ends the user's sign-ins, since whoever stole a refresh token could use it after the reset, too.
// The password is already new, so a failure is no reason to refuse.
func (h handler) signOutAfterReset(ctx context.Context, email *string) bool {
	if !h.config.SignOut {
		return false
	}
	_, err := h.pool().AdminUserGlobalSignOut(ctx, &cip.AdminUserGlobalSignOutInput{
		UserPoolId: &h.config.UserPoolID, Username: email,
	})
	if err != nil {
		api.Count(ctx, "SignOutsFailed")
		slog.ErrorContext(ctx, "the user's other sign-ins go on after a new password: sign the user out by hand",
			"error", err)
	}
	return err == nil
}
