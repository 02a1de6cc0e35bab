package main

import (
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/api"
)

const tokensBody = `{"AccessToken":"access","ExpiresIn":3600,"TokenType":"Bearer","RefreshToken":"refresh",` +
	`"IdToken":"id"}`

func TestSignIn(t *testing.T) {
	w := start(t, map[string]any{"InitiateAuth": &cip.InitiateAuthOutput{AuthenticationResult: someTokens()}})
	if got := w.post(t, "sign-in", object{"email": ines, "password": password}).Want(t, 200); got.Body != tokensBody {
		t.Errorf("body %s", got.Body)
	}
	in := input[cip.InitiateAuthInput](t, w.pool, "InitiateAuth")
	if in.AuthFlow != types.AuthFlowTypeUserPasswordAuth || *in.ClientId != clientID ||
		!maps.Equal(in.AuthParameters, map[string]string{"USERNAME": ines, "PASSWORD": password}) {
		t.Errorf("input %+v", in)
	}
}

func TestCustomFlow(t *testing.T) {
	w := start(t, map[string]any{"InitiateAuth": &cip.InitiateAuthOutput{
		ChallengeName: types.ChallengeNameTypeCustomChallenge, Session: aws.String("session"),
		ChallengeParameters: map[string]string{"USERNAME": sub, "hint": "a river"},
	}})
	got := w.post(t, "sign-in", object{"email": ines, "flow": "CUSTOM_AUTH"}).Want(t, 200)
	var step asked
	got.Decode(t, &step)
	if step.Challenge != "CUSTOM_CHALLENGE" || !maps.Equal(step.Parameters, map[string]string{"hint": "a river"}) {
		t.Errorf("body %s", got.Body)
	}
	in := input[cip.InitiateAuthInput](t, w.pool, "InitiateAuth")
	if in.AuthFlow != types.AuthFlowTypeCustomAuth || !maps.Equal(in.AuthParameters, map[string]string{"USERNAME": ines}) {
		t.Errorf("input %+v", in)
	}
}

// The session of one step, and nothing else, leads to the next one.
func TestChallenges(t *testing.T) {
	cases := map[string]struct {
		challenge types.ChallengeNameType
		given     map[string]string // the challenge's parameters
		answers   map[string]string
		name      string // that Cognito hears
	}{
		"new password": {
			challenge: types.ChallengeNameTypeNewPasswordRequired,
			given:     map[string]string{"USER_ID_FOR_SRP": sub, "requiredAttributes": "[]"},
			answers:   map[string]string{"NEW_PASSWORD": password, "userAttributes.name": "Ines"},
			name:      sub,
		},
		"one-time password": {
			challenge: types.ChallengeNameTypeSoftwareTokenMfa,
			given:     map[string]string{"USER_ID_FOR_SRP": sub},
			answers:   map[string]string{"SOFTWARE_TOKEN_MFA_CODE": "123456"},
			name:      sub,
		},
		"custom": {
			challenge: types.ChallengeNameTypeCustomChallenge,
			given:     map[string]string{"USERNAME": sub},
			answers:   map[string]string{"ANSWER": "42"},
			name:      sub,
		},
		"without parameters": {
			challenge: types.ChallengeNameTypeSoftwareTokenMfa,
			answers:   map[string]string{"SOFTWARE_TOKEN_MFA_CODE": "123456"},
			name:      ines,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := start(t, map[string]any{
				"InitiateAuth": &cip.InitiateAuthOutput{
					ChallengeName:       c.challenge,
					Session:             aws.String("AYABe.-_session"),
					ChallengeParameters: c.given,
				},
				"RespondToAuthChallenge": &cip.RespondToAuthChallengeOutput{AuthenticationResult: someTokens()},
			})
			var step asked
			w.post(t, "sign-in", object{"email": ines, "password": password}).Want(t, 200).Decode(t, &step)
			if step.Challenge != string(c.challenge) || step.Parameters == nil ||
				step.Parameters["USER_ID_FOR_SRP"]+step.Parameters["USERNAME"] != "" {
				t.Errorf("challenge %+v", step)
			}
			got := w.post(t, "challenge", object{
				"session":   step.Session,
				"challenge": step.Challenge,
				"answers":   c.answers,
			}).Want(t, 200)
			if got.Body != tokensBody {
				t.Errorf("body %s", got.Body)
			}
			in := input[cip.RespondToAuthChallengeInput](t, w.pool, "RespondToAuthChallenge")
			want := maps.Clone(c.answers)
			want["USERNAME"] = c.name
			if *in.Session != "AYABe.-_session" || in.ChallengeName != c.challenge || *in.ClientId != clientID ||
				!maps.Equal(in.ChallengeResponses, want) {
				t.Errorf("input %+v, session %s", in, *in.Session)
			}
		})
	}
}

// A second challenge goes on under the same name.
func TestChallengeAfterChallenge(t *testing.T) {
	w := start(t, map[string]any{
		"RespondToAuthChallenge": &cip.RespondToAuthChallengeOutput{
			ChallengeName: types.ChallengeNameTypeSoftwareTokenMfa,
			Session:       aws.String("second"),
		},
	})
	var step asked
	w.post(t, "challenge", newPassword).Want(t, 200).Decode(t, &step)
	if name, session, ok := unpack(step.Session); !ok || name != ines || session != "second" {
		t.Errorf("session of %s: %s, %v", name, session, ok)
	}
}

