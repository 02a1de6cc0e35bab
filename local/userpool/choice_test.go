package userpool

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/userpool/state"
)

// choices is an app client with choice-based sign-in.
func choices(existence string) object {
	return object{"PreventUserExistenceErrors": existence,
		"ExplicitAuthFlows": []string{"ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}
}

// choosers is a pool whose users begin with a password or these factors.
func choosers(factors ...string) object {
	verified := object{"AutoVerifiedAttributes": []string{"email", "phone_number"}}
	return with(firstFactors(append([]string{"PASSWORD"}, factors...)...), with(withSMS(), verified))
}

// initiates begins USER_AUTH; parameters come in pairs.
func (d *direct) initiates(name string, pairs ...string) (status int, out object) {
	d.t.Helper()
	parameters := pairsOf(append([]string{"USERNAME", name}, pairs...))
	return d.call("InitiateAuth", object{"AuthFlow": "USER_AUTH", "AuthParameters": parameters})
}

// responds answers a challenge.
func (d *direct) responds(name string, asked object, pairs ...string) (status int, out object) {
	d.t.Helper()
	return d.call("RespondToAuthChallenge", object{"ChallengeName": asked["ChallengeName"], "Session": asked["Session"],
		"ChallengeResponses": pairsOf(append([]string{"USERNAME", name}, pairs...))})
}

// brief describes an answer of a sign-in: the challenge and what is available, "tokens", or the error.
func brief(out object) string {
	switch {
	case out["AuthenticationResult"] != nil:
		return "tokens"
	case out["__type"] != nil:
		return out["__type"].(string) + ": " + out["message"].(string)
	}
	words := []string{out["ChallengeName"].(string)}
	list, _ := out["AvailableChallenges"].([]any)
	for _, name := range list {
		words = append(words, name.(string))
	}
	return strings.Join(words, " ")
}

const (
	everything = "SELECT_CHALLENGE PASSWORD_SRP PASSWORD EMAIL_OTP SMS_OTP"
	passwords  = "SELECT_CHALLENGE PASSWORD_SRP PASSWORD"
	rejected   = "NotAuthorizedException: Incorrect username or password."
)

// Who is offered what: sign-in-flows, 1.5. The users are made with an e-mail address and a phone number.
func TestChoicesOffered(t *testing.T) {
	all := choosers("EMAIL_OTP", "SMS_OTP")
	reachable := attributes("email", ines, "phone_number", inesPhone, "email_verified", "true")
	withPassword := func(d *direct) {
		d.do("AdminCreateUser", object{"Username": "ines", "UserAttributes": reachable, "MessageAction": "SUPPRESS",
			"TemporaryPassword": password})
		d.do("AdminSetUserPassword", object{"Username": "ines", "Password": password, "Permanent": true})
	}
	none := func(d *direct) {
		d.do("AdminCreateUser", object{"Username": "ines", "UserAttributes": reachable, "MessageAction": "SUPPRESS"})
	}
	then := func(first func(*direct), operation string, body object) func(*direct) {
		return func(d *direct) { first(d); d.do(operation, with(object{"Username": "ines"}, body)) }
	}
	signUp := func(pairs ...string) func(*direct) {
		return func(d *direct) {
			d.do("SignUp", object{"Username": "ines", "Password": password, "UserAttributes": attributes(pairs...)})
		}
	}
	hasMFA := func(d *direct) {
		withPassword(d)
		d.do("SetUserPoolMfaConfig", totpOn("OPTIONAL"))
		d.setUpTOTP()
	}
	for name, c := range map[string]struct {
		pool              object // nil: all factors
		given             func(*direct)
		hides             bool
		preferred         string
		want              string
		wrongPasswordWant string // for PREFERRED_CHALLENGE PASSWORD and the wrong one; "": not tried
	}{
		"password, e-mail and phone": {given: withPassword, want: everything, wrongPasswordWant: rejected},
		"only what the pool allows": {pool: choosers("EMAIL_OTP"), given: withPassword,
			want: "SELECT_CHALLENGE PASSWORD_SRP PASSWORD EMAIL_OTP"},
		"a pool without a policy": {pool: object{}, given: withPassword, want: passwords},
		"a factor that the pool does not allow": {pool: choosers("EMAIL_OTP"), given: withPassword, preferred: "SMS_OTP",
			want: "SELECT_CHALLENGE PASSWORD_SRP PASSWORD EMAIL_OTP"},
		"an unknown factor": {given: withPassword, preferred: "IRIS", want: everything},
		"without a password": {given: none, want: "SELECT_CHALLENGE EMAIL_OTP SMS_OTP",
			wrongPasswordWant: "SELECT_CHALLENGE EMAIL_OTP SMS_OTP"},
		"an address that is not verified": {given: then(withPassword, "AdminUpdateUserAttributes",
			object{"UserAttributes": attributes("email_verified", "false")}), want: everything},
		"without a phone": {given: then(withPassword, "AdminDeleteUserAttributes",
			object{"UserAttributeNames": []string{"phone_number"}}), want: "SELECT_CHALLENGE PASSWORD_SRP PASSWORD EMAIL_OTP"},
		"PASSWORD without it": {given: withPassword, preferred: "PASSWORD", want: "PASSWORD PASSWORD"},
		"SRP without SRP_A":   {given: withPassword, preferred: "PASSWORD_SRP", want: "PASSWORD_SRP PASSWORD_SRP"},
		"a code by e-mail":    {given: withPassword, preferred: "EMAIL_OTP", want: "EMAIL_OTP EMAIL_OTP"},
		"a code by SMS":       {given: withPassword, preferred: "SMS_OTP", want: "SMS_OTP SMS_OTP"},
		"unconfirmed":         {given: signUp("email", ines), want: "SELECT_CHALLENGE PASSWORD_SRP PASSWORD EMAIL_OTP"},
		"a temporary password": {given: then(none, "AdminSetUserPassword", object{"Password": password}), want: passwords,
			preferred: "EMAIL_OTP"},
		"password to be reset": {given: then(withPassword, "AdminResetUserPassword", object{}), want: everything,
			wrongPasswordWant: "PasswordResetRequiredException: Password reset required for the user"},
		"password to be reset, hidden": {given: then(withPassword, "AdminResetUserPassword", object{}), hides: true,
			want: everything, wrongPasswordWant: rejected},
		"disabled": {given: then(withPassword, "AdminDisableUser", object{}),
			want: "NotAuthorizedException: User is disabled."},
		"disabled, hidden": {given: then(withPassword, "AdminDisableUser", object{}), hides: true, want: everything},
		"MFA OPTIONAL, user without": {given: then(withPassword, "SetUserPoolMfaConfig", totpOn("OPTIONAL")),
			want: everything},
		"MFA OPTIONAL, user with": {given: hasMFA, want: passwords, preferred: "EMAIL_OTP"},
		"MFA ON": {pool: object{}, given: then(withPassword, "SetUserPoolMfaConfig", totpOn("ON")), want: passwords,
			preferred: "EMAIL_OTP", wrongPasswordWant: rejected},
		"nothing fits": {given: then(none, "UpdateUserPool", firstFactors("PASSWORD")),
			want: "NotAuthorizedException: No first factor is available for the user."},
		"nothing fits, hidden": {given: then(none, "UpdateUserPool", firstFactors("PASSWORD")), hides: true,
			want: passwords, wrongPasswordWant: rejected},
		"nobody":         {given: func(*direct) {}, want: "UserNotFoundException: User does not exist."},
		"nobody, hidden": {given: func(*direct) {}, hides: true, want: everything, wrongPasswordWant: rejected},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool, existence := c.pool, "LEGACY"
			if pool == nil {
				pool = all
			}
			if c.hides {
				existence = "ENABLED"
			}
			d := startDirect(t, pool, choices(existence))
			c.given(d)
			_, out := d.initiates("ines", "PREFERRED_CHALLENGE", c.preferred)
			if got := brief(out); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if out["ChallengeName"] == "SELECT_CHALLENGE" {
				if parameters := out["ChallengeParameters"].(map[string]any); len(parameters) > 0 {
					t.Errorf("SELECT_CHALLENGE has parameters: %v", parameters)
				}
			}
			if c.wrongPasswordWant != "" {
				_, out = d.initiates("ines", "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", "Wrong-horse-7")
				if got := brief(out); got != c.wrongPasswordWant {
					t.Errorf("a wrong password: %s, want %s", got, c.wrongPasswordWant)
				}
			}
		})
	}
}

