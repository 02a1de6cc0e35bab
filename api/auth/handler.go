// Command auth is the HTTP API's door to the user pool: sign-up, confirmation, sign-in with its challenges, refresh,
// sign-out, password reset, and what users may do with their own account. It calls the operations of Amazon Cognito
// that users call for themselves, so that the pool's triggers run as for every other client, and turns Cognito's errors
// into problem details with stable codes.
//
// It keeps no state and holds no secret. What it adds to Cognito is the profile in DynamoDB: shown with the account,
// changed with the attributes that it has copies of, and replaced by a tombstone when the account is deleted.
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
