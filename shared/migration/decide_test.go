package migration

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"cognito-triggers/shared/signup"
)

func rules() Rules {
	return Rules{
		Mapping: Mapping{"email": "mail", "phone_number": "phone", "name": "name"},
		Policy:  Policy{MinimumLength: 8, RequireLowercase: true, RequireUppercase: true, RequireNumbers: true},
	}
}

func ines(change func(*Account)) Account {
	a := Account{
		Attributes: map[string]string{"mail": "ines@example.org", "name": "Ines", "role": "admin"},
		Verified:   map[string]bool{"mail": true},
	}
	if change != nil {
		change(&a)
	}
	return a
}

func set(name, value string) func(*Account) {
	return func(a *Account) { a.Attributes[name] = value }
}

func TestSignIn(t *testing.T) {
	const address, strong, weak = "ines@example.org", "Sunny100", "sunny"
	unverified := func(a *Account) { a.Verified = nil }
	for name, c := range map[string]struct {
		typed, password string
		account         Account
		change          func(*Rules)
		outcome         Outcome
		reason          Reason
	}{
		"right":      {typed: address, password: strong, account: ines(nil), outcome: Migrates},
		"user name":  {typed: "ines", password: strong, account: ines(nil), outcome: Migrates},
		"upper case": {typed: "INES@Example.org", password: strong, account: ines(nil), outcome: Migrates},
		"unverified": {typed: address, password: strong, account: ines(unverified), outcome: Migrates},
		"weak": {
			typed: address, password: weak, account: ines(nil), outcome: ResetRequired, reason: WeakPassword,
		},
		"weak, unverified": {
			typed: address, password: weak, account: ines(unverified), outcome: Refused, reason: Unverified,
		},
		"too long": {
			typed: address, password: strings.Repeat("Aa1", 86), account: ines(nil), outcome: ResetRequired,
			reason: WeakPassword,
		},
		"disabled": {
			typed: address, password: strong, account: ines(func(a *Account) { a.Disabled = true }), outcome: Refused,
			reason: Disabled,
		},
		"second factor": {
			typed: address, password: strong, account: ines(func(a *Account) { a.SecondFactor = true }), outcome: Refused,
			reason: SecondFactor,
		},
		"second factor, dropped": {
			typed: address, password: strong, account: ines(func(a *Account) { a.SecondFactor = true }),
			change: func(r *Rules) { r.DropSecondFactor = true }, outcome: Migrates,
		},
		"the source demands": {
			typed: address, password: strong, account: ines(func(a *Account) { a.ResetRequired = true }),
			outcome: ResetRequired, reason: SourceDemands,
		},
		"the source demands, in vain": {
			typed: address, password: strong, account: ines(func(a *Account) { a.ResetRequired, a.Verified = true, nil }),
			outcome: Refused, reason: Unverified,
		},
		"other address": {
			typed: address, password: strong, account: ines(set("mail", "leon@example.org")), outcome: Refused,
			reason: OtherAddress,
		},
		"typed what is no address": {
			typed: "ines@@example.org", password: strong, account: ines(nil), outcome: Refused, reason: OtherAddress,
		},
		"address in the source is none": {
			typed: "ines", password: strong, account: ines(set("mail", "ines")), outcome: Refused, reason: BadAddress,
		},
		"other phone": {
			typed: "+442071838750", password: strong, account: ines(set("phone", "+442071838751")), outcome: Refused,
			reason: OtherAddress,
		},
		"phone is none": {
			typed: "ines", password: strong, account: ines(set("phone", "020 7183 8750")), outcome: Refused,
			reason: BadAddress,
		},
		"nothing known": {
			typed: address, password: strong, account: Account{}, outcome: Refused, reason: NoAttributes,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := rules()
			if c.change != nil {
				c.change(&r)
			}
			d := r.SignIn(c.typed, c.password, c.account)
			if d.Outcome != c.outcome || d.Reason != c.reason {
				t.Errorf("%s %q, want %s %q", d.Outcome, d.Reason, c.outcome, c.reason)
			}
			if (len(d.Attributes) == 0) != (c.outcome == Refused) {
				t.Errorf("attributes %v", d.Attributes)
			}
			if d.Attributes["role"] != "" || d.Attributes["custom:role"] != "" {
				t.Error("an attribute that is not listed came along")
			}
			want := ""
			if c.account.Verified["mail"] && c.outcome != Refused {
				want = "true"
			}
			if d.Attributes["email_verified"] != want {
				t.Errorf("email_verified is %q, want %q", d.Attributes["email_verified"], want)
			}
		})
	}
}