// setUpTOTP gives the user ines an authenticator app, through the store.
func (d *direct) setUpTOTP() {
	d.t.Helper()
	if _, err := d.server.Store().UpdateUser(d.pool, "ines", state.KeepAliases, func(u *state.User) error {
		u.TOTPSecret, u.MFA = "JBSWY3DPEHPK3PXP", []string{"SOFTWARE_TOKEN_MFA"}
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
}

// USER_AUTH needs ALLOW_USER_AUTH, which needs no other flow.
func TestChoiceMustBeAllowed(t *testing.T) {
	d := startDirect(t, choosers("EMAIL_OTP"), nil)
	d.user("ines", "email", ines)
	_, out := d.initiates("ines")
	if got := brief(out); got != "InvalidParameterException: USER_AUTH flow not enabled for this client" {
		t.Error(got)
	}
}

// What the answers to SELECT_CHALLENGE lead to, and what becomes of the session.
func TestSelectChallenge(t *testing.T) {
	const (
		missing = "InvalidParameterException: Missing required parameter "
		absent  = "InvalidParameterException: the challenge %s is not available"
		unfit   = "NotAuthorizedException: Invalid session for the user."
	)
	for name, c := range map[string]struct {
		answer  []string
		as      string // the name of the challenge; "": SELECT_CHALLENGE
		want    string
		survive bool // whether the session takes another answer
	}{
		"password":              {answer: []string{"ANSWER", "PASSWORD", "PASSWORD", password}, want: "tokens"},
		"password by name":      {as: "PASSWORD", answer: []string{"PASSWORD", password}, want: "tokens"},
		"wrong password":        {answer: []string{"ANSWER", "PASSWORD", "PASSWORD", "x"}, want: rejected},
		"code":                  {answer: []string{"ANSWER", "EMAIL_OTP"}, want: "EMAIL_OTP EMAIL_OTP"},
		"nothing":               {want: missing + "ANSWER", survive: true},
		"password without it":   {answer: []string{"ANSWER", "PASSWORD"}, survive: true, want: missing + "PASSWORD"},
		"what is not offered":   {answer: []string{"ANSWER", "SMS_OTP"}, survive: true, want: fmt.Sprintf(absent, "SMS_OTP")},
		"what does not exist":   {answer: []string{"ANSWER", "IRIS"}, survive: true, want: fmt.Sprintf(absent, "IRIS")},
		"the code's challenge":  {as: "EMAIL_OTP", answer: []string{"EMAIL_OTP_CODE", "12345678"}, want: unfit},
		"the verifier by force": {as: "NEW_PASSWORD_REQUIRED", answer: []string{"NEW_PASSWORD", password}, want: unfit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startDirect(t, choosers("EMAIL_OTP", "SMS_OTP"), choices("LEGACY"))
			d.user("ines", "email", ines)
			_, asked := d.initiates("ines")
			answered := with(asked, nil)
			if c.as != "" {
				answered["ChallengeName"] = c.as
			}
			_, out := d.responds("ines", answered, c.answer...)
			if got := brief(out); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			_, out = d.responds("ines", asked, "ANSWER", "PASSWORD", "PASSWORD", password)
			want := "NotAuthorizedException: Invalid session for the user, session can only be used once."
			if c.survive {
				want = "tokens"
			}
			if got := brief(out); got != want {
				t.Errorf("another answer: %s, want %s", got, want)
			}
		})
	}
}

// A user to migrate is migrated by a password in any form, and nobody learns that there was none.
func TestChoiceMigrates(t *testing.T) {
	for name, play := range map[string]func(*stage) error{
		"preferred": initiate("USER_AUTH", "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", password),
		"selected": func(s *stage) error {
			if err := initiate("USER_AUTH")(s); err != nil {
				return err
			}
			return answering("SELECT_CHALLENGE", "ANSWER", "PASSWORD", "PASSWORD", password)(s)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &stage{world: start(t, setup{pool: signInPolicy("EMAIL_OTP"), client: func(in *cip.CreateUserPoolClientInput) {
				withChoice(in)
				hidden(in)
			}})}
			if err := play(s); err == nil {
				t.Error("nobody signs in without a migration")
			}
			migrations := 0
			for _, e := range s.functions.take() {
				if strings.HasPrefix(e.Source, "UserMigration") {
					migrations++
				}
			}
			migrates(s)
			if err := play(s); err != nil || s.tokens == nil || migrations != 1 {
				t.Errorf("error %v, %d migrations were tried before", err, migrations)
			}
		})
	}
}

