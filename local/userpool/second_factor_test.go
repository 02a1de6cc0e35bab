package userpool

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cognito-triggers/local/userpool/internal/limits"
)

// mfaConfig returns a request of SetUserPoolMfaConfig: "app", "sms" and "mail" are factors of the pool.
func mfaConfig(mode string, factors string) object {
	in := object{"MfaConfiguration": mode}
	if strings.Contains(factors, "app") {
		maps.Copy(in, softwareToken(true))
	}
	if strings.Contains(factors, "sms") {
		in["SmsMfaConfiguration"] = object{"SmsAuthenticationMessage": "SMS {####}"}
	}
	if strings.Contains(factors, "mail") {
		in["EmailMfaConfiguration"] = object{"Message": "mail {####}", "Subject": "title"}
	}
	return in
}

// recoversBy returns the settings of a pool that recovers accounts in this order.
func recoversBy(names ...string) object {
	mechanisms := []object{}
	for i, name := range names {
		mechanisms = append(mechanisms, object{"Name": name, "Priority": i + 1})
	}
	return object{"AccountRecoverySetting": object{"RecoveryMechanisms": mechanisms}}
}

const (
	byMail, byPhone = "verified_email", "verified_phone_number"
	ninaMail        = "nina@example.org"
	ninaPhone       = "+33142685300"
)

// preference returns a member of AdminSetUserMFAPreference.
func preference(name string, preferred bool) object {
	return object{name + "MfaSettings": object{"Enabled": true, "PreferredMfa": preferred}}
}

// startMFA makes a pool and the user nina, who has what is named: "app", "phone", "mail".
func startMFA(t testing.TB, pool object, has string) *direct {
	t.Helper()
	d := startDirect(t, with(with(ownSender(), withSMS()), pool), object{"ExplicitAuthFlows": []string{
		"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"}})
	pairs := []string{}
	if strings.Contains(has, "mail") {
		pairs = append(pairs, "email", ninaMail)
	}
	if strings.Contains(has, "phone") {
		pairs = append(pairs, "phone_number", ninaPhone)
	}
	d.user("nina", pairs...)
	if strings.Contains(has, "app") {
		d.do("SetUserPoolMfaConfig", mfaConfig("OPTIONAL", "app"))
		access := at(d.signIn("nina"), "AuthenticationResult.AccessToken")
		secret := d.do("AssociateSoftwareToken", object{"AccessToken": access})["SecretCode"].(string)
		d.do("VerifySoftwareToken", object{"AccessToken": access, "UserCode": d.totpCode(secret),
			"FriendlyDeviceName": "watch"})
	}
	return d
}

func (d *direct) prefers(settings object) {
	d.t.Helper()
	d.do("AdminSetUserMFAPreference", with(object{"Username": "nina"}, settings))
}

// answerBy returns nina's answer to a challenge.
func answerBy(challenge object, name string, pairs ...string) object {
	responses := object{"USERNAME": "nina"}
	for i := 0; i < len(pairs); i += 2 {
		responses[pairs[i]] = pairs[i+1]
	}
	return object{"ChallengeName": name, "Session": challenge["Session"], "ChallengeResponses": responses}
}

