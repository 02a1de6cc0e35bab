package userpool

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// SignUp takes no password where pool and client have a code as first factor to an address that the user gives and the
// pool verifies: sign-in-flows, 1.5.
func TestSignUpWithoutPassword(t *testing.T) {
	const missing = "1 validation error detected: Value at 'password' failed to satisfy constraint: " +
		"Member must not be null"
	byMail := with(firstFactors("PASSWORD", "EMAIL_OTP"), object{"AutoVerifiedAttributes": []string{"email"}})
	mail := attributes("email", ines)
	for name, c := range map[string]struct {
		pool, client object
		attributes   []object
		password     any
		want         string // the error; "" if the user is made
	}{
		"absent":                         {pool: byMail, attributes: mail},
		"empty":                          {pool: byMail, attributes: mail, password: ""},
		"blank":                          {pool: byMail, attributes: mail, password: "  "},
		"by SMS":                         {pool: choosers("SMS_OTP"), attributes: attributes("phone_number", inesPhone)},
		"no factor":                      {attributes: mail, want: missing},
		"no address":                     {pool: byMail, attributes: attributes("phone_number", inesPhone), want: missing},
		"not auto-verified":              {pool: firstFactors("PASSWORD", "EMAIL_OTP"), attributes: mail, want: missing},
		"a factor for the other address": {pool: with(choosers("SMS_OTP"), object{}), attributes: mail, want: missing},
		"client without USER_AUTH": {pool: byMail, attributes: mail, want: missing,
			client: object{"ExplicitAuthFlows": []string{"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}},
		"a weak one": {pool: byMail, attributes: mail, password: "x",
			want: "Password did not conform with policy: Password not long enough"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := c.client
			if client == nil {
				client = choices("LEGACY")
			}
			d := startDirect(t, c.pool, client)
			body := object{"Username": "ines", "UserAttributes": c.attributes}
			if c.password != nil {
				body["Password"] = c.password
			}
			_, out := d.call("SignUp", body)
			if got, _ := out["message"].(string); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if c.want == "" && (out["Session"] == nil || out["UserConfirmed"] != false) {
				t.Errorf("answer %v", out)
			}
		})
	}
}

// AdminCreateUser makes no password for a user who can sign in with a code, and is confirmed without an invitation.
func TestAdminCreateUserWithoutPassword(t *testing.T) {
	byMail := firstFactors("PASSWORD", "EMAIL_OTP")
	for name, c := range map[string]struct {
		pool  object
		body  object
		want  string
		mails int
	}{
		"suppressed": {pool: byMail, want: "CONFIRMED", body: object{"MessageAction": "SUPPRESS",
			"UserAttributes": attributes("email", ines, "email_verified", "true")}},
		"not verified": {pool: byMail, want: "CONFIRMED", body: object{"MessageAction": "SUPPRESS",
			"UserAttributes": attributes("email", ines)}},
		"invited": {pool: byMail, want: "CONFIRMED", body: object{"DesiredDeliveryMediums": []string{"EMAIL"},
			"UserAttributes": attributes("email", ines)}},
		"with a password": {pool: byMail, want: "FORCE_CHANGE_PASSWORD", mails: 1, body: object{
			"DesiredDeliveryMediums": []string{"EMAIL"}, "TemporaryPassword": password,
			"UserAttributes": attributes("email", ines)}},
		"without an address": {pool: byMail, want: "FORCE_CHANGE_PASSWORD", body: object{}},
		"pool without codes": {want: "FORCE_CHANGE_PASSWORD", mails: 1, body: object{
			"DesiredDeliveryMediums": []string{"EMAIL"}, "UserAttributes": attributes("email", ines)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startDirect(t, c.pool, choices("LEGACY"))
			out := d.do("AdminCreateUser", with(object{"Username": "ines"}, c.body))
			if got := at(out, "User.UserStatus"); got != c.want {
				t.Errorf("status %v, want %s", got, c.want)
			}
			if got := len(d.server.Inbox().Messages(0)); got != c.mails {
				t.Errorf("%d messages, want %d", got, c.mails)
			}
		})
	}
}

// A user without a password has no way in by password, sets the first one by ChangePassword without the previous one or
// by ForgotPassword, and from then on the previous one is needed.
func TestFirstPasswordOfTheUser(t *testing.T) {
	made := func(t *testing.T) (*direct, string) {
		t.Helper()
		d := startDirect(t, choosers("EMAIL_OTP"), choices("LEGACY"))
		d.do("AdminCreateUser", object{"Username": "ines", "MessageAction": "SUPPRESS",
			"UserAttributes": attributes("email", ines, "email_verified", "true")})
		d.fails("InitiateAuth", object{"AuthFlow": "USER_PASSWORD_AUTH",
			"AuthParameters": object{"USERNAME": "ines", "PASSWORD": password}}, "NotAuthorizedException", "Incorrect")
		_, asked := d.initiates("ines", "PREFERRED_CHALLENGE", "EMAIL_OTP")
		_, out := d.responds("ines", asked, "EMAIL_OTP_CODE", d.last().Code)
		return d, at(out, "AuthenticationResult.AccessToken").(string)
	}
	t.Run("ChangePassword", func(t *testing.T) {
		d, token := made(t)
		d.fails("ChangePassword", object{"AccessToken": token, "PreviousPassword": "x", "ProposedPassword": password},
			"NotAuthorizedException", "Incorrect")
		d.fails("ChangePassword", object{"AccessToken": token, "ProposedPassword": "x"}, "InvalidPasswordException", "")
		d.do("ChangePassword", object{"AccessToken": token, "ProposedPassword": password})
		d.signIn("ines")
		d.fails("ChangePassword", object{"AccessToken": token, "ProposedPassword": newPassword},
			"NotAuthorizedException", "Incorrect")
		d.signIn("ines")
	})
	t.Run("ForgotPassword", func(t *testing.T) {
		d, _ := made(t)
		d.do("ForgotPassword", object{"Username": "ines"})
		d.do("ConfirmForgotPassword",
			object{"Username": "ines", "Password": password, "ConfirmationCode": d.last().Code})
		d.signIn("ines")
	})
}

// The session of ConfirmSignUp signs in once, as its user, within its life, whatever other parameters say.
func TestAutoSignIn(t *testing.T) {
	const spent = "NotAuthorizedException: Invalid session for the user, session can only be used once."
	const unfit = "NotAuthorizedException: Invalid session for the user."
	const after = "after ConfirmSignUp"
	type sessions struct{ signUp, confirmed any }
	for name, c := range map[string]struct {
		do   func(d *direct, got *sessions) object
		want string
	}{
		"at once": {want: "tokens", do: func(d *direct, got *sessions) object { return d.atOnce("ines", got.confirmed) }},
		"other parameters": {want: "tokens", do: func(d *direct, got *sessions) object {
			return d.atOnce("ines", got.confirmed, "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", "wrong")
		}},
		"twice": {want: spent, do: func(d *direct, got *sessions) object {
			d.atOnce("ines", got.confirmed)
			return d.atOnce("ines", got.confirmed)
		}},
		"another name": {want: unfit, do: func(d *direct, got *sessions) object { return d.atOnce("ida", got.confirmed) }},
		"late": {want: "NotAuthorizedException: Invalid session for the user, session is expired.",
			do: func(d *direct, got *sessions) object {
				d.clock.Advance(3*time.Minute + time.Second)
				return d.atOnce("ines", got.confirmed)
			}},
		"disabled": {want: "NotAuthorizedException: User is disabled.", do: func(d *direct, got *sessions) object {
			d.do("AdminDisableUser", object{"Username": "ines"})
			return d.atOnce("ines", got.confirmed)
		}},
		"the session of SignUp": {want: unfit, do: func(d *direct, got *sessions) object {
			return d.atOnce("ines", got.signUp)
		}},
		"a session of a challenge": {want: unfit, do: func(d *direct, _ *sessions) object {
			_, asked := d.initiates("ines")
			return d.atOnce("ines", asked["Session"])
		}},
		"as an answer": {want: "InvalidParameterException: the local user pool does not support the challenge " + after,
			do: func(d *direct, got *sessions) object {
				_, out := d.responds("ines", object{"ChallengeName": after, "Session": got.confirmed})
				return out
			}},
		"garbage": {want: unfit, do: func(d *direct, _ *sessions) object { return d.atOnce("ines", "AYABe-none-of-ours") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startDirect(t, choosers("EMAIL_OTP"), choices("LEGACY"))
			d.user("ida")
			got := &sessions{}
			got.signUp = d.do("SignUp", object{"Username": "ines", "UserAttributes": attributes("email", ines)})["Session"]
			got.confirmed = d.do("ConfirmSignUp", object{"Username": "ines", "ConfirmationCode": d.last().Code,
				"Session": got.signUp})["Session"]
			if answer := brief(c.do(d, got)); answer != c.want {
				t.Errorf("%s, want %s", answer, c.want)
			}
		})
	}
}

// atOnce signs in with a session of ConfirmSignUp.
func (d *direct) atOnce(name string, session any, pairs ...string) object {
	_, out := d.call("InitiateAuth", object{"AuthFlow": "USER_AUTH", "Session": session,
		"AuthParameters": pairsOf(append([]string{"USERNAME", name}, pairs...))})
	return out
}

// ConfirmSignUp answers a session only if a code to the confirmed address is a first factor, and its own session, if
// any, is the user's and was not used by a wrong code before. The confirmation succeeds in any case.
func TestSessionsOfSignUp(t *testing.T) {
	for name, c := range map[string]struct {
		factors []string
		flows   []string // of the client; nil: USER_AUTH
		session func(d *direct, own any) any
		begun   bool // whether SignUp answers a session
		want    bool
	}{
		"the session of SignUp": {factors: []string{"EMAIL_OTP"}, begun: true, want: true,
			session: func(_ *direct, own any) any { return own }},
		"none, as Amplify for JavaScript": {factors: []string{"EMAIL_OTP"}, begun: true, want: true},
		"after a wrong code": {factors: []string{"EMAIL_OTP"}, begun: true, session: func(d *direct, own any) any {
			d.fails("ConfirmSignUp", object{"Username": "ines", "ConfirmationCode": "000000", "Session": own},
				"CodeMismatchException", "")
			return own
		}},
		"somebody else's": {factors: []string{"EMAIL_OTP"}, begun: true, session: func(d *direct, _ any) any {
			return d.do("SignUp", object{"Username": "ida", "UserAttributes": attributes("email", "ida@example.org")})["Session"]
		}},
		"the other channel": {factors: []string{"SMS_OTP"}},
		"no code":           {},
		"no choice":         {factors: []string{"EMAIL_OTP"}, flows: []string{"ALLOW_USER_PASSWORD_AUTH"}},
		"no choice, garbage": {flows: []string{"ALLOW_USER_PASSWORD_AUTH"}, session: func(*direct, any) any {
			return "AYABe-none-of-ours"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := choices("LEGACY")
			if c.flows != nil {
				client["ExplicitAuthFlows"] = c.flows
			}
			d := startDirect(t, with(choosers(c.factors...), object{"AutoVerifiedAttributes": []string{"email"}}), client)
			made := d.do("SignUp", object{"Username": "ines", "Password": password, "UserAttributes": attributes("email", ines)})
			code := d.last().Code
			body := object{"Username": "ines", "ConfirmationCode": code}
			if c.session != nil {
				body["Session"] = c.session(d, made["Session"])
			}
			confirmed := d.do("ConfirmSignUp", body)
			if begun, got := made["Session"] != nil, confirmed["Session"] != nil; begun != c.begun || got != c.want {
				t.Errorf("SignUp answers a session: %t, ConfirmSignUp: %t; want %t, %t", begun, got, c.begun, c.want)
			}
		})
	}
}

// The factors that the user has and the pool allows.
func TestAuthFactors(t *testing.T) {
	d := startDirect(t, choosers("EMAIL_OTP"), choices("LEGACY"))
	d.user("ines", "email", ines, "phone_number", inesPhone)
	const want = `["PASSWORD","EMAIL_OTP"]`
	d.setUpTOTP()
	out := d.do("AdminGetUserAuthFactors", object{"Username": "ines"})
	if got := text(t, out["ConfiguredUserAuthFactors"]); got != want || out["Username"] != "ines" ||
		text(t, out["UserMFASettingList"]) != `["SOFTWARE_TOKEN_MFA"]` {
		t.Errorf("AdminGetUserAuthFactors: %v", out)
	}
	d.fails("AdminGetUserAuthFactors", object{"Username": "nobody"}, "UserNotFoundException", "")
	token := at(d.signIn("ines"), "AuthenticationResult.AccessToken")
	if got := text(t, d.do("GetUserAuthFactors", object{"AccessToken": token})["ConfiguredUserAuthFactors"]); got != want {
		t.Errorf("GetUserAuthFactors: %s", got)
	}
	d.fails("GetUserAuthFactors", object{"AccessToken": "x"}, "NotAuthorizedException", "Invalid Access Token")
}

// A confirmation by a code of a sign-in leaves no code of the sign-up behind.
func TestCodeConfirmsOnce(t *testing.T) {
	s := &stage{world: start(t, choosing)}
	s.must(signUpAlone(s))
	confirmation := s.code()
	s.must(s.tryCode(s.byCode(), s.code()))
	_, err := s.ConfirmSignUp(t.Context(), &cip.ConfirmSignUpInput{
		ClientId: s.clientID, Username: aws.String(ines), ConfirmationCode: &confirmation,
	})
	wantMessage(t, err, "NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED")
}
