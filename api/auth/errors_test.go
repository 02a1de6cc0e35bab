package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
)

// requests are the routes with a body that Cognito gets to see, and the operation that sees it.
var requests = map[string]struct {
	operation string
	options   []apitest.Option
}{
	"POST /auth/sign-up": {
		operation: "SignUp",
		options:   []apitest.Option{apitest.Body(object{"email": ines, "password": password})},
	},
	"POST /auth/confirm": {
		operation: "ConfirmSignUp",
		options:   []apitest.Option{apitest.Body(object{"email": ines, "code": "123456"})},
	},
	"POST /auth/resend": {
		operation: "ResendConfirmationCode",
		options:   []apitest.Option{apitest.Body(object{"email": ines})},
	},
	"POST /auth/sign-in": {
		operation: "InitiateAuth",
		options:   []apitest.Option{apitest.Body(object{"email": ines, "password": password})},
	},
	"POST /auth/challenge": {
		operation: "RespondToAuthChallenge",
		options:   []apitest.Option{apitest.Body(newPassword)},
	},
	"POST /auth/refresh": {
		operation: "GetTokensFromRefreshToken",
		options:   []apitest.Option{apitest.Body(object{"refresh_token": "refresh"})},
	},
	"POST /auth/sign-out": {
		operation: "RevokeToken",
		options:   []apitest.Option{apitest.Body(object{"refresh_token": "refresh"})},
	},
	"POST /auth/forgot-password": {
		operation: "ForgotPassword",
		options:   []apitest.Option{apitest.Body(object{"email": ines})},
	},
	"POST /auth/reset-password": {
		operation: "ConfirmForgotPassword",
		options:   []apitest.Option{apitest.Body(object{"email": ines, "code": "123456", "new_password": password})},
	},
	"GET /auth/me": {operation: "GetUser", options: []apitest.Option{apitest.User(sub)}},
	"PATCH /auth/me": {
		operation: "UpdateUserAttributes",
		options:   []apitest.Option{apitest.User(sub), apitest.Body(object{"name": "Ines"})},
	},
	"DELETE /auth/me": {operation: "DeleteUser", options: []apitest.Option{apitest.User(sub)}},
}

var newPassword = object{
	"session":   pack(ines, "session"),
	"challenge": "NEW_PASSWORD_REQUIRED",
	"answers":   object{"NEW_PASSWORD": password},
}