// Which challenge follows the password. Source: developer guide, details of MFA logic at user runtime.
func TestWhichFactorFollows(t *testing.T) {
	t.Parallel()
	const all = "app sms mail"
	for name, c := range map[string]struct {
		off, optional bool // the pool requires a factor unless set
		factors       string
		recovery      []string
		has           string
		preferences   []object
		want          string // the challenge; "" for tokens
		listed        string // the factors to select or to set up
	}{
		"off":                  {off: true, has: all},
		"optional, nothing on": {optional: true, factors: all, has: "app mail phone"},
		"optional, SMS on": {optional: true, factors: all, has: "mail phone",
			preferences: []object{preference("SMS", false)}, want: "SMS_MFA"},
		"optional, mail preferred": {optional: true, factors: all, has: "mail phone",
			preferences: []object{preference("Email", true)}, want: "EMAIL_OTP"},
		"optional, two on": {optional: true, factors: all, has: "app mail phone",
			preferences: []object{preference("SMS", false), preference("SoftwareToken", false)},
			want:        "SELECT_MFA_TYPE", listed: `["SMS_MFA","SOFTWARE_TOKEN_MFA"]`},
		"optional, two on, one preferred": {optional: true, factors: all, has: "app mail phone",
			preferences: []object{preference("SMS", false), preference("SoftwareToken", true)}, want: "SOFTWARE_TOKEN_MFA"},
		"optional, preferred, which the pool has not": {optional: true, factors: "app", has: "mail phone",
			preferences: []object{preference("SMS", true)}},
		"optional, the recovery channel is on": {optional: true, factors: all, recovery: []string{byMail}, has: "mail",
			preferences: []object{preference("Email", false)}, want: "EMAIL_OTP"},
		"a preference": {factors: all, has: "app mail phone",
			preferences: []object{preference("Email", true)}, want: "EMAIL_OTP"},
		"a preferred recovery": {factors: all, recovery: []string{byMail, byPhone}, has: "mail phone",
			preferences: []object{preference("Email", true)}, want: "EMAIL_OTP"},
		"app and mail": {factors: all, recovery: []string{byPhone}, has: "app mail",
			want: "SELECT_MFA_TYPE", listed: `["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]`},
		"app and recovery":     {factors: all, recovery: []string{byMail}, has: "app mail", want: "SOFTWARE_TOKEN_MFA"},
		"app alone":            {factors: "app", has: "app mail phone", want: "SOFTWARE_TOKEN_MFA"},
		"mail":                 {factors: all, recovery: []string{byPhone}, has: "mail", want: "EMAIL_OTP"},
		"phone":                {factors: all, recovery: []string{byMail}, has: "phone", want: "SMS_MFA"},
		"phone, recovery open": {factors: "sms", has: "phone", want: "SMS_MFA"},
		"both, no recovery": {factors: all, recovery: []string{"admin_only"}, has: "mail phone",
			want: "SELECT_MFA_TYPE", listed: `["SMS_MFA","EMAIL_OTP"]`},
		"both, recovery open": {factors: all, has: "mail phone", want: "SELECT_MFA_TYPE",
			listed: `["SMS_MFA","EMAIL_OTP"]`},
		"both, one recovery": {factors: all, recovery: []string{byPhone, byMail}, has: "mail phone", want: "EMAIL_OTP"},
		"both, SMS alone":    {factors: "sms", recovery: []string{byMail}, has: "mail phone", want: "SMS_MFA"},
		"recovery, no app": {factors: "sms mail", recovery: []string{byMail}, has: "mail",
			want: "InvalidUserPoolConfigurationException"},
		"recovery, app": {factors: all, recovery: []string{byMail}, has: "mail", want: "MFA_SETUP",
			listed: `["SOFTWARE_TOKEN_MFA"]`},
		"other address": {factors: "app sms", recovery: []string{byPhone}, has: "mail", want: "MFA_SETUP",
			listed: `["SOFTWARE_TOKEN_MFA"]`},
		"nothing": {factors: all, recovery: []string{byPhone}, want: "MFA_SETUP",
			listed: `["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]`},
		"nothing, no recovery": {factors: all, recovery: []string{"admin_only"}, want: "MFA_SETUP",
			listed: `["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]`},
		"the app was switched off": {factors: "sms", has: "app phone", want: "SMS_MFA"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := object{}
			if c.recovery != nil {
				pool = recoversBy(c.recovery...)
			}
			d := startMFA(t, pool, c.has)
			for _, settings := range c.preferences {
				d.prefers(settings)
			}
			mode := "ON"
			switch {
			case c.off:
				mode = "OFF"
			case c.optional:
				mode = "OPTIONAL"
			}
			d.do("SetUserPoolMfaConfig", mfaConfig(mode, c.factors))
			_, out := d.call("InitiateAuth", passwordAuth("nina", password))
			if strings.HasSuffix(c.want, "Exception") {
				if out["__type"] != c.want {
					t.Errorf("%v, want %s", out, c.want)
				}
				return
			}
			asked, _ := out["ChallengeName"].(string)
			listed := orElse(fmt.Sprint(at(out, "ChallengeParameters.MFAS_CAN_CHOOSE")), "<nil>")
			if listed == "<nil>" {
				listed, _ = at(out, "ChallengeParameters.MFAS_CAN_SETUP").(string)
			}
			if asked != c.want || listed != c.listed || (at(out,
				"AuthenticationResult.AccessToken") != nil) != (c.want == "") {
				t.Errorf("%v\nwant %q %s", out, c.want, c.listed)
			}
		})
	}
}

// Administrators' sign-ins have their own name for a user who cannot sign in.
func TestNoFactorByAdministrator(t *testing.T) {
	t.Parallel()
	d := startMFA(t, recoversBy(byMail), "mail")
	d.do("SetUserPoolMfaConfig", mfaConfig("ON", "sms"))
	d.fails("AdminInitiateAuth", adminAuth("nina"), "MFAMethodNotFoundException", "requires MFA")
}

