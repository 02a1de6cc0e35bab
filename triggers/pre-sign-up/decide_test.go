package main

import (
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/signup"
)

// The matrix of threats: which answers of which provider lead to a link.
func TestLinksOnlyWhatTheProviderVerified(t *testing.T) {
	cases := []struct {
		name, userName, attributes string
		want                       signup.Refusal
		links                      bool
	}{
		{
			name:       "listed, verified as text",
			userName:   "Google_123",
			attributes: `"email":"ines@example.org","email_verified":"true"`,
			want:       signup.Refusal{},
			links:      true,
		},
		{
			name:       "listed, verified as a bare boolean",
			userName:   "Google_123",
			attributes: `"email":"ines@example.org","email_verified":true`,
			want:       signup.Refusal{},
			links:      true,
		},
		{
			name:       "listed, capitals",
			userName:   "Google_123",
			attributes: `"email":"ines@example.org","email_verified":"TRUE"`,
			want:       emailUnverified,
		},
		{
			name:       "listed, number",
			userName:   "Google_123",
			attributes: `"email":"ines@example.org","email_verified":1`,
			want:       emailUnverified,
		},
		{
			name:       "listed, false",
			userName:   "Google_123",
			attributes: `"email":"ines@example.org","email_verified":false`,
			want:       emailUnverified,
		},
		{
			name:       "listed, false as text",
			userName:   "Google_123",
			attributes: `"email":"ines@example.org","email_verified":"false"`,
			want:       emailUnverified,
		},
		{name: "listed, absent", userName: "Google_123", attributes: `"email":"ines@example.org"`, want: emailUnverified},
		{
			name:       "listed, null",
			userName:   "Google_123",
			attributes: `"email":"ines@example.org","email_verified":null`,
			want:       emailUnverified,
		},
		{
			name:       "listed, null as text",
			userName:   "Google_123",
			attributes: `"email":"ines@example.org","email_verified":"null"`,
			want:       emailUnverified,
		},
		{
			name:       "listed, default value",
			userName:   "Google_123",
			attributes: `"email":"ines@example.org","email_verified":"cognito:default_val"`,
			want:       emailUnverified,
		},
		{name: "listed, no e-mail", userName: "Google_123", attributes: `"email_verified":"true"`, want: emailUnverified},
		{
			name:       "listed, default value as e-mail",
			userName:   "Google_123",
			attributes: `"email":"cognito:default_val","email_verified":"true"`,
			want:       emailUnverified,
		},
		{name: "unlisted, verified", userName: "Facebook_123", attributes: verified, want: signup.Refusal{}},
		{
			name:       "unlisted, unverified",
			userName:   "Facebook_123",
			attributes: `"email":"ines@example.org"`,
			want:       signup.Refusal{},
		},
		{
			name:       "unlisted that begins like a listed one",
			userName:   "GoogleCorp_123",
			attributes: verified,
			want:       signup.Refusal{},
		},
		{name: "no provider at all", userName: "ines", attributes: verified, want: signup.Refusal{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			users := newFakePool(native(nil))
			checkRefused(t, linking(t, users, c.userName, c.attributes), c.want)
			if got := len(users.links["ines"]) == 1; got != c.links {
				t.Errorf("linked: %v", got)
			}
			if !c.links && len(users.calls) > 0 {
				t.Errorf("the pool was asked: %v", users.calls)
			}
		})
	}
}

