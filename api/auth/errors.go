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

// How long a caller should wait. Cognito does not say it: rates are counted by the second, failed sign-ins lock for a
// second at first and for up to 15 minutes, other attempts are counted by the hour.
const (
	rateWait    = 2 * time.Second
	lockWait    = time.Minute
	attemptWait = 15 * time.Minute
)

func tooMany(wait time.Duration) error {
	return &api.Problem{
		Status:     http.StatusTooManyRequests,
		Code:       api.CodeTooManyRequests,
		Detail:     "There were too many requests or attempts. Try again later.",
		RetryAfter: wait,
	}
}

// What a route answers in place of Cognito's errors; the key is Cognito's name for the error.
type answers map[string]error

var (
	errExists = api.Fail(http.StatusConflict, api.CodeUserExists,
		"An account with this e-mail address exists already.")
	errCode         = api.Fail(http.StatusBadRequest, api.CodeCodeMismatch, "The code is wrong.")
	errExpired      = api.Fail(http.StatusGone, api.CodeCodeExpired, "The code is not valid any more. Ask for a new one.")
	errUnauthorized = api.Fail(http.StatusUnauthorized, api.CodeUnauthorized,
		"This is not authorised, or not any more. Sign in again.")
	errUnconfirmed = api.Fail(http.StatusForbidden, api.CodeUserNotConfirmed,
		"The account is not confirmed yet. Confirm it with the code that was sent.")
	errReset = api.Fail(http.StatusForbidden, api.CodePasswordResetRequired,
		"The password must be reset before the next sign-in.")
	errForbidden  = api.Fail(http.StatusForbidden, api.CodeForbidden, "This is not allowed.")
	errUnwritable = api.Fail(http.StatusBadRequest, api.CodeInvalidParameter,
		"An attribute is among the values that this application may not write.")
	errNoSecondCheck = api.Fail(http.StatusBadRequest, api.CodeInvalidParameter,
		"The user has not set up this kind of challenge.")
)

// common is what every route answers where it has nothing of its own.
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

// failed turns the error of an operation into what the caller is told: the route's own answer first, then what the
// message tells, then the common one. Everything else is unforeseen, and stays an error that is logged and answered
// 500.
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
	// Not the message: of some errors it repeats what the caller sent.
	return fmt.Errorf("%s: Cognito answered %s", operation, code)
}

// byMessage tells errors apart that share a name, and those whose text is for the caller.
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

// maxShown bounds what is passed on of Cognito's own texts.
const maxShown = 500

// shown is Cognito's text where it can be shown, a text of ours otherwise: names of resources are not the caller's.
func shown(message, otherwise string) string {
	message = strings.TrimSpace(message)
	if message == "" || len(message) > maxShown || strings.Contains(message, "arn:") {
		return otherwise
	}
	return message
}

// refusal is what a trigger wants the user to read. Cognito writes "PreSignUp failed with error <text>.", with the dot
// after whatever the trigger said; some texts begin with an ARN in place of the trigger's name. A function that died
// has nothing to say: Lambda's own report begins with the request's id.
func refusal(message string) string {
	_, text, found := strings.Cut(message, " failed with error ")
	text = strings.TrimSpace(strings.TrimSuffix(text, "."))
	if !found || strings.HasPrefix(text, "RequestId: ") {
		return ""
	}
	return text
}

// errorCode is Cognito's name for an error, "" for an error that is not Cognito's answer.
func errorCode(err error) string {
	var fault smithy.APIError
	if errors.As(err, &fault) {
		return fault.ErrorCode()
	}
	return ""
}
