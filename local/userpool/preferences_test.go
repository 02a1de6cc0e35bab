package userpool

import (
	"reflect"
	"strings"
	"testing"
)

const otherFactor = "MULTI_FACTOR_WITH_USER_VERIFICATION"

// What a user turns on and prefers, and what GetUser shows of it.
func TestMFAPreferences(t *testing.T) {
	t.Parallel()
	off := func(name string) object { return object{name + "MfaSettings": object{"Enabled": false}} }
	for name, c := range map[string]struct {
		steps     []object
		list      []any
		preferred string
	}{
		"nothing": {},
		"all, in one order": {steps: []object{preference("Email", false), preference("SoftwareToken", false),
			preference("SMS", false)}, list: []any{"SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"}},
		"preferred": {steps: []object{with(preference("SMS", false), preference("Email", true))},
			list: []any{"SMS_MFA", "EMAIL_OTP"}, preferred: "EMAIL_OTP"},
		"another one preferred": {steps: []object{preference("SMS", true), preference("Email", true)},
			list: []any{"SMS_MFA", "EMAIL_OTP"}, preferred: "EMAIL_OTP"},
		"not preferred any longer": {steps: []object{preference("SMS", true), preference("SMS", false)},
			list: []any{"SMS_MFA"}},
		"turned off": {steps: []object{preference("SMS", true), preference("Email", false), off("SMS")},
			list: []any{"EMAIL_OTP"}},
		"another one turned off": {steps: []object{preference("SMS", true), preference("Email", false), off("Email")},
			list: []any{"SMS_MFA"}, preferred: "SMS_MFA"},
		"nothing given": {steps: []object{preference("SMS", true), {}}, list: []any{"SMS_MFA"}, preferred: "SMS_MFA"},
		"off twice":     {steps: []object{off("SMS"), off("SoftwareToken")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startMFA(t, nil, "app phone mail")
			access := at(d.signIn("nina"), "AuthenticationResult.AccessToken")
			for i, settings := range c.steps {
				if i%2 == 0 {
					d.prefers(settings)
				} else {
					d.do("SetUserMFAPreference", with(object{"AccessToken": access}, settings))
				}
			}
			for operation, in := range map[string]object{
				"AdminGetUser": {"Username": "nina"}, "GetUser": {"AccessToken": access},
			} {
				out := d.do(operation, in)
				list, _ := out["UserMFASettingList"].([]any)
				preferred, _ := out["PreferredMfaSetting"].(string)
				if !reflect.DeepEqual(list, c.list) || preferred != c.preferred {
					t.Errorf("%s: %v, %q; want %v, %q", operation, list, preferred, c.list, c.preferred)
				}
			}
		})
	}
}

// Preferences that contradict each other or lack what they need change nothing.
func TestMFAPreferencesRefused(t *testing.T) {
	t.Parallel()
	passkeys := object{"WebAuthnMfaSettings": object{"Enabled": true}}
	for name, c := range map[string]struct {
		has  string
		body object
		want string
		self string // the text of SetUserMFAPreference, if it differs
	}{
		"two preferred": {has: "phone mail", body: with(preference("SMS", true), preference("Email", true)),
			want: "Only one MFA method can be preferred"},
		"preferred, which is off": {has: "phone",
			body: object{"SMSMfaSettings": object{"Enabled": false, "PreferredMfa": true}}, want: "must be enabled: SMS_MFA"},
		"no phone": {has: "mail", body: preference("SMS", false),
			want: "User does not have delivery config set to turn on SMS_MFA",
			self: "User does not have a phone_number set to turn on SMS MFA"},
		"no mail": {has: "phone", body: preference("Email", true),
			want: "User does not have delivery config set to turn on EMAIL_OTP"},
		"no app": {has: "mail phone", body: preference("SoftwareToken", true),
			want: "User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA",
			self: "User has not set up software token mfa"},
		"one of two": {has: "mail", body: with(preference("Email", true), preference("SMS", false)),
			want: "User does not have delivery config set to turn on SMS_MFA",
			self: "User does not have a phone_number set to turn on SMS MFA"},
		"passkeys of a pool without": {has: "mail", body: with(preference("Email", true), passkeys),
			want: "FactorConfiguration is not " + otherFactor},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startMFA(t, nil, c.has)
			access := at(d.signIn("nina"), "AuthenticationResult.AccessToken")
			d.fails("AdminSetUserMFAPreference", with(object{"Username": "nina"}, c.body), "InvalidParameterException", c.want)
			d.fails("SetUserMFAPreference", with(object{"AccessToken": access}, c.body), "InvalidParameterException",
				orElse(c.self, c.want))
			if after := d.do("AdminGetUser", object{"Username": "nina"}); after["UserMFASettingList"] != nil {
				t.Errorf("turned on: %v", after)
			}
		})
	}
}

