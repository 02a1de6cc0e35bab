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
	"POST /auth/sign-up":         {"SignUp", []apitest.Option{apitest.Body(object{"email": ines, "password": password})}},
	"POST /auth/confirm":         {"ConfirmSignUp", []apitest.Option{apitest.Body(object{"email": ines, "code": "123456"})}},
	"POST /auth/resend":          {"ResendConfirmationCode", []apitest.Option{apitest.Body(object{"email": ines})}},
	"POST /auth/sign-in":         {"InitiateAuth", []apitest.Option{apitest.Body(object{"email": ines, "password": password})}},
	"POST /auth/challenge":       {"RespondToAuthChallenge", []apitest.Option{apitest.Body(newPassword)}},
	"POST /auth/refresh":         {"GetTokensFromRefreshToken", []apitest.Option{apitest.Body(object{"refresh_token": "refresh"})}},
	"POST /auth/sign-out":        {"RevokeToken", []apitest.Option{apitest.Body(object{"refresh_token": "refresh"})}},
	"POST /auth/forgot-password": {"ForgotPassword", []apitest.Option{apitest.Body(object{"email": ines})}},
	"POST /auth/reset-password":  {"ConfirmForgotPassword", []apitest.Option{apitest.Body(object{"email": ines, "code": "123456", "new_password": password})}},
	"GET /auth/me":               {"GetUser", []apitest.Option{apitest.User(sub)}},
	"PATCH /auth/me":             {"UpdateUserAttributes", []apitest.Option{apitest.User(sub), apitest.Body(object{"name": "Ines"})}},
	"DELETE /auth/me":            {"DeleteUser", []apitest.Option{apitest.User(sub)}},
}

var newPassword = object{"session": pack(ines, "session"), "challenge": "NEW_PASSWORD_REQUIRED", "answers": object{"NEW_PASSWORD": password}}