// What each challenge shows and takes; wrong codes keep the session, and success verifies the address.
func TestCodesAsSecondFactor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		preferred, challenge, attribute, body, subject string
		shown                                          object
	}{
		"SMS": {preferred: "SMS", challenge: "SMS_MFA", attribute: "phone_number", body: "SMS 123456", shown: object{
			"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*******5300", "USER_ID_FOR_SRP": "nina"}},
		"e-mail": {preferred: "Email", challenge: "EMAIL_OTP", attribute: "email", body: "mail 123456", subject: "title",
			shown: object{"CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL", "CODE_DELIVERY_DESTINATION": "n***@e***"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startMFA(t, nil, "mail phone")
			d.do("SetUserPoolMfaConfig", mfaConfig("OPTIONAL", "sms mail"))
			d.prefers(preference(c.preferred, true))
			challenge := d.signIn("nina")
			if challenge["ChallengeName"] != c.challenge || !reflect.DeepEqual(challenge["ChallengeParameters"], c.shown) {
				t.Fatalf("challenge %v", challenge)
			}
			if challenge["AvailableChallenges"] != nil {
				t.Errorf("a second factor has AvailableChallenges: %v", challenge)
			}
			if m := d.last(); m.Body != c.body || m.Subject != c.subject || m.Source != firesMessage || m.Code != "123456" {
				t.Errorf("message %+v", m)
			}
			d.fails("RespondToAuthChallenge", answerBy(challenge, c.challenge), "InvalidParameterException",
				"Missing required parameter "+c.challenge+"_CODE")
			for range 3 {
				d.fails("RespondToAuthChallenge", answerBy(challenge, c.challenge, c.challenge+"_CODE", "000000"),
					"CodeMismatchException", "Invalid code or auth state for the user.")
			}
			right := answerBy(challenge, c.challenge, c.challenge+"_CODE", "123456")
			if out := d.do("RespondToAuthChallenge", right); at(out, "AuthenticationResult.RefreshToken") == nil {
				t.Errorf("no tokens: %v", out)
			}
			if got := d.attribute(c.attribute + "_verified"); got != "true" {
				t.Errorf("%s_verified is %q", c.attribute, got)
			}
			d.fails("RespondToAuthChallenge", right, "NotAuthorizedException", "session can only be used once")
		})
	}
}

// attribute returns an attribute of nina.
func (d *direct) attribute(name string) string {
	d.t.Helper()
	for _, one := range d.do("AdminGetUser", object{"Username": "nina"})["UserAttributes"].([]any) {
		if at(one, "Name") == name {
			return at(one, "Value").(string)
		}
	}
	return ""
}

// A code is valid for as long as its session.
func TestCodesOfSecondFactorsExpire(t *testing.T) {
	t.Parallel()
	d := startMFA(t, nil, "phone")
	d.do("SetUserPoolMfaConfig", mfaConfig("ON", "sms"))
	challenge := d.signIn("nina")
	d.clock.Advance(3*time.Minute + time.Second)
	d.fails("RespondToAuthChallenge", answerBy(challenge, "SMS_MFA", "SMS_MFA_CODE", "123456"), "NotAuthorizedException",
		"Invalid session for the user, session is expired.")
}

func TestSelectingAFactor(t *testing.T) {
	t.Parallel()
	d := startMFA(t, nil, "app phone mail")
	d.do("SetUserPoolMfaConfig", mfaConfig("ON", "app sms"))
	challenge := d.signIn("nina")
	for _, pairs := range [][]string{nil, {"ANSWER", "EMAIL_OTP"}, {"ANSWER", "EMAIL_MFA"}, {"ANSWER", "sms_mfa"}} {
		d.fails("RespondToAuthChallenge", answerBy(challenge, "SELECT_MFA_TYPE", pairs...), "InvalidParameterException",
			"ANSWER")
		challenge = d.signIn("nina")
	}
	app := d.do("RespondToAuthChallenge", answerBy(challenge, "SELECT_MFA_TYPE", "ANSWER", "SOFTWARE_TOKEN_MFA"))
	if want := (object{"USER_ID_FOR_SRP": "nina", "FRIENDLY_DEVICE_NAME": "watch"}); app["ChallengeName"] !=
		"SOFTWARE_TOKEN_MFA" || !reflect.DeepEqual(app["ChallengeParameters"], want) {
		t.Errorf("app: %v", app)
	}
	if sent := len(d.server.Inbox().Messages(0)); sent != 0 {
		t.Errorf("%d messages before SMS was selected", sent)
	}
	d.do("RespondToAuthChallenge", answerBy(d.signIn("nina"), "SELECT_MFA_TYPE", "ANSWER", "SMS_MFA"))
	if m := d.last(); m.To != ninaPhone {
		t.Errorf("message %+v", m)
	}
}