// Without a password, a verified address is the only proof, and which of the two kinds does not matter.
func TestForgot(t *testing.T) {
	for name, c := range map[string]struct {
		account Account
		outcome Outcome
		reason  Reason
	}{
		"verified":   {ines(nil), ResetRequired, Forgotten},
		"unverified": {ines(func(a *Account) { a.Verified["mail"] = false }), Refused, Unverified},
		"verified phone": {ines(func(a *Account) {
			a.Attributes["phone"], a.Verified = "+442071838750", map[string]bool{"phone": true}
		}), ResetRequired, Forgotten},
		"another attribute is verified": {
			ines(func(a *Account) { a.Verified = map[string]bool{"name": true} }), Refused, Unverified,
		},
		"verified, and absent": {ines(func(a *Account) { delete(a.Attributes, "mail") }), Refused, Unverified},
		"disabled":             {ines(func(a *Account) { a.Disabled = true }), Refused, Disabled},
		"second factor":        {ines(func(a *Account) { a.SecondFactor = true }), Refused, SecondFactor},
		"unreadable hash":      {ines(func(a *Account) { a.ResetRequired = true }), ResetRequired, Forgotten},
	} {
		t.Run(name, func(t *testing.T) {
			if d := rules().Forgot("ines", c.account); d.Outcome != c.outcome || d.Reason != c.reason {
				t.Errorf("%s %q, want %s %q", d.Outcome, d.Reason, c.outcome, c.reason)
			}
		})
	}
}

func TestMapping(t *testing.T) {
	protected := signup.AttributeNames{"custom:role*"}
	for name, c := range map[string]struct{ text, want string }{
		"good":             {text: `{"email":"mail","custom:legacy_id":"id","username":"id"}`},
		"not JSON":         {text: `email=mail`, want: "JSON"},
		"twice":            {text: `{"email":"a","email":"b"}`, want: "twice"},
		"empty":            {text: `{}`, want: "lists nothing"},
		"no source":        {text: `{"email":""}`, want: "no attribute of the source"},
		"authority":        {text: `{"email":"mail","custom:Role":"role"}`, want: "protected"},
		"sub":              {text: `{"sub":"id"}`, want: "sets sub"},
		"verified flag":    {text: `{"email_verified":"ok"}`, want: "sets email_verified"},
		"phone flag":       {text: `{"phone_number_verified":"ok"}`, want: "sets phone_number_verified"},
		"groups":           {text: `{"cognito:groups":"roles"}`, want: "sets cognito:groups"},
		"identities":       {text: `{"identities":"ids"}`, want: "sets identities"},
		"developer's own":  {text: `{"dev:custom:x":"x"}`, want: "sets dev:custom:x"},
		"long custom name": {text: `{"custom:abcdefghijklmnopqrstu":"x"}`, want: "1 to 20"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseMapping(c.text, protected)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestValuesThatAPoolRefusesAreLeftOut(t *testing.T) {
	got := rules().Mapping.Apply(Account{
		Attributes: map[string]string{"mail": " ines@example.org ", "phone": "+44\n", "name": strings.Repeat("é", 2049)},
		Verified:   map[string]bool{"name": true},
	})
	if want := map[string]string{"email": "ines@example.org", "phone_number": "+44"}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestPolicy(t *testing.T) {
	strict, err := ParsePolicy(`{"minimum_length":8,"require_lowercase":true,"require_uppercase":true,` +
		`"require_numbers":true,"require_symbols":true,"temporary_password_validity_days":7}`)
	if err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]bool{
		"Sunny100%": true, "Sunny 100": true, "Sunny1%": false, "sunny100%": false, "SUNNY100%": false, "Sunnyday%": false,
		"Sunny1000": false, " Sunny100%": false, "Sunny100% ": false, "": false, "Süßes100%A": true,
		strings.Repeat("Aa1%", 64): true, strings.Repeat("Aa1%", 64) + "x": false,
	} {
		if strict.Allows(password) != want {
			t.Errorf("%q: %v, want %v", password, !want, want)
		}
	}
	for name, text := range map[string]string{
		"nothing": ``, "short": `{"minimum_length":5}`, "unknown member": `{"minimum_length":8,"require_luck":true}`,
		"zero": `{}`,
	} {
		if p, err := ParsePolicy(text); err == nil {
			t.Errorf("%s: %v", name, reflect.ValueOf(p))
		}
	}
}