func TestSubjects(t *testing.T) {
	identitiesAttribute := func(ids ...identity) string {
		return verified + `,"identities":"` + strings.ReplaceAll(identitiesOf(ids...), `"`, `\"`) + `"`
	}
	identities := func(provider, subject string) string {
		return identitiesAttribute(identity{Provider: provider, Subject: subject})
	}
	cases := []struct {
		name, userName, attributes string
		refused                    signup.Refusal
		linked                     identity
	}{
		{
			name:       "social",
			userName:   "Google_117",
			attributes: verified,
			refused:    signup.Refusal{},
			linked:     identity{Provider: "Google", Subject: "117"},
		},
		{
			name:       "prefix in lower case",
			userName:   "google_117",
			attributes: verified,
			refused:    signup.Refusal{},
			linked:     identity{Provider: "Google", Subject: "117"},
		},
		{
			name:       "letters in the subject",
			userName:   "SignInWithApple_000.a.1",
			attributes: verified,
			refused:    signup.Refusal{},
			linked:     identity{Provider: "SignInWithApple", Subject: "000.a.1"},
		},
		{
			name:       "prefix in capitals, figures alone",
			userName:   "SIGNINWITHAPPLE_000.1",
			attributes: verified,
			refused:    signup.Refusal{},
			linked:     identity{Provider: "SignInWithApple", Subject: "000.1"},
		},
		{
			name:       "prefix in capitals, letters in the subject",
			userName:   "SIGNINWITHAPPLE_000.a.1",
			attributes: verified,
			refused:    subjectSpelling,
			linked:     identity{},
		},
		{
			name:       "prefix in lower case, letters in the subject",
			userName:   "acme-okta_00u1xabc",
			attributes: verified,
			refused:    subjectSpelling,
			linked:     identity{},
		},
		{
			name:       "prefix in lower case, empty list of identities",
			userName:   "acme_00u1",
			attributes: verified + `,"identities":"[]"`,
			refused:    subjectMismatch,
			linked:     identity{},
		},
		{
			name:       "subject with underscores",
			userName:   "Acme_a_b_c",
			attributes: verified,
			refused:    signup.Refusal{},
			linked:     identity{Provider: "Acme", Subject: "a_b_c"},
		},
		{
			name:       "provider with a hyphen",
			userName:   "Acme-Okta_00u1X9",
			attributes: verified,
			refused:    signup.Refusal{},
			linked:     identity{Provider: "Acme-Okta", Subject: "00u1X9"},
		},
		{
			name:       "subject that is an address",
			userName:   "Acme_ines@corp.example",
			attributes: verified,
			refused:    signup.Refusal{},
			linked:     identity{Provider: "Acme", Subject: "ines@corp.example"},
		},
		{
			name:       "identities agree",
			userName:   "Google_117",
			attributes: identities("Google", "117"),
			refused:    signup.Refusal{},
			linked:     identity{Provider: "Google", Subject: "117"},
		},
		{
			name:       "identities give the spelling",
			userName:   "acme_00u1x9ab",
			attributes: identities("Acme", "00u1X9aB"),
			refused:    signup.Refusal{},
			linked:     identity{Provider: "Acme", Subject: "00u1X9aB"},
		},
		{
			name:       "subject in other case",
			userName:   "Acme_ABC",
			attributes: identities("Acme", "abc"),
			refused:    subjectMismatch,
			linked:     identity{},
		},
		{
			name:       "provider in other case",
			userName:   "Google_117",
			attributes: identities("GOOGLE", "117"),
			refused:    subjectMismatch,
			linked:     identity{},
		},
		{
			name:       "provider in the user name's case",
			userName:   "GOOGLE_117",
			attributes: identities("GOOGLE", "117"),
			refused:    subjectMismatch,
			linked:     identity{},
		},
		{
			name:     "two subjects, one exact",
			userName: "Acme_ABC",
			attributes: identitiesAttribute(identity{Provider: "Acme", Subject: "abc"},
				identity{Provider: "Acme", Subject: "ABC"}),
			refused: signup.Refusal{},
			linked:  identity{Provider: "Acme", Subject: "ABC"},
		},
		{
			name:     "two subjects for a folded one",
			userName: "acme_abc",
			attributes: identitiesAttribute(identity{Provider: "Acme", Subject: "aBc"},
				identity{Provider: "Acme", Subject: "ABC"}),
			refused: subjectMismatch,
			linked:  identity{},
		},
		{name: "empty", userName: "Google_", attributes: verified, refused: noSubject, linked: identity{}},
		{name: "null", userName: "Google_null", attributes: verified, refused: noSubject, linked: identity{}},
		{name: "null in capitals", userName: "google_NULL", attributes: verified, refused: noSubject, linked: identity{}},
		{name: "undefined", userName: "Google_undefined", attributes: verified, refused: noSubject, linked: identity{}},
		{name: "null in brackets", userName: "Google_(null)", attributes: verified, refused: noSubject, linked: identity{}},
		{
			name:       "nil in Go's brackets",
			userName:   "Google_<nil>",
			attributes: verified,
			refused:    noSubject,
			linked:     identity{},
		},
		{name: "nil", userName: "Google_nil", attributes: verified, refused: noSubject, linked: identity{}},
		{name: "Python's None", userName: "Google_None", attributes: verified, refused: noSubject, linked: identity{}},
		{name: "an object's name", userName: "Google_[object", attributes: verified, refused: noSubject, linked: identity{}},
		{
			name:       "an object's whole name",
			userName:   "Google_[object_Object]",
			attributes: verified,
			refused:    noSubject,
			linked:     identity{},
		},
		{
			name:       "brackets that hold a subject",
			userName:   "Acme_(1)",
			attributes: verified,
			refused:    signup.Refusal{},
			linked:     identity{Provider: "Acme", Subject: "(1)"},
		},
		{name: "white space", userName: "Google_ ", attributes: verified, refused: noSubject, linked: identity{}},
		{name: "line break", userName: `Google_1\n2`, attributes: verified, refused: noSubject, linked: identity{}},
		{
			name:       "swapped subject",
			userName:   "Google_117",
			attributes: identities("Google", "118"),
			refused:    subjectMismatch,
			linked:     identity{},
		},
		{
			name:       "swapped provider",
			userName:   "Google_117",
			attributes: identities("Acme", "117"),
			refused:    subjectMismatch,
			linked:     identity{},
		},
		{
			name:       "identities that are none",
			userName:   "Google_117",
			attributes: verified + `,"identities":"[null]"`,
			refused:    subjectMismatch,
			linked:     identity{},
		},
		{
			name:       "identities without subject",
			userName:   "Google_117",
			attributes: verified + `,"identities":"[{\"providerName\":\"Google\",\"userId\":null}]"`,
			refused:    subjectMismatch,
			linked:     identity{},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			users := newFakePool(native(nil))
			checkRefused(t, linking(t, users, c.userName, c.attributes), c.refused)
			var want []identity
			if c.linked != (identity{}) {
				want = []identity{c.linked}
			}
			if got := users.links["ines"]; !slices.Equal(got, want) {
				t.Errorf("linked %v, want %v", got, want)
			}
		})
	}
}