// An address that is set up in a sign-in becomes the user's with the right code, and is the factor from then on.
func TestSetUpByEmail(t *testing.T) {
	t.Parallel()
	for _, parameter := range []string{"EMAIL", "email"} {
		d := startMFA(t, recoversBy(byPhone), "")
		d.do("SetUserPoolMfaConfig", mfaConfig("ON", "mail app"))
		setup := d.signIn("nina")
		d.fails("RespondToAuthChallenge", answerBy(setup, "MFA_SETUP", parameter, "nowhere"), "InvalidParameterException",
			"Invalid email address format.")
		challenge := d.do("RespondToAuthChallenge", answerBy(setup, "MFA_SETUP", parameter, ninaMail))
		if challenge["ChallengeName"] != "EMAIL_OTP" || d.last().To != ninaMail || d.attribute("email") != "" {
			t.Fatalf("challenge %v, message %+v", challenge, d.last())
		}
		d.fails("RespondToAuthChallenge", answerBy(challenge, "EMAIL_OTP", "EMAIL_OTP_CODE", "000000"),
			"CodeMismatchException", "")
		done := d.do("RespondToAuthChallenge", answerBy(challenge, "EMAIL_OTP", "EMAIL_OTP_CODE", "123456"))
		token := at(done, "AuthenticationResult.IdToken")
		if claims := claimsOf(t, token); claims["email"] != ninaMail || claims["email_verified"] != true {
			t.Errorf("claims %v", claims)
		}
		user := d.do("GetUser", object{"AccessToken": at(done, "AuthenticationResult.AccessToken")})
		if user["PreferredMfaSetting"] != "EMAIL_OTP" {
			t.Errorf("user %v", user)
		}
		if again := d.signIn("nina"); again["ChallengeName"] != "EMAIL_OTP" {
			t.Errorf("the next sign-in: %v", again)
		}
	}
}

// What is not offered cannot be set up.
func TestSetUpOnlyWhatIsOffered(t *testing.T) {
	t.Parallel()
	d := startMFA(t, recoversBy(byMail), "")
	d.do("SetUserPoolMfaConfig", mfaConfig("ON", "mail app"))
	d.fails("RespondToAuthChallenge", answerBy(d.signIn("nina"), "MFA_SETUP", "EMAIL", ninaMail),
		"InvalidParameterException", "MFAS_CAN_SETUP")
	d.fails("RespondToAuthChallenge", answerBy(d.signIn("nina"), "MFA_SETUP"), "NotAuthorizedException",
		"Invalid session")
	d.do("SetUserPoolMfaConfig", mfaConfig("ON", "sms"))
	d.fails("AssociateSoftwareToken", object{"Session": d.signIn("nina")["Session"]},
		"SoftwareTokenMFANotFoundException",
		"")
}

// A pool that was created with MFA and an SMS configuration, without SetUserPoolMfaConfig, has SMS as its factor.
func TestMFAOfCreateUserPool(t *testing.T) {
	t.Parallel()
	d := startMFA(t, object{"MfaConfiguration": "ON", "SmsAuthenticationMessage": "own {####}"}, "phone")
	if out := d.signIn("nina"); out["ChallengeName"] != "SMS_MFA" || d.last().Body != "own 123456" {
		t.Errorf("%v, message %+v", out, d.last())
	}
}

