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
		{name: "no rules", rules: Rules{}, username: "ines", attributes: email("ines@example.org")},
		{name: "no attributes", rules: Rules{}, username: "ines"},
		{
			name:       "phone alone",
			rules:      Rules{},
			username:   "ines",
			attributes: map[string]string{"phone_number": "+33700900123"},
		},
		{
			name:       "invite only",
			rules:      Rules{InviteOnly: true},
			username:   "ines",
			attributes: email("ines@example.org"),
			self:       "InviteOnly",
		},

		{
			name:       "protected attribute",
			rules:      Rules{ProtectedAttributes: AttributeNames{"custom:role"}},
			username:   "ines",
			attributes: map[string]string{"custom:role": "admin"},
			self:       "ProtectedAttribute",
		},
		{
			name:       "empty protected attribute",
			rules:      Rules{ProtectedAttributes: AttributeNames{"custom:role"}},
			username:   "ines",
			attributes: map[string]string{"custom:role": ""},
			self:       "ProtectedAttribute",
		},
		{
			name:       "other attribute",
			rules:      Rules{ProtectedAttributes: AttributeNames{"custom:role"}},
			username:   "ines",
			attributes: map[string]string{"custom:colour": "red"},
		},

		{name: "user name too short", rules: Rules{Username: UsernameRules{Min: 5}}, username: "ines", self: "Username"},
		{name: "user name of mixed scripts", rules: Rules{RefuseMixedScripts: true}, username: "аdmin", self: "Username"},
		{name: "user name of mixed scripts, allowed", rules: Rules{}, username: "аdmin"},

		{
			name:       "no e-mail address",
			rules:      Rules{},
			username:   "ines",
			attributes: email("not an address"),
			self:       "EmailSyntax",
			admin:      "EmailSyntax",
			federated:  "EmailSyntax",
		},
		{
			name:       "line break",
			rules:      Rules{},
			username:   "ines",
			attributes: email("ines@example.org\r\nBcc: a@evil.example"),
			self:       "EmailSyntax",
			admin:      "EmailSyntax",
			federated:  "EmailSyntax",
		},
		{
			name:       "domain of mixed scripts",
			rules:      Rules{RefuseMixedScripts: true},
			username:   "ines",
			attributes: email("ines@pаypal.example"),
			self:       "MixedScripts",
			admin:      "MixedScripts",
			federated:  "MixedScripts",
		},
		{
			name:       "the same in ASCII form",
			rules:      Rules{RefuseMixedScripts: true},
			username:   "ines",
			attributes: email("ines@xn--pypal-4ve.example"),
			self:       "MixedScripts",
			admin:      "MixedScripts",
			federated:  "MixedScripts",
		},
		{
			name:       "domain of mixed scripts, allowed",
			rules:      Rules{},
			username:   "ines",
			attributes: email("ines@pаypal.example"),
		},
		{
			name:       "Korean domain",
			rules:      Rules{RefuseMixedScripts: true},
			username:   "민수",
			attributes: email("minsu@한국.example"),
		},

		{name: "allowed domain", rules: allowed, username: "ines", attributes: email("Ines@EXAMPLE.com")},
		{name: "allowed subdomain", rules: allowed, username: "ines", attributes: email("ines@mail.example.org")},
		{
			name:       "other domain",
			rules:      allowed,
			username:   "ines",
			attributes: email("ines@example.net"),
			self:       "DomainNotAllowed",
			admin:      "DomainNotAllowed",
			federated:  "DomainNotAllowed",
		},
		{
			name:       "allowed domain before the last @",
			rules:      allowed,
			username:   "ines",
			attributes: email(`"x@example.com"@evil.example`),
			self:       "EmailSyntax",
			admin:      "EmailSyntax",
			federated:  "EmailSyntax",
		},
		{
			name:      "no e-mail where domains are listed",
			rules:     allowed,
			username:  "ines",
			self:      "EmailRequired",
			admin:     "EmailRequired",
			federated: "EmailRequired",
		},
		{
			name:       "empty e-mail where domains are listed",
			rules:      allowed,
			username:   "ines",
			attributes: email(""),
			self:       "EmailRequired",
			admin:      "EmailRequired",
			federated:  "EmailRequired",
		},
		{
			name:       "the provider sent no e-mail",
			rules:      allowed,
			username:   "ines",
			attributes: email("cognito:default_val"),
			self:       "EmailRequired",
			admin:      "EmailRequired",
			federated:  "EmailRequired",
		},
		{
			name:       "the provider sent no e-mail, no list",
			rules:      Rules{},
			username:   "ines",
			attributes: email("cognito:default_val"),
		},

		{
			name:       "denied domain",
			rules:      denied,
			username:   "ines",
			attributes: email("ines@evil.example"),
			self:       "DomainDenied",
			admin:      "DomainDenied",
			federated:  "DomainDenied",
		},
		{
			name:       "denied subdomain",
			rules:      denied,
			username:   "ines",
			attributes: email("ines@a.b.EVIL.example"),
			self:       "DomainDenied",
			admin:      "DomainDenied",
			federated:  "DomainDenied",
		},
		{name: "no e-mail where domains are denied", rules: denied, username: "ines"},
		{
			name:       "denied wins",
			rules:      Rules{Allowed: domains(t, "example.com"), Denied: domains(t, "example.com")},
			username:   "ines",
			attributes: email("ines@example.com"),
			self:       "DomainDenied",
			admin:      "DomainDenied",
			federated:  "DomainDenied",
		},

		{
			name:       "disposable",
			rules:      Rules{RefuseDisposable: true},
			username:   "ines",
			attributes: email("ines@mailinator.com"),
			self:       "DomainDisposable",
			federated:  "DomainDisposable",
		},
		{
			name:       "below a disposable domain",
			rules:      Rules{RefuseDisposable: true},
			username:   "ines",
			attributes: email("ines@a.b.Mailinator.com"),
			self:       "DomainDisposable",
			federated:  "DomainDisposable",
		},
		{name: "disposable, allowed", rules: Rules{}, username: "ines", attributes: email("ines@mailinator.com")},
		{
			name:       "disposable, but named as allowed",
			rules:      Rules{RefuseDisposable: true, Allowed: domains(t, "mailinator.com")},
			username:   "ines",
			attributes: email("ines@mailinator.com"),
		},
		{
			name:       "disposable, but excepted",
			rules:      Rules{RefuseDisposable: true, NotDisposable: domains(t, "mailinator.com")},
			username:   "ines",
			attributes: email("ines@mailinator.com"),
		},
		{
			name:       "excepted and denied",
			rules:      Rules{NotDisposable: domains(t, "mailinator.com"), Denied: domains(t, "mailinator.com")},
			username:   "ines",
			attributes: email("ines@mailinator.com"),
			self:       "DomainDenied",
			admin:      "DomainDenied",
			federated:  "DomainDenied",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for source, want := range map[Source]string{SelfSignUp: c.self, AdminCreated: c.admin, Federated: c.federated} {
				refusal, refused := c.rules.Refuse(Applicant{Source: source, Username: c.username, Attributes: c.attributes})
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
		inviteOnly, protectedAttribute, badUsername, badEmail, mixedScripts, emailRequired, domainDenied, domainNotAllowed,
		domainDisposable,
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
			a := Applicant{Source: source, Username: username, Attributes: map[string]string{attribute: value, "email": address}}
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

// A preferred user name, which may be an alias to sign in with, is checked like the user name.
func TestPreferredUsername(t *testing.T) {
	for name, c := range map[string]struct {
		preferred string
		refused   bool
	}{
		"none": {}, "plain": {preferred: "ines"}, "with a space": {preferred: "Ines M"},
		"full-width": {preferred: "\uff41dmin", refused: true}, "invisible": {preferred: "admin\u200b", refused: true},
		"mixed scripts": {preferred: "аdmin", refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			rules := Rules{RefuseMixedScripts: true}
			applicant := Applicant{Source: SelfSignUp, Username: "u", Attributes: map[string]string{
				"email": "ines@example.org", "preferred_username": c.preferred,
			}}
			if got, refused := rules.Refuse(applicant); refused != c.refused || refused && got != badUsername {
				t.Errorf("%q: refused %v by %s", c.preferred, refused, got.Rule)
			}
		})
	}
}