func TestIdentifyTakesTheLongestName(t *testing.T) {
	for _, providers := range [][]string{{"A_c", "A_c_me"}, {"A_c_me", "A_c"}} {
		if id, listed := identify(providers, "a_c_me_7"); !listed || id != (identity{Provider: "A_c_me", Subject: "7"}) {
			t.Errorf("%v: %+v", providers, id)
		}
	}
}

func TestWhoIsLinkedTo(t *testing.T) {
	four := []identity{{
		Provider: "Facebook",
		Subject:  "1",
	}, {
		Provider: "LoginWithAmazon",
		Subject:  "2",
	}, {Provider: "Acme", Subject: "3"}, {Provider: "Acme-Okta", Subject: "4"}}
	five := append(slices.Clone(four), identity{Provider: "SignInWithApple", Subject: "5"})
	other := func(status string, change func(*user)) user {
		u := native(change)
		u.Name, u.Status = "other", status
		return u
	}
	cases := []struct {
		name    string
		users   []user
		refused signup.Refusal
		links   bool
	}{
		{name: "nobody: a new user", refused: signup.Refusal{}},
		{name: "another address", users: []user{native(with("email", "eve@example.org"))}, refused: signup.Refusal{}},
		{name: "confirmed and verified", users: []user{native(nil)}, refused: signup.Refusal{}, links: true},
		{
			name:    "address in other case",
			users:   []user{native(with("email", "Ines@Example.ORG"))},
			refused: signup.Refusal{},
			links:   true,
		},
		{
			name:    "beside a federated user",
			users:   []user{other("EXTERNAL_PROVIDER", nil), native(nil)},
			refused: signup.Refusal{},
			links:   true,
		},
		{name: "only a federated user", users: []user{other("EXTERNAL_PROVIDER", nil)}, refused: signup.Refusal{}},
		{
			name:    "four identities",
			users:   []user{native(with("identities", identitiesOf(four...)))},
			refused: signup.Refusal{},
			links:   true,
		},
		{
			name:    "linked already",
			users:   []user{native(with("identities", identitiesOf(identity{Provider: "Google", Subject: "117"})))},
			refused: signup.Refusal{},
		},
		{
			name: "linked already as one of five",
			users: []user{native(with("identities",
				identitiesOf(append(slices.Clone(four), identity{Provider: "Google", Subject: "117"})...)))},
			refused: signup.Refusal{},
		},

		{name: "two accounts", users: []user{native(nil), other("CONFIRMED", nil)}, refused: severalAccounts},
		{
			name:    "an account and a squatter's",
			users:   []user{other("UNCONFIRMED", nil), native(nil)},
			refused: signup.Refusal{},
			links:   true,
		},
		{
			name:    "an account and one with an unverified address",
			users:   []user{other("CONFIRMED", with("email_verified", "false")), native(nil)},
			refused: signup.Refusal{},
			links:   true,
		},
		{
			name:    "an account and a disabled one",
			users:   []user{other("CONFIRMED", func(u *user) { u.Enabled = false }), native(nil)},
			refused: signup.Refusal{},
			links:   true,
		},
		{
			name:    "a full account and a squatter's",
			users:   []user{other("UNCONFIRMED", nil), native(with("identities", identitiesOf(five...)))},
			refused: tooManyIdentities,
		},
		{
			name:    "two squatters' accounts",
			users:   []user{other("UNCONFIRMED", nil), native(func(u *user) { u.Status = "UNCONFIRMED" })},
			refused: severalAccounts,
		},
		{
			name:    "a provider's name in other case",
			users:   []user{native(with("identities", identitiesOf(identity{Provider: "google", Subject: "117"})))},
			refused: otherIdentity,
		},
		{
			name:    "squatted: never confirmed",
			users:   []user{native(func(u *user) { u.Status = "UNCONFIRMED"; u.Attributes["email_verified"] = "false" })},
			refused: accountUnverified,
		},
		{
			name:    "unconfirmed with a verified address",
			users:   []user{native(func(u *user) { u.Status = "UNCONFIRMED" })},
			refused: accountUnverified,
		},
		{name: "confirmed without proof", users: []user{native(with("email_verified", "false"))}, refused: accountUnverified},
		{
			name:    "confirmed, attribute absent",
			users:   []user{native(func(u *user) { delete(u.Attributes, "email_verified") })},
			refused: accountUnverified,
		},
		{
			name:    "verified in capitals",
			users:   []user{native(with("email_verified", "True"))},
			refused: signup.Refusal{},
			links:   true,
		},
		{name: "not a boolean", users: []user{native(with("email_verified", "yes"))}, refused: accountUnverified},
		{
			name:    "temporary password",
			users:   []user{native(func(u *user) { u.Status = "FORCE_CHANGE_PASSWORD" })},
			refused: accountUnverified,
		},
		{name: "status unknown", users: []user{native(func(u *user) { u.Status = "" })}, refused: accountUnverified},
		{name: "disabled", users: []user{native(func(u *user) { u.Enabled = false })}, refused: accountDisabled},
		{
			name:    "five identities",
			users:   []user{native(with("identities", identitiesOf(five...)))},
			refused: tooManyIdentities,
		},
		{
			name:    "another user of the provider",
			users:   []user{native(with("identities", identitiesOf(identity{Provider: "Google", Subject: "118"})))},
			refused: otherIdentity,
		},
		{
			name:    "the subject at another provider",
			users:   []user{native(with("identities", identitiesOf(identity{Provider: "Facebook", Subject: "117"})))},
			refused: signup.Refusal{},
			links:   true,
		},
		{name: "identities that are no list", users: []user{native(with("identities", "{}"))}, refused: cannotLink},
		{
			name:    "identities read in part",
			users:   []user{native(with("identities", `[{"providerName":"Facebook"}]`))},
			refused: cannotLink,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			users := newFakePool(c.users...)
			checkRefused(t, linking(t, users, "Google_117", verified), c.refused)
			if got := len(users.links["ines"]) == 1; got != c.links {
				t.Errorf("linked: %v", got)
			}
			if len(users.links["other"]) > 0 {
				t.Error("linked to the wrong account")
			}
		})
	}
}
