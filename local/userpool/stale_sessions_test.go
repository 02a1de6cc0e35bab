package userpool

import (
	"maps"
	"slices"
	"testing"

	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
)

// everyFlow is an app client with choice-based sign-in, passwords and SRP.
func everyFlow() object {
	return object{"ExplicitAuthFlows": []string{"ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH",
		"ALLOW_REFRESH_TOKEN_AUTH"}}
}

// begins starts a sign-in with the password and returns the challenge.
func (d *direct) begins(name string) object {
	d.t.Helper()
	out := d.signIn(name)
	if out["ChallengeName"] == nil {
		d.t.Fatalf("no challenge: %v", out)
	}
	return out
}

// confirmsAlone signs ines up without a password, confirms her and returns the session for signing in at once.
func (d *direct) confirmsAlone() any {
	d.t.Helper()
	d.do("SignUp", object{"Username": "ines", "UserAttributes": attributes("email", ines)})
	return d.do("ConfirmSignUp", object{"Username": "ines", "ConfirmationCode": d.last().Code})["Session"]
}

// A sign-in that a user has begun does not go on as another user who gets the name meanwhile.
func TestSessionsOfADeletedUser(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(d *direct) (proceed func() object){
		"SRP": func(d *direct) func() object {
			d.user("ines", "email", ines)
			client := srp.NewClient(d.pool, "ines", password)
			asked := d.do("InitiateAuth", object{"AuthFlow": "USER_SRP_AUTH", "AuthParameters": client.AuthParameters()})
			parameters := map[string]string{}
			for key, value := range asked["ChallengeParameters"].(map[string]any) {
				parameters[key] = value.(string)
			}
			proof, err := client.Respond(parameters, d.clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return func() object {
				_, out := d.call("RespondToAuthChallenge", object{"ChallengeName": "PASSWORD_VERIFIER",
					"ChallengeResponses": proof})
				return out
			}
		},
		"a temporary password": func(d *direct) func() object {
			d.user("ines", "email", ines)
			d.do("AdminSetUserPassword", object{"Username": "ines", "Password": password})
			asked := d.begins("ines")
			return func() object {
				_, out := d.responds("ines", asked, "NEW_PASSWORD", newPassword)
				return out
			}
		},
		"a second factor to set up": func(d *direct) func() object {
			d.user("ines")
			d.do("UpdateUserPool", with(ownSender(), firstFactors("PASSWORD")))
			d.do("SetUserPoolMfaConfig", mfaConfig("ON", "app mail"))
			asked := d.begins("ines")
			return func() object {
				_, out := d.call("AssociateSoftwareToken", object{"Session": asked["Session"]})
				if out["SecretCode"] != nil {
					return object{"AuthenticationResult": out}
				}
				return out
			}
		},
		"signing in at once": func(d *direct) func() object {
			session := d.confirmsAlone()
			return func() object { return d.atOnce("ines", session) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startDirect(t, choosers("EMAIL_OTP"), everyFlow())
			proceed := begin(d)
			d.do("AdminDeleteUser", object{"Username": "ines"})
			d.do("AdminCreateUser", object{"Username": "ines", "MessageAction": "SUPPRESS"})
			d.do("AdminSetUserPassword", object{"Username": "ines", "Password": newPassword + "-2"})
			if got := brief(proceed()); got != "NotAuthorizedException: Invalid session for the user." {
				t.Error(got)
			}
		})
	}
}

// A session proves what it did when it began. What the user and the pool demand counts as it is at the answer.
func TestWhatChangesDuringASignIn(t *testing.T) {
	t.Parallel()
	const (
		unfit    = "NotAuthorizedException: Invalid session for the user."
		mismatch = "CodeMismatchException: Invalid code or auth state for the user."
		absent   = "InvalidParameterException: the challenge EMAIL_OTP is not available"
	)
	byCode := func(d *direct) func() object {
		d.user("ines", "email", ines)
		_, asked := d.initiates("ines", "PREFERRED_CHALLENGE", "EMAIL_OTP")
		code := d.last().Code
		return func() object {
			_, out := d.responds("ines", asked, "EMAIL_OTP_CODE", code)
			return out
		}
	}
	byChoice := func(d *direct) func() object {
		d.user("ines", "email", ines)
		_, asked := d.initiates("ines")
		return func() object {
			_, out := d.responds("ines", asked, "ANSWER", "EMAIL_OTP")
			return out
		}
	}
	atOnce := func(d *direct) func() object {
		session := d.confirmsAlone()
		return func() object { return d.atOnce("ines", session) }
	}
	renewed := func(d *direct) func() object {
		d.user("ines")
		d.do("AdminSetUserPassword", object{"Username": "ines", "Password": password})
		asked := d.begins("ines")
		return func() object {
			_, out := d.responds("ines", asked, "NEW_PASSWORD", newPassword)
			return out
		}
	}
	hasMFA := func(d *direct) {
		d.do("SetUserPoolMfaConfig", totpOn("OPTIONAL"))
		d.setUpTOTP()
	}
	temporary := func(d *direct) { d.do("AdminSetUserPassword", object{"Username": "ines", "Password": password}) }
	for name, c := range map[string]struct {
		begin func(d *direct) (proceed func() object)
		then  func(d *direct)
		want  string
	}{
		"a code, nothing":     {begin: byCode, then: func(*direct) {}, want: "tokens"},
		"a code, MFA":         {begin: byCode, then: hasMFA, want: unfit},
		"a code, temporary":   {begin: byCode, then: temporary, want: unfit},
		"a choice, nothing":   {begin: byChoice, then: func(*direct) {}, want: "EMAIL_OTP EMAIL_OTP"},
		"a choice, MFA":       {begin: byChoice, then: hasMFA, want: absent},
		"a choice, temporary": {begin: byChoice, then: temporary, want: absent},
		"at once, MFA":        {begin: atOnce, then: hasMFA, want: unfit},
		"at once, temporary":  {begin: atOnce, then: temporary, want: unfit},
		"a new password, renewed": {begin: renewed, want: unfit, then: func(d *direct) {
			d.do("AdminSetUserPassword", object{"Username": "ines", "Password": password + "-2", "Permanent": true})
		}},
		"a code, no longer allowed": {begin: byCode, want: unfit, then: notAllowed},
		"at once, not allowed":      {begin: atOnce, want: unfit, then: notAllowed},
		"a code, another address": {begin: byCode, want: mismatch, then: func(d *direct) {
			d.do("AdminUpdateUserAttributes", object{"Username": "ines", "UserAttributes": attributes("email", ivan)})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startDirect(t, choosers("EMAIL_OTP"), everyFlow())
			proceed := c.begin(d)
			c.then(d)
			if got := brief(proceed()); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func notAllowed(d *direct) { d.do("UpdateUserPool", firstFactors("PASSWORD")) }

// The same for second factors: what can be set up, selected and answered is what it is at the answer.
func TestWhatChangesBeforeTheSecondFactor(t *testing.T) {
	t.Parallel()
	const unfit = "NotAuthorizedException: Invalid session for the user."
	answer := func(d *direct, asked object, pairs ...string) func() object {
		return func() object {
			_, out := d.call("RespondToAuthChallenge", answerBy(asked, asked["ChallengeName"].(string), pairs...))
			return out
		}
	}
	change := func(operation string, body object) func(d *direct) {
		return func(d *direct) { d.do(operation, with(object{"Username": "nina"}, body)) }
	}
	getsPhone := change("AdminUpdateUserAttributes", object{"UserAttributes": attributes("phone_number", ninaPhone)})
	for name, c := range map[string]struct {
		has   string
		begin func(d *direct) (proceed func() object)
		then  func(d *direct)
		want  string
	}{
		"an app to set up": {want: unfit, then: getsPhone, begin: func(d *direct) func() object {
			asked := d.begins("nina")
			return func() object {
				_, out := d.call("AssociateSoftwareToken", object{"Session": asked["Session"]})
				return out
			}
		}},
		"an app to verify": {want: unfit, then: getsPhone, begin: func(d *direct) func() object {
			made := d.do("AssociateSoftwareToken", object{"Session": d.begins("nina")["Session"]})
			return func() object {
				_, out := d.call("VerifySoftwareToken", object{"Session": made["Session"],
					"UserCode": d.totpCode(made["SecretCode"].(string))})
				return out
			}
		}},
		"mail to set up": {want: unfit, then: getsPhone, begin: func(d *direct) func() object {
			return answer(d, d.begins("nina"), "EMAIL", ninaMail)
		}},
		"mail to confirm": {want: unfit, then: getsPhone, begin: func(d *direct) func() object {
			asked := answer(d, d.begins("nina"), "EMAIL", ninaMail)()
			return answer(d, asked, "EMAIL_OTP_CODE", "123456")
		}},
		"one that is selected": {has: "phone app", then: change("AdminDeleteUserAttributes",
			object{"UserAttributeNames": []string{"phone_number"}}),
			want: "InvalidParameterException: ANSWER is not one of MFAS_CAN_CHOOSE",
			begin: func(d *direct) func() object {
				return answer(d, d.begins("nina"), "ANSWER", "SMS_MFA")
			}},
		"a code, temporary password": {has: "phone", want: unfit,
			then: change("AdminSetUserPassword", object{"Password": password}),
			begin: func(d *direct) func() object {
				return answer(d, d.begins("nina"), "SMS_MFA_CODE", "123456")
			}},
		"a code to another phone": {has: "phone", then: change("AdminUpdateUserAttributes",
			object{"UserAttributes": attributes("phone_number", inesPhone)}),
			want: "CodeMismatchException: Invalid code or auth state for the user.",
			begin: func(d *direct) func() object {
				return answer(d, d.begins("nina"), "SMS_MFA_CODE", "123456")
			}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startMFA(t, recoversBy("admin_only"), c.has)
			d.do("SetUserPoolMfaConfig", mfaConfig("ON", "app sms mail"))
			proceed := c.begin(d)
			c.then(d)
			out := proceed()
			if out["__type"] == nil {
				t.Fatalf("it went on, with %v", slices.Collect(maps.Keys(out)))
			}
			if got := brief(out); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// Nor do tokens of a sign-in that was not finished when its user was deleted, here while pre token generation ran.
func TestRefreshTokenOfADeletedUser(t *testing.T) {
	t.Parallel()
	s := &stage{world: start(t, setup{})}
	confirmedUser(s)
	s.functions.on("TokenGeneration_Authentication", func(map[string]any) (any, error) {
		u, err := s.server.Store().FindUser(*s.pool, ines)
		if err != nil {
			return nil, err
		}
		if err := s.server.Store().DeleteUser(*s.pool, u.Username); err != nil {
			return nil, err
		}
		u.Attributes["sub"] = "of-somebody-else"
		return map[string]any{}, s.server.Store().CreateUser(*s.pool, u, state.KeepAliases)
	})
	s.must(s.begin("USER_PASSWORD_AUTH", password))
	_, err := s.refresh(s.tokens.RefreshToken)
	wantMessage(t, err, "NotAuthorizedException", "Invalid Refresh Token.")
}
