package inbound

import (
	"reflect"
	"strings"
	"testing"

	"cognito-triggers/shared/events"
)

func TestApply(t *testing.T) {
	t.Parallel()
	type attributes = events.Attributes
	ida := attributes{"sub": "1", "email": "Ida@Acme.Example"}
	with := func(pairs ...string) map[string]string {
		all := map[string]string{"sub": "1", "email": "Ida@Acme.Example"}
		for i := 0; i < len(pairs); i += 2 {
			if all[pairs[i]] = pairs[i+1]; pairs[i+1] == "" {
				delete(all, pairs[i])
			}
		}
		return all
	}
	oidc := func(pairs ...string) events.InboundFederationRequest {
		return events.InboundFederationRequest{
			ProviderName: "Okta", ProviderType: "OIDC",
			Attributes: events.ProviderAttributes{
				TokenResponse: attributes{"access_token": "secret"}, IDToken: with(pairs...), UserInfo: attributes{"sub": "1"},
			},
		}
	}
	const here = `{"domains":"email","allowed":["acme.example"],"text":"Not for you"}`
	for name, c := range map[string]struct {
		rules   string
		request events.InboundFederationRequest
		want    Result
	}{
		"nothing to do": {request: oidc(), want: Result{Attributes: with()}},
		"ID token over user info": {
			request: events.InboundFederationRequest{Attributes: events.ProviderAttributes{
				IDToken: ida, UserInfo: attributes{"email": "old@acme.example", "name": "Ida"},
			}},
			want: Result{Attributes: with("name", "Ida")},
		},
		"SAML": {
			request: events.InboundFederationRequest{Attributes: events.ProviderAttributes{SAMLResponse: ida}},
			want:    Result{Attributes: with()},
		},
		"nothing sent": {want: Result{Attributes: map[string]string{}}},
		"rename": {
			rules: `{"rename":"mail","to":"nickname"}`, request: oidc("mail", "x"),
			want: Result{Attributes: with("nickname", "x"), Changed: true},
		},
		"rename what is not there": {
			rules: `{"rename":"mail","to":"email"}`, request: oidc(), want: Result{Attributes: with()},
		},
		"rename over another": {
			rules: `{"rename":"mail","to":"email"}`, request: oidc("mail", "x@y.example"),
			want: Result{Attributes: with("email", "x@y.example"), Changed: true},
		},
		"in the file's order": {
			rules: `{"rename":"mail","to":"email"},{"lowerCase":"email"}`, request: oidc("mail", "X@Y.example"),
			want: Result{Attributes: with("email", "x@y.example"), Changed: true},
		},
		"drop": {rules: `{"drop":"email"}`, request: oidc(), want: Result{Attributes: with("email", ""), Changed: true}},
		"constant": {
			rules:   `{"constant":"a","value":"b"}`,
			request: oidc(),
			want:    Result{Attributes: with("a", "b"), Changed: true},
		},
		"constant over the provider's": {
			rules: `{"constant":"a","value":"b"}`, request: oidc("a", "c"),
			want: Result{Attributes: with("a", "b"), Changed: true},
		},
		"there": {rules: `{"require":"email","text":"No"}`, request: oidc(), want: Result{Attributes: with()}},
		"not there": {
			rules:   `{"require":"x","text":"No"}`,
			request: oidc(),
			want:    Result{Refused: true, Text: "No", Rule: "rules[0]"},
		},
		"blank": {
			rules:   `{"require":"x","text":"No"}`,
			request: oidc("x", " "),
			want:    Result{Refused: true, Text: "No", Rule: "rules[0]"},
		},
		"right domain": {rules: here, request: oidc(), want: Result{Attributes: with()}},
		"wrong domain": {
			rules: here, request: oidc("email", "a@evil-acme.example"),
			want: Result{Refused: true, Text: "Not for you", Rule: "rules[0]"},
		},
		"two addresses": {
			rules: here, request: oidc("email", "a@evil.example,b@acme.example"),
			want: Result{Refused: true, Text: "Not for you", Rule: "rules[0]"},
		},
		"no address": {
			rules:   here,
			request: oidc("email", ""),
			want:    Result{Refused: true, Text: "Not for you", Rule: "rules[0]"},
		},
		"another provider": {
			rules: `{"when":{"providers":["Other"]},"drop":"email"}`, request: oidc(), want: Result{Attributes: with()},
		},
		"this provider": {
			rules: `{"when":{"providers":["Okta"],"types":["OIDC"]},"drop":"email"}`, request: oidc(),
			want: Result{Attributes: with("email", ""), Changed: true},
		},
		"another type": {
			rules: `{"when":{"providers":["Okta"],"types":["SAML"]},"drop":"email"}`, request: oidc(),
			want: Result{Attributes: with()},
		},
		"groups that nobody named": {
			request: oidc("groups", "Admins", "custom:Role", "admin", "email_verified", "true"),
			want: Result{
				Attributes: with("email_verified", "true"), Changed: true, Dropped: []string{"custom:Role", "groups"},
			},
		},
		"groups that a rule names": {
			rules: `{"keep":"groups"}`, request: oidc("groups", "Admins"), want: Result{Attributes: with("groups", "Admins")},
		},
		"groups of another provider": {
			rules: `{"when":{"providers":["Other"]},"keep":"groups"}`, request: oidc("groups", "Admins"),
			want: Result{Attributes: with(), Changed: true, Dropped: []string{"groups"}},
		},
		"groups under another name": {
			rules: `{"rename":"groups","to":"custom:idp_groups","authority":true}`, request: oidc("groups", "Admins"),
			want: Result{Attributes: with("custom:idp_groups", "Admins"), Changed: true},
		},
		"provider sends the new name itself": {
			rules:   `{"rename":"groups","to":"custom:idp_groups","authority":true}`,
			request: oidc("custom:idp_groups", "Admins"),
			want:    Result{Attributes: with(), Changed: true, Dropped: []string{"custom:idp_groups"}},
		},
		"everything is dropped": {
			rules: `{"drop":"email"}`,
			request: events.InboundFederationRequest{Attributes: events.ProviderAttributes{SAMLResponse: attributes{"emai" +
				"l": "a"}}},
			want: Result{Attributes: map[string]string{}, Changed: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set, err := Compile([]byte(`{"rules":[` + c.rules + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			if got := set.Apply(c.request); !reflect.DeepEqual(got, c.want) {
				t.Errorf("result %+v\nwant   %+v", got, c.want)
			}
		})
	}
}

func TestLongValues(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 2048)
	entries := strings.Repeat("group,", 400) // 2,400 characters
	list := `["` + strings.TrimSuffix(strings.ReplaceAll(entries, ",", `","`), `,"`) + `]`
	for name, c := range map[string]struct {
		attribute, value, want string
		refused, whole         bool
	}{
		"at the limit": {attribute: "name", value: long, want: long, whole: true},
		"one over":     {attribute: "name", value: long + "x", want: long},
		"address":      {attribute: "email", value: "a@" + long, want: ""},
		"subject":      {attribute: "sub", value: long + "x", refused: true},
		"groups":       {attribute: "groups", value: entries, want: entries[:341*6-1]},
		"groups at an end": {
			attribute: "groups",
			value:     strings.Repeat("a", 2048) + ",b",
			want:      strings.Repeat("a", 2048),
		},
		"one long group":      {attribute: "groups", value: long + "x,b", want: ""},
		"list":                {attribute: "groups", value: list, want: list[:1+255*8-1] + "]"},
		"list that is broken": {attribute: "groups", value: "[" + long, want: ""},
		"list of one":         {attribute: "groups", value: `["` + long + `"]`, want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set, err := Compile([]byte(`{"rules":[{"keep":"groups"}]}`))
			if err != nil {
				t.Fatal(err)
			}
			got := set.Apply(events.InboundFederationRequest{
				Attributes: events.ProviderAttributes{IDToken: events.Attributes{c.attribute: c.value}},
			})
			if got.Refused != c.refused || got.Attributes[c.attribute] != c.want {
				t.Errorf("refused %v, %d characters\n%.60s …, want %d", got.Refused, len([]rune(got.Attributes[c.attribute])),
					got.Attributes[c.attribute], len([]rune(c.want)))
			}
			if cut := len(got.Cut) > 0; !c.refused && cut == c.whole {
				t.Errorf("cut: %v", got.Cut)
			}
		})
	}
}
