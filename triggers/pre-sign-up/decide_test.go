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
		{"listed, verified as text", "Google_123", `"email":"ines@example.org","email_verified":"true"`, signup.Refusal{}, true},
		{"listed, verified as a bare boolean", "Google_123", `"email":"ines@example.org","email_verified":true`, signup.Refusal{}, true},
		{"listed, capitals", "Google_123", `"email":"ines@example.org","email_verified":"TRUE"`, emailUnverified, false},
		{"listed, number", "Google_123", `"email":"ines@example.org","email_verified":1`, emailUnverified, false},
		{"listed, false", "Google_123", `"email":"ines@example.org","email_verified":false`, emailUnverified, false},
		{"listed, false as text", "Google_123", `"email":"ines@example.org","email_verified":"false"`, emailUnverified, false},
		{"listed, absent", "Google_123", `"email":"ines@example.org"`, emailUnverified, false},
		{"listed, null", "Google_123", `"email":"ines@example.org","email_verified":null`, emailUnverified, false},
		{"listed, null as text", "Google_123", `"email":"ines@example.org","email_verified":"null"`, emailUnverified, false},
		{"listed, default value", "Google_123", `"email":"ines@example.org","email_verified":"cognito:default_val"`, emailUnverified, false},
		{"listed, no e-mail", "Google_123", `"email_verified":"true"`, emailUnverified, false},
		{"listed, default value as e-mail", "Google_123", `"email":"cognito:default_val","email_verified":"true"`, emailUnverified, false},
		{"unlisted, verified", "Facebook_123", verified, signup.Refusal{}, false},
		{"unlisted, unverified", "Facebook_123", `"email":"ines@example.org"`, signup.Refusal{}, false},
		{"unlisted that begins like a listed one", "GoogleCorp_123", verified, signup.Refusal{}, false},
		{"no provider at all", "ines", verified, signup.Refusal{}, false},
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
	identities := func(provider, subject string) string { return identitiesAttribute(identity{provider, subject}) }
	cases := []struct {
		name, userName, attributes string
		refused                    signup.Refusal
		linked                     identity
	}{
		{"social", "Google_117", verified, signup.Refusal{}, identity{"Google", "117"}},
		{"prefix in lower case", "google_117", verified, signup.Refusal{}, identity{"Google", "117"}},
		{"letters in the subject", "SignInWithApple_000.a.1", verified, signup.Refusal{}, identity{"SignInWithApple", "000.a.1"}},
		{"prefix in capitals, figures alone", "SIGNINWITHAPPLE_000.1", verified, signup.Refusal{}, identity{"SignInWithApple", "000.1"}},
		{"prefix in capitals, letters in the subject", "SIGNINWITHAPPLE_000.a.1", verified, subjectSpelling, identity{}},
		{"prefix in lower case, letters in the subject", "acme-okta_00u1xabc", verified, subjectSpelling, identity{}},
		{"prefix in lower case, empty list of identities", "acme_00u1", verified + `,"identities":"[]"`, subjectMismatch, identity{}},
		{"subject with underscores", "Acme_a_b_c", verified, signup.Refusal{}, identity{"Acme", "a_b_c"}},
		{"provider with a hyphen", "Acme-Okta_00u1X9", verified, signup.Refusal{}, identity{"Acme-Okta", "00u1X9"}},
		{"subject that is an address", "Acme_ines@corp.example", verified, signup.Refusal{}, identity{"Acme", "ines@corp.example"}},
		{"identities agree", "Google_117", identities("Google", "117"), signup.Refusal{}, identity{"Google", "117"}},
		{"identities give the spelling", "acme_00u1x9ab", identities("Acme", "00u1X9aB"), signup.Refusal{}, identity{"Acme", "00u1X9aB"}},
		{"subject in other case", "Acme_ABC", identities("Acme", "abc"), subjectMismatch, identity{}},
		{"provider in other case", "Google_117", identities("GOOGLE", "117"), subjectMismatch, identity{}},
		{"provider in the user name's case", "GOOGLE_117", identities("GOOGLE", "117"), subjectMismatch, identity{}},
		{"two subjects, one exact", "Acme_ABC", identitiesAttribute(identity{"Acme", "abc"}, identity{"Acme", "ABC"}), signup.Refusal{}, identity{"Acme", "ABC"}},
		{"two subjects for a folded one", "acme_abc", identitiesAttribute(identity{"Acme", "aBc"}, identity{"Acme", "ABC"}), subjectMismatch, identity{}},
		{"empty", "Google_", verified, noSubject, identity{}},
		{"null", "Google_null", verified, noSubject, identity{}},
		{"null in capitals", "google_NULL", verified, noSubject, identity{}},
		{"undefined", "Google_undefined", verified, noSubject, identity{}},
		{"null in brackets", "Google_(null)", verified, noSubject, identity{}},
		{"nil in Go's brackets", "Google_<nil>", verified, noSubject, identity{}},
		{"nil", "Google_nil", verified, noSubject, identity{}},
		{"Python's None", "Google_None", verified, noSubject, identity{}},
		{"an object's name", "Google_[object", verified, noSubject, identity{}},
		{"an object's whole name", "Google_[object_Object]", verified, noSubject, identity{}},
		{"brackets that hold a subject", "Acme_(1)", verified, signup.Refusal{}, identity{"Acme", "(1)"}},
		{"white space", "Google_ ", verified, noSubject, identity{}},
		{"line break", `Google_1\n2`, verified, noSubject, identity{}},
		{"swapped subject", "Google_117", identities("Google", "118"), subjectMismatch, identity{}},
		{"swapped provider", "Google_117", identities("Acme", "117"), subjectMismatch, identity{}},
		{"identities that are none", "Google_117", verified + `,"identities":"[null]"`, subjectMismatch, identity{}},
		{"identities without subject", "Google_117", verified + `,"identities":"[{\"providerName\":\"Google\",\"userId\":null}]"`, subjectMismatch, identity{}},
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
		if id, listed := identify(providers, "a_c_me_7"); !listed || id != (identity{"A_c_me", "7"}) {
			t.Errorf("%v: %+v", providers, id)
		}
	}
}

