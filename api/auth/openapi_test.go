package main

import (
	"testing"

	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/profile"
)

// The API's document describes the types that the handlers read and answer with.
func TestDocumentHasTheTypes(t *testing.T) {
	for name, body := range map[string]any{
		"SignUp": signUpBody{}, "Confirm": confirmBody{}, "Address": emailBody{}, "SignIn": signInBody{},
		"ChallengeAnswer": challengeBody{},
		"RefreshToken":    refreshBody{}, "Reset": resetBody{},
	} {
		t.Run(name, func(t *testing.T) { apitest.WantBody(t, name, body) })
	}
	for name, answer := range map[string]any{
		"SignedUp": signedUp{}, "Tokens": signedIn{}, "Challenge": asked{}, "Account": account{},
		"PasswordReset": reset{}, "Profile": stored{},
		"Identity": profile.Identity{},
	} {
		t.Run(name, func(t *testing.T) { apitest.WantAnswer(t, name, answer) })
	}
}