func TestErrorTable(t *testing.T) {
	const everywhere = ""
	cases := []struct {
		name, route, code, message string
		status                     int
		want                       string // the problem's code
		retryAfter                 string
		detail                     string // part of it
	}{
		{
			name:    "user exists",
			route:   "POST /auth/sign-up",
			code:    "UsernameExistsException",
			message: "An account with the given email already exists.",
			status:  409,
			want:    api.CodeUserExists,
			detail:  "already exists",
		},
		{
			name:    "alias exists",
			route:   "POST /auth/confirm",
			code:    "AliasExistsException",
			message: "An account with the given email already exists.",
			status:  409,
			want:    api.CodeUserExists,
			detail:  "already exists",
		},
		{
			name:    "password",
			route:   "POST /auth/sign-up",
			code:    "InvalidPasswordException",
			message: "Password did not conform with policy: Password not long enough",
			status:  400,
			want:    api.CodeInvalidPassword,
			detail:  "not long enough",
		},
		{
			name:    "password reset",
			route:   "POST /auth/reset-password",
			code:    "InvalidPasswordException",
			message: "Password did not conform with policy: Password must have numeric characters",
			status:  400,
			want:    api.CodeInvalidPassword,
			detail:  "numeric",
		},
		{
			name:    "password used before",
			route:   "POST /auth/challenge",
			code:    "PasswordHistoryPolicyViolationException",
			message: "Password has previously been used.",
			status:  400,
			want:    api.CodeInvalidPassword,
			detail:  "previously",
		},
		{
			name:    "parameter",
			route:   "POST /auth/sign-up",
			code:    "InvalidParameterException",
			message: "Invalid email address format.",
			status:  400,
			want:    api.CodeInvalidParameter,
			detail:  "Invalid email address format.",
		},
		{
			name:    "parameter, long",
			route:   "POST /auth/sign-up",
			code:    "InvalidParameterException",
			message: strings.Repeat("x", 501),
			status:  400,
			want:    api.CodeInvalidParameter,
			detail:  "A value is not valid.",
		},
		{
			name:    "parameter, with an ARN",
			route:   "POST /auth/sign-up",
			code:    "InvalidParameterException",
			message: "Role arn:aws:iam::123456789012:role/sms cannot be used",
			status:  400,
			want:    api.CodeInvalidParameter,
			detail:  "A value is not valid.",
		},
		{
			name:    "attribute not writable",
			route:   "POST /auth/sign-up",
			code:    "NotAuthorizedException",
			message: "A client attempted to write unauthorized attribute",
			status:  400,
			want:    api.CodeInvalidParameter,
			detail:  "may not write",
		},
		{
			name:    "attribute not writable",
			route:   "PATCH /auth/me",
			code:    "NotAuthorizedException",
			message: "A client attempted to write unauthorized attribute",
			status:  400,
			want:    api.CodeInvalidParameter,
			detail:  "may not write",
		},
		{
			name:    "attribute not mutable",
			route:   "PATCH /auth/me",
			code:    "InvalidParameterException",
			message: "user.name: Attribute cannot be updated.\n",
			status:  400,
			want:    api.CodeInvalidParameter,
			detail:  "user.name",
		},
		{
			name:    "wrong code",
			route:   "POST /auth/confirm",
			code:    "CodeMismatchException",
			message: "Invalid verification code provided, please try again.",
			status:  400,
			want:    api.CodeCodeMismatch,
			detail:  "wrong",
		},
		{
			name:   "wrong code",
			route:  "POST /auth/reset-password",
			code:   "CodeMismatchException",
			status: 400,
			want:   api.CodeCodeMismatch,
			detail: "wrong",
		},
		{
			name:   "wrong code",
			route:  "POST /auth/challenge",
			code:   "CodeMismatchException",
			status: 400,
			want:   api.CodeCodeMismatch,
			detail: "wrong",
		},
		{
			name:    "expired code",
			route:   "POST /auth/confirm",
			code:    "ExpiredCodeException",
			message: "Invalid code provided, please request a code again.",
			status:  410,
			want:    api.CodeCodeExpired,
			detail:  "new one",
		},
		{
			name:   "expired code",
			route:  "POST /auth/reset-password",
			code:   "ExpiredCodeException",
			status: 410,
			want:   api.CodeCodeExpired,
			detail: "new one",
		},
		{
			name:    "confirmed already",
			route:   "POST /auth/confirm",
			code:    "NotAuthorizedException",
			message: "User cannot be confirmed. Current status is CONFIRMED",
			status:  410,
			want:    api.CodeCodeExpired,
			detail:  "new one",
		},
		{
			name:    "nobody to confirm",
			route:   "POST /auth/confirm",
			code:    "UserNotFoundException",
			message: "User does not exist.",
			status:  410,
			want:    api.CodeCodeExpired,
			detail:  "new one",
		},
		{
			name:    "nobody to reset",
			route:   "POST /auth/reset-password",
			code:    "UserNotFoundException",
			message: "User does not exist.",
			status:  410,
			want:    api.CodeCodeExpired,
			detail:  "new one",
		},
		{
			name:    "disabled, reset",
			route:   "POST /auth/reset-password",
			code:    "NotAuthorizedException",
			message: "User is disabled.",
			status:  410,
			want:    api.CodeCodeExpired,
			detail:  "new one",
		},
		{
			name:    "wrong password",
			route:   "POST /auth/sign-in",
			code:    "NotAuthorizedException",
			message: "Incorrect username or password.",
			status:  401,
			want:    api.CodeUnauthorized,
			detail:  errDetail(errCredentials),
		},
		{
			name:    "unknown user",
			route:   "POST /auth/sign-in",
			code:    "UserNotFoundException",
			message: "User does not exist.",
			status:  401,
			want:    api.CodeUnauthorized,
			detail:  errDetail(errCredentials),
		},
		{
			name:    "disabled user",
			route:   "POST /auth/sign-in",
			code:    "NotAuthorizedException",
			message: "User is disabled.",
			status:  401,
			want:    api.CodeUnauthorized,
			detail:  errDetail(errCredentials),
		},
		{
			name:       "locked",
			route:      "POST /auth/sign-in",
			code:       "NotAuthorizedException",
			message:    "Password attempts exceeded",
			status:     429,
			want:       api.CodeTooManyRequests,
			retryAfter: "60",
			detail:     "later",
		},
		{
			name:    "session over",
			route:   "POST /auth/challenge",
			code:    "NotAuthorizedException",
			message: "Invalid session for the user, session is expired.",
			status:  401,
			want:    api.CodeUnauthorized,
			detail:  "Sign in again",
		},
		{
			name:    "refresh token over",
			route:   "POST /auth/refresh",
			code:    "NotAuthorizedException",
			message: "Refresh Token has expired",
			status:  401,
			want:    api.CodeUnauthorized,
			detail:  "Sign in again",
		},
		{
			name:   "refresh token used twice",
			route:  "POST /auth/refresh",
			code:   "RefreshTokenReuseException",
			status: 401,
			want:   api.CodeUnauthorized,
			detail: "Sign in again",
		},
		{
			name:    "access token revoked",
			route:   "GET /auth/me",
			code:    "NotAuthorizedException",
			message: "Access Token has been revoked",
			status:  401,
			want:    api.CodeUnauthorized,
			detail:  "Sign in again",
		},
		{
			name:    "access token revoked",
			route:   "PATCH /auth/me",
			code:    "NotAuthorizedException",
			message: "Access Token has been revoked",
			status:  401,
			want:    api.CodeUnauthorized,
			detail:  "Sign in again",
		},
		{
			name:    "access token revoked",
			route:   "DELETE /auth/me",
			code:    "NotAuthorizedException",
			message: "Access Token has been revoked",
			status:  401,
			want:    api.CodeUnauthorized,
			detail:  "Sign in again",
		},
		{
			name:    "user deleted",
			route:   "GET /auth/me",
			code:    "UserNotFoundException",
			message: "User does not exist.",
			status:  401,
			want:    api.CodeUnauthorized,
			detail:  "Sign in again",
		},
		{
			name:    "sign-up switched off",
			route:   "POST /auth/sign-up",
			code:    "NotAuthorizedException",
			message: "SignUp is not permitted for this user pool",
			status:  403,
			want:    api.CodeForbidden,
			detail:  "not allowed",
		},
		{
			name:    "not confirmed",
			route:   "POST /auth/sign-in",
			code:    "UserNotConfirmedException",
			message: "User is not confirmed.",
			status:  403,
			want:    api.CodeUserNotConfirmed,
			detail:  "Confirm",
		},
		{
			name:    "reset required",
			route:   "POST /auth/sign-in",
			code:    "PasswordResetRequiredException",
			message: "Password reset required for the user",
			status:  403,
			want:    api.CodePasswordResetRequired,
			detail:  "reset",
		},
		{
			name:   "no second factor",
			route:  "POST /auth/challenge",
			code:   "SoftwareTokenMFANotFoundException",
			status: 400,
			want:   api.CodeInvalidParameter,
			detail: "not set up",
		},
		{
			name:    "web ACL",
			route:   everywhere,
			code:    "ForbiddenException",
			message: "Request not allowed due to WAF block",
			status:  403,
			want:    api.CodeForbidden,
			detail:  "not allowed",
		},
		{
			name:       "rate",
			route:      everywhere,
			code:       "TooManyRequestsException",
			message:    "Rate exceeded",
			status:     429,
			want:       api.CodeTooManyRequests,
			retryAfter: "2",
			detail:     "later",
		},
		{
			name:       "limit",
			route:      everywhere,
			code:       "LimitExceededException",
			message:    "Attempt limit exceeded, please try after some time.",
			status:     429,
			want:       api.CodeTooManyRequests,
			retryAfter: "900",
			detail:     "later",
		},
		{
			name:       "wrong codes",
			route:      "POST /auth/confirm",
			code:       "TooManyFailedAttemptsException",
			status:     429,
			want:       api.CodeTooManyRequests,
			retryAfter: "900",
			detail:     "later",
		},
		{
			name:    "trigger refuses",
			route:   "POST /auth/sign-up",
			code:    "UserLambdaValidationException",
			message: "PreSignUp failed with error This user name is not allowed..",
			status:  422,
			want:    api.CodeTriggerRefused,
			detail:  "This user name is not allowed.",
		},
		{
			name:    "trigger refuses",
			route:   "POST /auth/sign-in",
			code:    "UserLambdaValidationException",
			message: "PreAuthentication failed with error Come back tomorrow!.",
			status:  422,
			want:    api.CodeTriggerRefused,
			detail:  "Come back tomorrow!",
		},
		{
			name:    "trigger refuses",
			route:   "POST /auth/refresh",
			code:    "UserLambdaValidationException",
			message: "PreTokenGeneration failed with error Not now..",
			status:  422,
			want:    api.CodeTriggerRefused,
			detail:  "Not now.",
		},
		{
			name:    "trigger died",
			route:   "POST /auth/sign-up",
			code:    "UserLambdaValidationException",
			message: "PreSignUp failed with error RequestId: 7d0 Error: Runtime exited with error: exit status 1.",
			status:  500,
			want:    api.CodeInternal,
		},
		{
			name:    "trigger unreachable",
			route:   "POST /auth/sign-up",
			code:    "UnexpectedLambdaException",
			message: "PreSignUp invocation failed due to error AccessDeniedException.",
			status:  500,
			want:    api.CodeInternal,
		},
		{
			name:    "trigger's answer",
			route:   "POST /auth/sign-in",
			code:    "InvalidLambdaResponseException",
			message: "Unrecognizable lambda output",
			status:  500,
			want:    api.CodeInternal,
		},
		{
			name:    "no such client",
			route:   everywhere,
			code:    "ResourceNotFoundException",
			message: "User pool client 4k2v0h1example does not exist.",
			status:  500,
			want:    api.CodeInternal,
		},
		{
			name:    "Cognito's own",
			route:   everywhere,
			code:    "InternalErrorException",
			message: "table user-pool-17 is gone",
			status:  500,
			want:    api.CodeInternal,
		},
		{
			name:    "new error",
			route:   everywhere,
			code:    "SomethingNewException",
			message: "secret things",
			status:  500,
			want:    api.CodeInternal,
		},
		{
			name:    "revocation switched off",
			route:   "POST /auth/sign-out",
			code:    "UnsupportedOperationException",
			message: "Token revocation is disabled for this client.",
			status:  500,
			want:    api.CodeInternal,
		},
		{name: "network", route: everywhere, status: 500, want: api.CodeInternal},
	}
	for _, c := range cases {
		for route, request := range requests {
			if c.route != everywhere && c.route != route {
				continue
			}
			t.Run(c.name+"/"+route, func(t *testing.T) {
				err := errDown
				if c.code != "" {
					err = cognitoError(c.code, c.message)
				}
				w := start(t, map[string]any{request.operation: err})
				got := w.Call(t, route, request.options...)
				problem := got.WantProblem(t, c.status, c.want)
				if !strings.Contains(problem.Detail, c.detail) || c.status == http.StatusInternalServerError &&
					problem.Detail != "" {
					t.Errorf("detail %q", problem.Detail)
				}
				if strings.Contains(got.Body, "arn:") || c.status == http.StatusInternalServerError &&
					(problem.Instance == "" || strings.Contains(got.Body, "203.0.113.7")) {
					t.Errorf("body %s", got.Body)
				}
				if after := got.Header("retry-after"); after != c.retryAfter {
					t.Errorf("Retry-After %q, want %q", after, c.retryAfter)
				}
			})
		}
	}
}