// Five wrong codes, over all factors and sign-ins, lock the user. Source: developer guide, MFA considerations.
func TestMFACodesOverManySessions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ factor, preferred, challenge string }{
		{"sms", "SMS", "SMS_MFA"}, {"mail", "Email", "EMAIL_OTP"},
	} {
		d := startMFA(t, nil, "phone mail")
		d.do("SetUserPoolMfaConfig", mfaConfig("OPTIONAL", c.factor))
		d.prefers(preference(c.preferred, true))
		sessions := make([]object, 41)
		for i := range sessions {
			sessions[i] = d.signIn("nina")
		}
		try := func(session object, code string) string {
			_, out := d.call("RespondToAuthChallenge", answerBy(session, c.challenge, c.challenge+"_CODE", code))
			return fmt.Sprintf("%v%v", out["__type"], out["message"])
		}
		counts := map[string]int{}
		results := make(chan string, 40)
		for _, session := range sessions[:40] {
			go func() { results <- try(session, "000000") }()
		}
		for range 40 {
			counts[<-results]++
		}
		const wrong = "CodeMismatchExceptionInvalid code or auth state for the user."
		const locked = "NotAuthorizedExceptionPassword attempts exceeded"
		if want := (map[string]int{wrong: limits.FreeFailures,
			locked: 40 - limits.FreeFailures}); !maps.Equal(counts, want) {
			t.Errorf("%s: answers %v, want %v", c.challenge, counts, want)
		}
		if got := try(sessions[40], "123456"); got != locked {
			t.Errorf("%s: the right code while locked: %s", c.challenge, got)
		}
		d.clock.Advance(time.Minute)
		if got := try(d.signIn("nina"), "123456"); got != "<nil><nil>" {
			t.Errorf("%s: the right code after the lock: %s", c.challenge, got)
		}
	}
}

// Wrong codes of one factor count for the other.
func TestMFAFactorsShareALock(t *testing.T) {
	t.Parallel()
	d := startMFA(t, nil, "app phone")
	d.do("SetUserPoolMfaConfig", mfaConfig("ON", "app sms"))
	for i := range limits.FreeFailures {
		factor := []string{"SMS_MFA", "SOFTWARE_TOKEN_MFA"}[i%2]
		challenge := d.do("RespondToAuthChallenge", answerBy(d.signIn("nina"), "SELECT_MFA_TYPE", "ANSWER", factor))
		d.fails("RespondToAuthChallenge", answerBy(challenge, factor, factor+"_CODE", "000000"), "CodeMismatchException",
			"")
	}
	challenge := d.do("RespondToAuthChallenge", answerBy(d.signIn("nina"), "SELECT_MFA_TYPE", "ANSWER", "SMS_MFA"))
	d.fails("RespondToAuthChallenge", answerBy(challenge, "SMS_MFA", "SMS_MFA_CODE", "123456"), "NotAuthorizedException",
		"Password attempts exceeded")
}

// One channel is not a user's second factor and recovery. Source: developer guide, MFA considerations.
func TestRecoveryIsNotTheFactor(t *testing.T) {
	t.Parallel()
	const none = "Cannot reset password for the user as there is no registered/verified email or phone_number"
	for name, c := range map[string]struct {
		mode, factors, has string
		recovery           []string
		preference         object
		want               string // the medium, or the error's text
	}{
		"no factor": {mode: "OPTIONAL", factors: "sms mail", has: "mail phone",
			recovery: []string{byMail, byPhone}, want: "EMAIL"},
		"mail preferred": {mode: "OPTIONAL", factors: "sms mail", has: "mail phone",
			recovery: []string{byMail, byPhone}, preference: preference("Email", true), want: "SMS"},
		"SMS on": {mode: "OPTIONAL", factors: "sms", has: "mail phone",
			preference: preference("SMS", false), want: "EMAIL"},
		"SMS on, alone": {mode: "OPTIONAL", factors: "sms", has: "phone", preference: preference("SMS", false),
			want: none},
		"required SMS":     {mode: "ON", factors: "sms", has: "mail phone", recovery: []string{byMail}, want: "EMAIL"},
		"required, alone":  {mode: "ON", factors: "sms", has: "phone", recovery: []string{byMail, byPhone}, want: none},
		"an app":           {mode: "ON", factors: "app", has: "app mail", recovery: []string{byMail}, want: "EMAIL"},
		"off, in the list": {mode: "OFF", has: "phone", preference: preference("SMS", true), want: "SMS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := object{}
			if c.recovery != nil {
				pool = recoversBy(c.recovery...)
			}
			d := startMFA(t, pool, c.has)
			d.do("AdminUpdateUserAttributes", object{"Username": "nina", "UserAttributes": slices.Concat(
				verifiedIf(c.has, "mail", "email"), verifiedIf(c.has, "phone", "phone_number"))})
			d.do("SetUserPoolMfaConfig", mfaConfig(c.mode, c.factors))
			if c.preference != nil {
				d.prefers(c.preference)
			}
			_, out := d.call("ForgotPassword", object{"Username": "nina"})
			got, _ := at(out, "CodeDeliveryDetails.DeliveryMedium").(string)
			if got != c.want && out["message"] != c.want {
				t.Errorf("%v, want %s", out, c.want)
			}
		})
	}
}

func verifiedIf(has, what, attribute string) []object {
	if !strings.Contains(has, what) {
		return nil
	}
	return attributes(attribute+"_verified", "true")
}