func TestSessionsThatAreNone(t *testing.T) {
	for _, session := range []string{"session", ".session", "aW5lcw.", "aW5lcw", "!.session", "."} {
		w := start(t, nil)
		w.post(t, "challenge", object{"session": session,
			"challenge": "CUSTOM_CHALLENGE", "answers": object{"ANSWER": "4"}}).WantProblem(t, 401, api.CodeUnauthorized)
		if got := w.pool.called(); got != "" {
			t.Errorf("%s: Cognito was asked: %s", session, got)
		}
	}
}

func TestNeitherTokensNorChallenge(t *testing.T) {
	start(t, nil).post(t, "sign-in", object{"email": ines, "password": password}).WantProblem(t, 500, api.CodeInternal)
	start(t, nil).post(t, "refresh", object{"refresh_token": "refresh"}).WantProblem(t, 500, api.CodeInternal)
}

func TestRefresh(t *testing.T) {
	result := someTokens()
	result.RefreshToken = nil
	w := start(t, map[string]any{
		"GetTokensFromRefreshToken": &cip.GetTokensFromRefreshTokenOutput{AuthenticationResult: result},
	})
	got := w.post(t, "refresh", object{"refresh_token": "refresh"}).Want(t, 200)
	if want := `{"AccessToken":"access","ExpiresIn":3600,"TokenType":"Bearer","IdToken":"id"}`; got.Body != want {
		t.Errorf("body %s, want %s", got.Body, want)
	}
	if in := input[cip.GetTokensFromRefreshTokenInput](t, w.pool, "GetTokensFromRefreshToken"); *in.RefreshToken !=
		"refresh" || *in.ClientId != clientID {
		t.Errorf("input %+v", in)
	}
}

func TestSignOut(t *testing.T) {
	w := start(t, nil)
	if got := w.post(t, "sign-out", object{"refresh_token": "refresh"}).Want(t, 204); got.Body != "" {
		t.Errorf("body %s", got.Body)
	}
	if in := input[cip.RevokeTokenInput](t, w.pool, "RevokeToken"); *in.Token != "refresh" || *in.ClientId != clientID {
		t.Errorf("input %+v", in)
	}
	for _, code := range []string{"UnauthorizedException", "UnsupportedTokenTypeException", "InvalidParameterException",
		"NotAuthorizedException"} {
		start(t, map[string]any{"RevokeToken": cognitoError(code, "")}).post(t, "sign-out",
			object{"refresh_token": "x"}).Want(t, 204)
	}
}

func TestResetPassword(t *testing.T) {
	w := start(t, nil)
	if got := w.post(t, "reset-password", object{"email": ines, "code": "123456", "new_password": password}).Want(t,
		200); got.Body != `{"reset":true,"signed_out":true}` {
		t.Errorf("body %s", got.Body)
	}
	in := input[cip.ConfirmForgotPasswordInput](t, w.pool, "ConfirmForgotPassword")
	if *in.ClientId != clientID || *in.Username != ines || *in.ConfirmationCode != "123456" || *in.Password != password {
		t.Errorf("input %+v", in)
	}
}

// A stolen refresh token does not outlive a reset. The password is new whether or not the sign-out succeeds.
func TestResetPasswordSignsOut(t *testing.T) {
	body := object{"email": ines, "code": "123456", "new_password": password}
	w := start(t, nil)
	w.post(t, "reset-password", body).Want(t, 200)
	if in := input[cip.AdminUserGlobalSignOutInput](t, w.pool, "AdminUserGlobalSignOut"); *in.UserPoolId != poolID ||
		*in.Username != ines {
		t.Errorf("input %+v", in)
	}
	for name, c := range map[string]struct {
		gives    map[string]any
		settings map[string]string
		calls    string
		counted  bool
	}{
		"sign-out fails": {
			gives: map[string]any{"AdminUserGlobalSignOut": cognitoError("TooManyRequestsException", "")},
			calls: "ConfirmForgotPassword AdminUserGlobalSignOut", counted: true,
		},
		"switched off": {settings: map[string]string{signOutSetting: "false"}, calls: "ConfirmForgotPassword"},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t, c.gives, c.settings)
			got := w.post(t, "reset-password", body).Want(t, 200)
			if got.Body != `{"reset":true,"signed_out":false}` || w.pool.called() != c.calls ||
				strings.Contains(w.Metrics(), "SignOutsFailed") != c.counted {
				t.Errorf("body %s, calls %s, metrics %s", got.Body, w.pool.called(), w.Metrics())
			}
		})
	}
	w = start(t, map[string]any{"ConfirmForgotPassword": cognitoError("CodeMismatchException", "")})
	w.post(t, "reset-password", body).WantProblem(t, 400, api.CodeCodeMismatch)
	if got := w.pool.called(); got != "ConfirmForgotPassword" {
		t.Errorf("calls after a wrong code: %s", got)
	}
}