func TestWhoIsLinkedTo(t *testing.T) {
	four := []identity{{"Facebook", "1"}, {"LoginWithAmazon", "2"}, {"Acme", "3"}, {"Acme-Okta", "4"}}
	five := append(slices.Clone(four), identity{"SignInWithApple", "5"})
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
		{"nobody: a new user", nil, signup.Refusal{}, false},
		{"another address", []user{native(with("email", "eve@example.org"))}, signup.Refusal{}, false},
		{"confirmed and verified", []user{native(nil)}, signup.Refusal{}, true},
		{"address in other case", []user{native(with("email", "Ines@Example.ORG"))}, signup.Refusal{}, true},
		{"beside a federated user", []user{other("EXTERNAL_PROVIDER", nil), native(nil)}, signup.Refusal{}, true},
		{"only a federated user", []user{other("EXTERNAL_PROVIDER", nil)}, signup.Refusal{}, false},
		{"four identities", []user{native(with("identities", identitiesOf(four...)))}, signup.Refusal{}, true},
		{"linked already", []user{native(with("identities", identitiesOf(identity{"Google", "117"})))}, signup.Refusal{}, false},
		{"linked already as one of five", []user{native(with("identities", identitiesOf(append(slices.Clone(four), identity{"Google", "117"})...)))}, signup.Refusal{}, false},

		{"two accounts", []user{native(nil), other("CONFIRMED", nil)}, severalAccounts, false},
		{"an account and a squatter's", []user{other("UNCONFIRMED", nil), native(nil)}, signup.Refusal{}, true},
		{"an account and one with an unverified address", []user{other("CONFIRMED", with("email_verified", "false")), native(nil)}, signup.Refusal{}, true},
		{"an account and a disabled one", []user{other("CONFIRMED", func(u *user) { u.Enabled = false }), native(nil)}, signup.Refusal{}, true},
		{"a full account and a squatter's", []user{other("UNCONFIRMED", nil), native(with("identities", identitiesOf(five...)))}, tooManyIdentities, false},
		{"two squatters' accounts", []user{other("UNCONFIRMED", nil), native(func(u *user) { u.Status = "UNCONFIRMED" })}, severalAccounts, false},
		{"a provider's name in other case", []user{native(with("identities", identitiesOf(identity{"google", "117"})))}, otherIdentity, false},
		{"squatted: never confirmed", []user{native(func(u *user) { u.Status = "UNCONFIRMED"; u.Attributes["email_verified"] = "false" })}, accountUnverified, false},
		{"unconfirmed with a verified address", []user{native(func(u *user) { u.Status = "UNCONFIRMED" })}, accountUnverified, false},
		{"confirmed without proof", []user{native(with("email_verified", "false"))}, accountUnverified, false},
		{"confirmed, attribute absent", []user{native(func(u *user) { delete(u.Attributes, "email_verified") })}, accountUnverified, false},
		{"verified in capitals", []user{native(with("email_verified", "True"))}, accountUnverified, false},
		{"temporary password", []user{native(func(u *user) { u.Status = "FORCE_CHANGE_PASSWORD" })}, accountUnverified, false},
		{"status unknown", []user{native(func(u *user) { u.Status = "" })}, accountUnverified, false},
		{"disabled", []user{native(func(u *user) { u.Enabled = false })}, accountDisabled, false},
		{"five identities", []user{native(with("identities", identitiesOf(five...)))}, tooManyIdentities, false},
		{"another user of the provider", []user{native(with("identities", identitiesOf(identity{"Google", "118"})))}, otherIdentity, false},
		{"the subject at another provider", []user{native(with("identities", identitiesOf(identity{"Facebook", "117"})))}, signup.Refusal{}, true},
		{"identities that are no list", []user{native(with("identities", "{}"))}, cannotLink, false},
		{"identities read in part", []user{native(with("identities", `[{"providerName":"Facebook"}]`))}, cannotLink, false},
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