func errDetail(err error) string { return err.(*api.Problem).Detail }

func TestRefusal(t *testing.T) {
	cases := map[string]struct{ message, want string }{
		"as Cognito writes it":  {message: "PreSignUp failed with error Not here.", want: "Not here"},
		"a text with a dot":     {message: "PreSignUp failed with error Not here..", want: "Not here."},
		"a text without an end": {message: "PreSignUp failed with error Not here", want: "Not here"},
		"an ARN in front": {
			message: "arn:aws:lambda:eu-west-1:123456789012:function:f failed with error Not here.",
			want:    "Not here",
		},
		"the literal in a text": {
			message: "PreSignUp failed with error it failed with error 7.",
			want:    "it failed with error 7",
		},
		"the literal is missing": {message: "PreSignUp said no.", want: ""},
		"no text":                {message: "PreSignUp failed with error .", want: ""},
		"a function that died":   {message: "PreSignUp failed with error RequestId: 1 Error: Runtime exited.", want: ""},
		"empty":                  {message: "", want: ""},
	}
	for name, c := range cases {
		if got := refusal(c.message); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// What a caller cannot send is refused before Cognito is asked.
func TestInvalidBodies(t *testing.T) {
	long := strings.Repeat("x", 129-len("@example.org")) + "@example.org"
	cases := []struct {
		path, field string
		body        object
	}{
		{path: "sign-up", field: "email", body: object{"password": password}},
		{path: "sign-up", field: "password", body: object{"email": ines}},
		{path: "confirm", field: "code", body: object{"email": ines}},
		{path: "sign-in", field: "password", body: object{"email": ines}},
		{path: "sign-in", field: "password", body: object{"email": ines, "flow": "CUSTOM_AUTH", "password": password}},
		{path: "sign-in", field: "flow", body: object{"email": ines, "password": password, "flow": "USER_SRP_AUTH"}},
		{path: "refresh", field: "refresh_token", body: object{}},
		{path: "sign-out", field: "refresh_token", body: object{"refresh_token": ""}},
		{path: "reset-password", field: "new_password", body: object{"email": ines, "code": "1"}},
		{
			path:  "challenge",
			field: "session",
			body:  object{"challenge": "CUSTOM_CHALLENGE", "answers": object{"ANSWER": "4"}},
		},
		{path: "challenge", field: "challenge", body: object{"session": "a.b", "answers": object{"ANSWER": "4"}}},
		{
			path:  "challenge",
			field: "challenge",
			body:  object{"session": "a.b", "challenge": "SMS_MFA", "answers": object{"SMS_MFA_CODE": "4"}},
		},
		{path: "challenge", field: "answers", body: object{"session": "a.b", "challenge": "CUSTOM_CHALLENGE"}},
		{
			path:  "challenge",
			field: "answers",
			body: object{
				"session":   "a.b",
				"challenge": "CUSTOM_CHALLENGE",
				"answers":   object{"ANSWER": "4", "USERNAME": "else"},
			},
		},
		{
			path:  "challenge",
			field: "answers",
			body: object{
				"session":   "a.b",
				"challenge": "CUSTOM_CHALLENGE",
				"answers":   object{"ANSWER": "4", "userAttributes.name": "x"},
			},
		},
	}
	for _, attribute := range []string{
		"email", "EMAIL", "email_verified", "phone_number", "preferred_username", "sub", "custom:role", "",
	} { // what a user may never write, least of all an address that nobody verified
		cases = append(cases, struct {
			path, field string
			body        object
		}{path: "challenge", field: "answers", body: object{
			"session": "a.b", "challenge": "NEW_PASSWORD_REQUIRED",
			"answers": object{"NEW_PASSWORD": password, "userAttributes." + attribute: "mallory@evil.example"},
		}})
	}
	for _, path := range []string{"sign-up", "confirm", "resend", "sign-in", "forgot-password", "reset-password"} {
		for _, email := range []string{"", "ines", "@example.org", "ines@", "in es@example.org", "ines@example.org\n",
			"ines\x00@example.org", long} {
			body := object{"email": email}
			switch path {
			case "sign-up", "sign-in":
				body["password"] = password
			case "reset-password":
				body["code"], body["new_password"] = "1", password
			case "confirm":
				body["code"] = "1"
			}
			cases = append(cases, struct {
				path, field string
				body        object
			}{path: path, field: "email", body: body})
		}
	}
	for _, c := range cases {
		t.Run(fmt.Sprint(c.path, c.body), func(t *testing.T) {
			w := start(t, nil)
			problem := w.post(t, c.path, c.body).WantProblem(t, 400, api.CodeInvalidParameter)
			if len(problem.Fields) != 1 || problem.Fields[c.field] == "" || !strings.HasPrefix(problem.Detail, c.field+" ") {
				t.Errorf("problem %+v, want the field %s", problem, c.field)
			}
			if got := w.pool.called(); got != "" {
				t.Errorf("Cognito was asked: %s", got)
			}
		})
	}
}