// An expired session, whatever it waits for.
func TestChoicesExpire(t *testing.T) {
	d := startDirect(t, choosers("EMAIL_OTP"), with(choices("LEGACY"), object{"AuthSessionValidity": 5}))
	d.user("ines", "email", ines)
	_, choice := d.initiates("ines")
	_, code := d.initiates("ines", "PREFERRED_CHALLENGE", "EMAIL_OTP")
	d.clock.Advance(5*time.Minute + time.Second)
	for _, asked := range []object{choice, code} {
		_, out := d.responds("ines", asked, "ANSWER", "EMAIL_OTP", "EMAIL_OTP_CODE", "123456")
		if got := brief(out); got != "NotAuthorizedException: Invalid session for the user, session is expired." {
			t.Errorf("%v: %s", asked["ChallengeName"], got)
		}
	}
}

// A second factor follows a password in USER_AUTH as anywhere.
func TestChoiceThenSecondFactor(t *testing.T) {
	d := startDirect(t, choosers("EMAIL_OTP"), choices("LEGACY"))
	d.user("ines", "email", ines)
	d.do("SetUserPoolMfaConfig", totpOn("OPTIONAL"))
	d.setUpTOTP()
	_, out := d.initiates("ines", "PREFERRED_CHALLENGE", "PASSWORD", "PASSWORD", password)
	if got := brief(out); got != "SOFTWARE_TOKEN_MFA" {
		t.Error(got)
	}
}

// ClientMetadata of InitiateAuth reaches no function for the code, that of the answer does.
func TestMetadataOfSignInCodes(t *testing.T) {
	s := &stage{world: start(t, choosing)}
	withPhone(s)
	s.must(initiate("USER_AUTH", "PREFERRED_CHALLENGE", "EMAIL_OTP")(s))
	s.must(initiate("USER_AUTH")(s))
	s.must(answering("SELECT_CHALLENGE", "ANSWER", "SMS_OTP")(s))
	var seen []string
	for _, e := range s.functions.take() {
		if e.Source == firesMessage {
			seen = append(seen, text(t, e.Request["clientMetadata"]))
		}
	}
	if got := strings.Join(seen, " "); got != `null {"m":"1"}` {
		t.Errorf("clientMetadata of the messages: %s", got)
	}
	if got := len(s.code()); got != 8 || aws.ToString(s.session) == "" {
		t.Errorf("the code has %d digits", got)
	}
}
