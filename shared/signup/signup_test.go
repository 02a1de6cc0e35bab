package signup

import (
	"strings"
	"testing"
)

func domains(t *testing.T, entries ...string) DomainList {
	t.Helper()
	list, err := ParseDomainList(entries)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func email(address string) map[string]string { return map[string]string{"email": address} }

func TestRefuse(t *testing.T) {
	allowed := Rules{Allowed: domains(t, "example.com", "*.example.org")}
	denied := Rules{Denied: domains(t, "evil.example", "*.evil.example")}
	cases := []struct {
		name       string
		rules      Rules
		username   string
		attributes map[string]string
		// the rule that refuses, by source; "" lets in
		self, admin, federated string
	}{
		{"no rules", Rules{}, "ines", email("ines@example.org"), "", "", ""},
		{"no attributes", Rules{}, "ines", nil, "", "", ""},
		{"phone alone", Rules{}, "ines", map[string]string{"phone_number": "+33700900123"}, "", "", ""},
		{"invite only", Rules{InviteOnly: true}, "ines", email("ines@example.org"), "InviteOnly", "", ""},

		{"protected attribute", Rules{ProtectedAttributes: AttributeNames{"custom:role"}}, "ines", map[string]string{"custom:role": "admin"}, "ProtectedAttribute", "", ""},
		{"empty protected attribute", Rules{ProtectedAttributes: AttributeNames{"custom:role"}}, "ines", map[string]string{"custom:role": ""}, "ProtectedAttribute", "", ""},
		{"other attribute", Rules{ProtectedAttributes: AttributeNames{"custom:role"}}, "ines", map[string]string{"custom:colour": "red"}, "", "", ""},

		{"user name too short", Rules{Username: UsernameRules{Min: 5}}, "ines", nil, "Username", "", ""},
		{"user name of mixed scripts", Rules{RefuseMixedScripts: true}, "аdmin", nil, "Username", "", ""},
		{"user name of mixed scripts, allowed", Rules{}, "аdmin", nil, "", "", ""},

		{"no e-mail address", Rules{}, "ines", email("not an address"), "EmailSyntax", "EmailSyntax", "EmailSyntax"},
		{"line break", Rules{}, "ines", email("ines@example.org\r\nBcc: a@evil.example"), "EmailSyntax", "EmailSyntax", "EmailSyntax"},
		{"domain of mixed scripts", Rules{RefuseMixedScripts: true}, "ines", email("ines@pаypal.example"), "MixedScripts", "MixedScripts", "MixedScripts"},
		{"the same in ASCII form", Rules{RefuseMixedScripts: true}, "ines", email("ines@xn--pypal-4ve.example"), "MixedScripts", "MixedScripts", "MixedScripts"},
		{"domain of mixed scripts, allowed", Rules{}, "ines", email("ines@pаypal.example"), "", "", ""},
		{"Korean domain", Rules{RefuseMixedScripts: true}, "민수", email("minsu@한국.example"), "", "", ""},

		{"allowed domain", allowed, "ines", email("Ines@EXAMPLE.com"), "", "", ""},
		{"allowed subdomain", allowed, "ines", email("ines@mail.example.org"), "", "", ""},
		{"other domain", allowed, "ines", email("ines@example.net"), "DomainNotAllowed", "DomainNotAllowed", "DomainNotAllowed"},
		{"allowed domain before the last @", allowed, "ines", email(`"x@example.com"@evil.example`), "EmailSyntax", "EmailSyntax", "EmailSyntax"},
		{"no e-mail where domains are listed", allowed, "ines", nil, "EmailRequired", "EmailRequired", "EmailRequired"},
		{"empty e-mail where domains are listed", allowed, "ines", email(""), "EmailRequired", "EmailRequired", "EmailRequired"},
		{"the provider sent no e-mail", allowed, "ines", email("cognito:default_val"), "EmailRequired", "EmailRequired", "EmailRequired"},
		{"the provider sent no e-mail, no list", Rules{}, "ines", email("cognito:default_val"), "", "", ""},

		{"denied domain", denied, "ines", email("ines@evil.example"), "DomainDenied", "DomainDenied", "DomainDenied"},
		{"denied subdomain", denied, "ines", email("ines@a.b.EVIL.example"), "DomainDenied", "DomainDenied", "DomainDenied"},
		{"no e-mail where domains are denied", denied, "ines", nil, "", "", ""},
		{"denied wins", Rules{Allowed: domains(t, "example.com"), Denied: domains(t, "example.com")}, "ines", email("ines@example.com"), "DomainDenied", "DomainDenied", "DomainDenied"},

		{"disposable", Rules{RefuseDisposable: true}, "ines", email("ines@mailinator.com"), "DomainDisposable", "", "DomainDisposable"},
		{"below a disposable domain", Rules{RefuseDisposable: true}, "ines", email("ines@a.b.Mailinator.com"), "DomainDisposable", "", "DomainDisposable"},
		{"disposable, allowed", Rules{}, "ines", email("ines@mailinator.com"), "", "", ""},
		{"disposable, but named as allowed", Rules{RefuseDisposable: true, Allowed: domains(t, "mailinator.com")}, "ines", email("ines@mailinator.com"), "", "", ""},
		{"disposable, but excepted", Rules{RefuseDisposable: true, NotDisposable: domains(t, "mailinator.com")}, "ines", email("ines@mailinator.com"), "", "", ""},
		{"excepted and denied", Rules{NotDisposable: domains(t, "mailinator.com"), Denied: domains(t, "mailinator.com")}, "ines", email("ines@mailinator.com"), "DomainDenied", "DomainDenied", "DomainDenied"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for source, want := range map[Source]string{SelfSignUp: c.self, AdminCreated: c.admin, Federated: c.federated} {
				refusal, refused := c.rules.Refuse(Applicant{source, c.username, c.attributes})
				if refused != (want != "") || refused && refusal.Rule != want {
					t.Errorf("source %d: refused %v by %q, want %q", source, refused, refusal.Rule, want)
				}
			}
		})
	}
}