// Passkeys are a second factor beside another one, in a pool that takes them as both factors.
func TestPasskeyPreference(t *testing.T) {
	t.Parallel()
	d := startMFA(t, nil, "mail phone")
	d.do("SetUserPoolMfaConfig", with(mfaConfig("OPTIONAL", "mail"), object{"WebAuthnConfiguration": object{
		"RelyingPartyId": "example.org", "FactorConfiguration": otherFactor}}))
	on := func(is bool) object { return object{"WebAuthnMfaSettings": object{"Enabled": is}} }
	d.fails("AdminSetUserMFAPreference", with(object{"Username": "nina"}, on(true)), "InvalidParameterException",
		"needs another enabled MFA method")
	has := func() bool {
		u, err := d.server.Store().FindUser(d.pool, "nina")
		if err != nil {
			t.Fatal(err)
		}
		return u.PasskeyMFA
	}
	for _, step := range []struct {
		settings object
		want     bool
	}{
		{settings: with(preference("Email", false), on(true)), want: true},
		{settings: on(false)},
		{settings: on(true), want: true},
		{settings: with(preference("SMS", false), object{"EmailMfaSettings": object{"Enabled": false}}), want: true},
		{settings: object{"SMSMfaSettings": object{"Enabled": false}}},
	} {
		if d.prefers(step.settings); has() != step.want {
			t.Errorf("after %v: %v, want %v", step.settings, has(), step.want)
		}
	}
}

// The messages for sign-in codes must have the API's lengths and the code.
func TestMFAMessagesAreChecked(t *testing.T) {
	t.Parallel()
	d := startDirect(t, with(ownSender(), withSMS()), nil)
	sms := func(text string) object {
		return object{"SmsMfaConfiguration": object{"SmsAuthenticationMessage": text}}
	}
	mail := func(member, text string) object { return object{"EmailMfaConfiguration": object{member: text}} }
	for name, c := range map[string]struct {
		body object
		want string
	}{
		"short":           {body: sms("x"), want: "'smsMfaConfiguration.smsAuthenticationMessage'"},
		"long":            {body: sms("{####}" + strings.Repeat("é", 135)), want: "less than or equal to 140"},
		"no code":         {body: sms("your code"), want: "regular expression pattern"},
		"mail, no code":   {body: mail("Message", "your code"), want: "'emailMfaConfiguration.message'"},
		"mail, long":      {body: mail("Message", "{####}"+strings.Repeat("x", 19_995)), want: "less than or equal to 20000"},
		"mail, the title": {body: mail("Subject", strings.Repeat("x", 131_073)), want: "'emailMfaConfiguration.subject'"},
	} {
		d.fails("SetUserPoolMfaConfig", with(object{"MfaConfiguration": "ON"}, c.body), "InvalidParameterException", c.want)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	d.do("SetUserPoolMfaConfig", with(object{"MfaConfiguration": "ON"}, sms("{####}"+strings.Repeat("é", 134))))
}

// A migrated user can be given SMS as a second factor. Source: developer guide, user migration trigger.
func TestMigrationWithSMS(t *testing.T) {
	for name, c := range map[string]struct{ phone, want string }{
		"with a phone":    {phone: inesPhone, want: "SMS_MFA"},
		"without a phone": {want: "UserNotFoundException"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &stage{world: start(t, setup{})}
			withMFA("OPTIONAL", func(*stage) {})(s)
			s.functions.on("UserMigration_Authentication", func(map[string]any) (any, error) {
				attributes := map[string]string{"email_verified": "true"}
				if c.phone != "" {
					attributes["phone_number"] = c.phone
				}
				return map[string]any{"userAttributes": attributes, "finalUserStatus": "CONFIRMED",
					"messageAction": "SUPPRESS", "enableSMSMFA": true}, nil
			})
			err := s.begin("USER_PASSWORD_AUTH", password)
			if got := orElse(errorCode(err), string(s.challenge)); got != c.want {
				t.Errorf("%s, error %v; want %s", got, err, c.want)
			}
		})
	}
}