func TestErrorTable(t *testing.T) {
	const everywhere = ""
	cases := []struct {
		name, route, code, message string
		status                     int
		want                       string // the problem's code
		retryAfter                 string
		detail                     string // part of it
	}{
		{"user exists", "POST /auth/sign-up", "UsernameExistsException", "An account with the given email already exists.", 409, api.CodeUserExists, "", "exists already"},
		{"alias exists", "POST /auth/confirm", "AliasExistsException", "An account with the given email already exists.", 409, api.CodeUserExists, "", "exists already"},
		{"password", "POST /auth/sign-up", "InvalidPasswordException", "Password did not conform with policy: Password not long enough", 400, api.CodeInvalidPassword, "", "not long enough"},
		{"password reset", "POST /auth/reset-password", "InvalidPasswordException", "Password did not conform with policy: Password must have numeric characters", 400, api.CodeInvalidPassword, "", "numeric"},
		{"password used before", "POST /auth/challenge", "PasswordHistoryPolicyViolationException", "Password has previously been used.", 400, api.CodeInvalidPassword, "", "previously"},
		{"parameter", "POST /auth/sign-up", "InvalidParameterException", "Invalid email address format.", 400, api.CodeInvalidParameter, "", "Invalid email address format."},
		{"parameter, long", "POST /auth/sign-up", "InvalidParameterException", strings.Repeat("x", 501), 400, api.CodeInvalidParameter, "", "A value is not valid."},
		{"parameter, with an ARN", "POST /auth/sign-up", "InvalidParameterException", "Role arn:aws:iam::123456789012:role/sms cannot be used", 400, api.CodeInvalidParameter, "", "A value is not valid."},
		{"attribute not writable", "POST /auth/sign-up", "NotAuthorizedException", "A client attempted to write unauthorized attribute", 400, api.CodeInvalidParameter, "", "may not write"},
		{"attribute not writable", "PATCH /auth/me", "NotAuthorizedException", "A client attempted to write unauthorized attribute", 400, api.CodeInvalidParameter, "", "may not write"},
		{"attribute not mutable", "PATCH /auth/me", "InvalidParameterException", "user.name: Attribute cannot be updated.\n", 400, api.CodeInvalidParameter, "", "user.name"},
		{"wrong code", "POST /auth/confirm", "CodeMismatchException", "Invalid verification code provided, please try again.", 400, api.CodeCodeMismatch, "", "wrong"},
		{"wrong code", "POST /auth/reset-password", "CodeMismatchException", "", 400, api.CodeCodeMismatch, "", "wrong"},
		{"wrong code", "POST /auth/challenge", "CodeMismatchException", "", 400, api.CodeCodeMismatch, "", "wrong"},
		{"expired code", "POST /auth/confirm", "ExpiredCodeException", "Invalid code provided, please request a code again.", 410, api.CodeCodeExpired, "", "new one"},
		{"expired code", "POST /auth/reset-password", "ExpiredCodeException", "", 410, api.CodeCodeExpired, "", "new one"},
		{"confirmed already", "POST /auth/confirm", "NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED", 410, api.CodeCodeExpired, "", "new one"},
		{"nobody to confirm", "POST /auth/confirm", "UserNotFoundException", "User does not exist.", 410, api.CodeCodeExpired, "", "new one"},
		{"nobody to reset", "POST /auth/reset-password", "UserNotFoundException", "User does not exist.", 410, api.CodeCodeExpired, "", "new one"},
		{"disabled, reset", "POST /auth/reset-password", "NotAuthorizedException", "User is disabled.", 410, api.CodeCodeExpired, "", "new one"},
		{"wrong password", "POST /auth/sign-in", "NotAuthorizedException", "Incorrect username or password.", 401, api.CodeUnauthorized, "", errDetail(errCredentials)},
		{"unknown user", "POST /auth/sign-in", "UserNotFoundException", "User does not exist.", 401, api.CodeUnauthorized, "", errDetail(errCredentials)},
		{"disabled user", "POST /auth/sign-in", "NotAuthorizedException", "User is disabled.", 401, api.CodeUnauthorized, "", errDetail(errCredentials)},
		{"locked", "POST /auth/sign-in", "NotAuthorizedException", "Password attempts exceeded", 429, api.CodeTooManyRequests, "60", "later"},
		{"session over", "POST /auth/challenge", "NotAuthorizedException", "Invalid session for the user, session is expired.", 401, api.CodeUnauthorized, "", "Sign in again"},
		{"refresh token over", "POST /auth/refresh", "NotAuthorizedException", "Refresh Token has expired", 401, api.CodeUnauthorized, "", "Sign in again"},
		{"refresh token used twice", "POST /auth/refresh", "RefreshTokenReuseException", "", 401, api.CodeUnauthorized, "", "Sign in again"},
		{"access token revoked", "GET /auth/me", "NotAuthorizedException", "Access Token has been revoked", 401, api.CodeUnauthorized, "", "Sign in again"},
		{"access token revoked", "PATCH /auth/me", "NotAuthorizedException", "Access Token has been revoked", 401, api.CodeUnauthorized, "", "Sign in again"},
		{"access token revoked", "DELETE /auth/me", "NotAuthorizedException", "Access Token has been revoked", 401, api.CodeUnauthorized, "", "Sign in again"},
		{"user deleted", "GET /auth/me", "UserNotFoundException", "User does not exist.", 401, api.CodeUnauthorized, "", "Sign in again"},
		{"sign-up switched off", "POST /auth/sign-up", "NotAuthorizedException", "SignUp is not permitted for this user pool", 403, api.CodeForbidden, "", "not allowed"},
		{"not confirmed", "POST /auth/sign-in", "UserNotConfirmedException", "User is not confirmed.", 403, api.CodeUserNotConfirmed, "", "Confirm"},
		{"reset required", "POST /auth/sign-in", "PasswordResetRequiredException", "Password reset required for the user", 403, api.CodePasswordResetRequired, "", "reset"},
		{"no second factor", "POST /auth/challenge", "SoftwareTokenMFANotFoundException", "", 400, api.CodeInvalidParameter, "", "not set up"},
		{"web ACL", everywhere, "ForbiddenException", "Request not allowed due to WAF block", 403, api.CodeForbidden, "", "not allowed"},
		{"rate", everywhere, "TooManyRequestsException", "Rate exceeded", 429, api.CodeTooManyRequests, "2", "later"},
		{"limit", everywhere, "LimitExceededException", "Attempt limit exceeded, please try after some time.", 429, api.CodeTooManyRequests, "900", "later"},
		{"wrong codes", "POST /auth/confirm", "TooManyFailedAttemptsException", "", 429, api.CodeTooManyRequests, "900", "later"},
		{"trigger refuses", "POST /auth/sign-up", "UserLambdaValidationException", "PreSignUp failed with error This user name is not allowed..", 422, api.CodeTriggerRefused, "", "This user name is not allowed."},
		{"trigger refuses", "POST /auth/sign-in", "UserLambdaValidationException", "PreAuthentication failed with error Come back tomorrow!.", 422, api.CodeTriggerRefused, "", "Come back tomorrow!"},
		{"trigger refuses", "POST /auth/refresh", "UserLambdaValidationException", "PreTokenGeneration failed with error Not now..", 422, api.CodeTriggerRefused, "", "Not now."},
		{"trigger died", "POST /auth/sign-up", "UserLambdaValidationException", "PreSignUp failed with error RequestId: 7d0 Error: Runtime exited with error: exit status 1.", 500, api.CodeInternal, "", ""},
		{"trigger unreachable", "POST /auth/sign-up", "UnexpectedLambdaException", "PreSignUp invocation failed due to error AccessDeniedException.", 500, api.CodeInternal, "", ""},
		{"trigger's answer", "POST /auth/sign-in", "InvalidLambdaResponseException", "Unrecognizable lambda output", 500, api.CodeInternal, "", ""},
		{"no such client", everywhere, "ResourceNotFoundException", "User pool client 4k2v0h1example does not exist.", 500, api.CodeInternal, "", ""},
		{"Cognito's own", everywhere, "InternalErrorException", "table user-pool-17 is gone", 500, api.CodeInternal, "", ""},
		{"new error", everywhere, "SomethingNewException", "secret things", 500, api.CodeInternal, "", ""},
		{"revocation switched off", "POST /auth/sign-out", "UnsupportedOperationException", "Token revocation is disabled for this client.", 500, api.CodeInternal, "", ""},
		{"network", everywhere, "", "", 500, api.CodeInternal, "", ""},
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
				if !strings.Contains(problem.Detail, c.detail) || c.status == http.StatusInternalServerError && problem.Detail != "" {
					t.Errorf("detail %q", problem.Detail)
				}
				if strings.Contains(got.Body, "arn:") || c.status == http.StatusInternalServerError && (problem.Instance == "" || strings.Contains(got.Body, "203.0.113.7")) {
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
		"as Cognito writes it":   {"PreSignUp failed with error Not here.", "Not here"},
		"a text with a dot":      {"PreSignUp failed with error Not here..", "Not here."},
		"a text without an end":  {"PreSignUp failed with error Not here", "Not here"},
		"an ARN in front":        {"arn:aws:lambda:eu-west-1:123456789012:function:f failed with error Not here.", "Not here"},
		"the literal in a text":  {"PreSignUp failed with error it failed with error 7.", "it failed with error 7"},
		"the literal is missing": {"PreSignUp said no.", ""},
		"no text":                {"PreSignUp failed with error .", ""},
		"a function that died":   {"PreSignUp failed with error RequestId: 1 Error: Runtime exited.", ""},
		"empty":                  {"", ""},
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
		{"sign-up", "email", object{"password": password}},
		{"sign-up", "password", object{"email": ines}},
		{"confirm", "code", object{"email": ines}},
		{"sign-in", "password", object{"email": ines}},
		{"sign-in", "password", object{"email": ines, "flow": "CUSTOM_AUTH", "password": password}},
		{"sign-in", "flow", object{"email": ines, "password": password, "flow": "USER_SRP_AUTH"}},
		{"refresh", "refresh_token", object{}},
		{"sign-out", "refresh_token", object{"refresh_token": ""}},
		{"reset-password", "new_password", object{"email": ines, "code": "1"}},
		{"challenge", "session", object{"challenge": "CUSTOM_CHALLENGE", "answers": object{"ANSWER": "4"}}},
		{"challenge", "challenge", object{"session": "a.b", "answers": object{"ANSWER": "4"}}},
		{"challenge", "challenge", object{"session": "a.b", "challenge": "SMS_MFA", "answers": object{"SMS_MFA_CODE": "4"}}},
		{"challenge", "answers", object{"session": "a.b", "challenge": "CUSTOM_CHALLENGE"}},
		{"challenge", "answers", object{"session": "a.b", "challenge": "CUSTOM_CHALLENGE", "answers": object{"ANSWER": "4", "USERNAME": "else"}}},
		{"challenge", "answers", object{"session": "a.b", "challenge": "CUSTOM_CHALLENGE", "answers": object{"ANSWER": "4", "userAttributes.name": "x"}}},
	}
	for _, path := range []string{"sign-up", "confirm", "resend", "sign-in", "forgot-password", "reset-password"} {
		for _, email := range []string{"", "ines", "@example.org", "ines@", "in es@example.org", "ines@example.org\n", "ines\x00@example.org", long} {
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
			}{path, "email", body})
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
