package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"cognito-triggers/shared/api"
)

// How long a caller should wait. Cognito does not say: it counts rates by the second, locks failed sign-ins for one
// second at first and up to 15 minutes, and counts other attempts by the hour.
const (
	rateWait    = 2 * time.Second
	lockWait    = time.Minute
	attemptWait = 15 * time.Minute
)

func tooMany(wait time.Duration) error {
	return &api.Problem{
		Status:     http.StatusTooManyRequests,
		Code:       api.CodeTooManyRequests,
		Detail:     "Too many requests or attempts. Try again later.",
		RetryAfter: wait,
	}
}

// answers are a route's own answers to Cognito's errors, by Cognito's name of the error.
type answers map[string]error

var (
	errExists = api.Fail(http.StatusConflict, api.CodeUserExists,
		"An account with this e-mail address already exists.")
	errCode         = api.Fail(http.StatusBadRequest, api.CodeCodeMismatch, "The code is wrong.")
	errExpired      = api.Fail(http.StatusGone, api.CodeCodeExpired, "The code is no longer valid. Request a new one.")
	errUnauthorized = api.Fail(http.StatusUnauthorized, api.CodeUnauthorized,
		"Your session or token is not valid. Sign in again.")
	errUnconfirmed = api.Fail(http.StatusForbidden, api.CodeUserNotConfirmed,
		"The account is not confirmed yet. Confirm it with the code that was sent.")
	errReset = api.Fail(http.StatusForbidden, api.CodePasswordResetRequired,
		"The password must be reset before the next sign-in.")
	errForbidden  = api.Fail(http.StatusForbidden, api.CodeForbidden, "This is not allowed.")
	errUnwritable = api.Fail(http.StatusBadRequest, api.CodeInvalidParameter,
		"This application may not write one of the attributes.")
	errNoSecondCheck = api.Fail(http.StatusBadRequest, api.CodeInvalidParameter,
		"The user has not set up this kind of challenge.")
)

// common are the answers of every route that has none of its own.
var common = answers{
	"UsernameExistsException":           errExists,
	"AliasExistsException":              errExists,
	"CodeMismatchException":             errCode,
	"ExpiredCodeException":              errExpired,
	"NotAuthorizedException":            errUnauthorized,
	"UserNotFoundException":             errUnauthorized,
	"UserNotConfirmedException":         errUnconfirmed,
	"PasswordResetRequiredException":    errReset,
	"ForbiddenException":                errForbidden, // AWS WAF
	"MFAMethodNotFoundException":        errNoSecondCheck,
	"SoftwareTokenMFANotFoundException": errNoSecondCheck,
	"TooManyRequestsException":          tooMany(rateWait),
	"LimitExceededException":            tooMany(attemptWait),
	"TooManyFailedAttemptsException":    tooMany(attemptWait),
}

// failed turns the error of an operation into the answer for the caller: the route's own answer, or else one by the
// message, or else the common one. Any other error is unexpected; it is returned, logged and answered with 500.
func failed(ctx context.Context, operation string, err error, own answers) error {
	var fault smithy.APIError
	if !errors.As(err, &fault) {
		return fmt.Errorf("%s: %w", operation, err)
	}
	code, message := fault.ErrorCode(), fault.ErrorMessage()
	api.Note(ctx, "CognitoError", code)
	if told := byMessage(code, message); told != nil {
		return told
	}
	for _, all := range []answers{own, common} {
		if told, known := all[code]; known {
			return told
		}
	}
	// Without the message, which in some errors repeats what the caller sent.
	return fmt.Errorf("%s: Cognito answered %s", operation, code)
}

// byMessage distinguishes errors of the same name, and handles those whose text is for the caller.
func byMessage(code, message string) error {
	switch code {
	case "NotAuthorizedException":
		switch {
		case strings.Contains(message, "attempts exceeded"):
			return tooMany(lockWait)
		case strings.Contains(message, "write unauthorized attribute"):
			return errUnwritable
		}
	case "InvalidPasswordException", "PasswordHistoryPolicyViolationException":
		return api.Fail(http.StatusBadRequest, api.CodeInvalidPassword,
			shown(message, "The password does not conform to the policy."))
	case "InvalidParameterException":
		return api.Fail(http.StatusBadRequest, api.CodeInvalidParameter, shown(message, "A value is not valid."))
	case "UserLambdaValidationException":
		if text := refusal(message); text != "" {
			return api.Fail(http.StatusUnprocessableEntity, api.CodeTriggerRefused, text)
		}
	}
	return nil
}

// maxShown limits Cognito's texts that are passed on.
const maxShown = 500

// shown returns Cognito's text if it is fit for the caller, or else otherwise: the caller must not see names of
// resources.
func shown(message, otherwise string) string {
	message = strings.TrimSpace(message)
	if message == "" || len(message) > maxShown || strings.Contains(message, "arn:") {
		return otherwise
	}
	return message
}

// refusal returns a trigger's text for the user. Cognito writes "PreSignUp failed with error <text>.", with the full
// stop after whatever the trigger said; some messages begin with an ARN in place of the trigger's name. A function that
// died has no text: Lambda's report begins with the request id.
func refusal(message string) string {
	_, text, found := strings.Cut(message, " failed with error ")
	text = strings.TrimSpace(strings.TrimSuffix(text, "."))
	if !found || strings.HasPrefix(text, "RequestId: ") {
		return ""
	}
	return text
}

// errorCode returns Cognito's name of an error, or "" if err is not an answer of Cognito.
func errorCode(err error) string {
	var fault smithy.APIError
	if errors.As(err, &fault) {
		return fault.ErrorCode()
	}
	return ""
}