// The texts travel through Cognito's error and may end in a URL.
func TestTextsAreShortAndPlain(t *testing.T) {
	for _, r := range []Refusal{
		inviteOnly, protectedAttribute, badUsername, badEmail, mixedScripts, emailRequired, domainDenied, domainNotAllowed, domainDisposable,
	} {
		if len(r.Text) == 0 || len(r.Text) > 80 || strings.ContainsAny(r.Text, "\"\r\n") || !isASCII(r.Text) {
			t.Errorf("%s: %q", r.Rule, r.Text)
		}
	}
	if domainDenied.Text != domainNotAllowed.Text || domainDenied.Text != domainDisposable.Text {
		t.Error("the texts tell which list a domain is on")
	}
}

func FuzzRefuse(f *testing.F) {
	f.Add("ines", "ines@example.org", "custom:role", "admin")
	f.Add("\u202eines", "a@pаypal.example", "Custom:ROLE", "")
	rules := Rules{
		ProtectedAttributes: AttributeNames{"custom:role", "custom:x*"}, Username: UsernameRules{Min: 1, Max: 128},
		RefuseMixedScripts: true, RefuseDisposable: true,
	}
	f.Fuzz(func(t *testing.T, username, address, attribute, value string) {
		for _, source := range []Source{SelfSignUp, AdminCreated, Federated} {
			a := Applicant{source, username, map[string]string{attribute: value, "email": address}}
			refusal, refused := rules.Refuse(a)
			if refused == (refusal == Refusal{}) {
				t.Fatalf("refused %v with %+v", refused, refusal)
			}
			if !refused && source == SelfSignUp && strings.EqualFold(attribute, "custom:role") {
				t.Fatal("a protected attribute passes")
			}
		}
	})
}
