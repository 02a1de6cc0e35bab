// Command auth connects the HTTP API to the user pool: sign-up, confirmation, sign-in with challenges, refresh,
// sign-out, password reset, and the user's own account. It calls the operations of Amazon Cognito that users call for
// themselves, so the pool's triggers run as for every other client, and turns Cognito's errors into problem details
// with stable codes.
//
// It has no state and no secret. In addition to Cognito, it handles the profile in DynamoDB: it shows it with the
// account, changes it with the attributes that are copied into it, and replaces it by a tombstone when the account is
// deleted.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html
package main

import (
	"time"

	"cognito-triggers/shared/api"
)

type handler struct {
	config Config
	services
	now func() time.Time
}

func newHandler(config Config, s services) handler { return handler{config, s, time.Now} }

func (h handler) routes() api.Routes {
	return api.Routes{
		"POST /auth/sign-up":         h.signUp,
		"POST /auth/confirm":         h.confirm,
		"POST /auth/resend":          h.resend,
		"POST /auth/sign-in":         h.signIn,
		"POST /auth/challenge":       h.challenge,
		"POST /auth/refresh":         h.refresh,
		"POST /auth/sign-out":        h.signOut,
		"POST /auth/forgot-password": h.forgotPassword,
		"POST /auth/reset-password":  h.resetPassword,
		"GET /auth/me":               h.me,
		"PATCH /auth/me":             h.updateMe,
		"DELETE /auth/me":            h.deleteMe,
	}
}
