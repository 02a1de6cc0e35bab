package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/trigger"
)

const address = "ines@example.org"

// native is a user who can be linked; change makes them one who cannot.
func native(change func(*user)) user {
	u := user{"ines", "CONFIRMED", true, events.Attributes{"email": address, "email_verified": "true"}}
	if change != nil {
		change(&u)
	}
	return u
}

func with(name, value string) func(*user) { return func(u *user) { u.Attributes[name] = value } }

func linking(t *testing.T, users *fakePool, userName, attributes string) error {
	t.Helper()
	config := Config{LinkProviders: []string{"Google", "SignInWithApple", "Acme", "Acme-Okta"}}
	return newHandler(config, users)(t.Context(), event(t, events.PreSignUpExternalProvider, userName, attributes))
}

const verified = `"email":"` + address + `","email_verified":"true"`

// checkRefused wants a refusal that the user reads word for word; nil wants none.
func checkRefused(t *testing.T, err error, want signup.Refusal) {
	t.Helper()
	if want == (signup.Refusal{}) {
		if err != nil {
			t.Errorf("refused: %v", err)
		}
		return
	}
	var reject *trigger.RejectError
	if !errors.As(err, &reject) || reject.Error() != want.Text {
		t.Errorf("error %v, want %q", err, want.Text)
	}
}

func TestDeliveredAgain(t *testing.T) {
	conflict := func(identity, string) error { return errConflict }
	cases := []struct {
		name  string
		stale bool
		calls []string
	}{
		{"the list shows the link", false, []string{"ListUsers", "AdminLinkProviderForUser", "ListUsers"}},
		{"the list lags behind", true, []string{"ListUsers", "AdminLinkProviderForUser", "ListUsers", "AdminLinkProviderForUser", "AdminGetUser"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			users := newFakePool(native(nil))
			users.stale = c.stale
			for range 2 {
				if err := linking(t, users, "Google_117", verified); err != nil {
					t.Fatal(err)
				}
				users.linkErr = conflict
			}
			if !slices.Equal(users.calls, c.calls) {
				t.Errorf("calls %v, want %v", users.calls, c.calls)
			}
			if len(users.links["ines"]) != 1 {
				t.Errorf("%d links", len(users.links["ines"]))
			}
		})
	}
}

func TestErrorsOfTheLink(t *testing.T) {
	down := errors.New("connection refused")
	cases := []struct {
		name    string
		linkErr error
		refused signup.Refusal // zero: the error comes through
	}{
		{"conflict without a link", errConflict, cannotLink},
		{"full meanwhile", errFull, tooManyIdentities},
		{"pool down", down, signup.Refusal{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			users := newFakePool(native(nil))
			users.linkErr = func(identity, string) error { return c.linkErr }
			err := linking(t, users, "Google_117", verified)
			if c.refused == (signup.Refusal{}) {
				var reject *trigger.RejectError
				if !errors.Is(err, c.linkErr) || errors.As(err, &reject) {
					t.Errorf("error %v, want %v as it is", err, c.linkErr)
				}
				return
			}
			checkRefused(t, err, c.refused)
		})
	}
	t.Run("list down", func(t *testing.T) {
		users := newFakePool(native(nil))
		users.listErr = down
		if err := linking(t, users, "Google_117", verified); !errors.Is(err, down) {
			t.Errorf("error %v: a user who could not be looked up must not become a second account", err)
		}
	})
}

// An event costs a bounded number of calls, and only ones that fire no trigger: a trigger that called, say,
// AdminCreateUser would call itself.
func TestCallsAreBounded(t *testing.T) {
	quiet := []string{"ListUsers", "AdminGetUser", "AdminLinkProviderForUser"}
	fill := func(n int) []user {
		var users []user
		for range n {
			users = append(users, native(with("email", "other@example.org")))
		}
		return users
	}
	cases := []struct {
		name   string
		users  []user
		page   int
		failed bool // whether the event cannot be decided
	}{
		{"one page", []user{native(nil)}, 0, false},
		{"on the second page", append(fill(1), native(nil)), 1, false},
		{"squatter on the second page", append([]user{native(nil)}, native(func(u *user) { u.Name = "eve"; u.Status = "UNCONFIRMED" })), 1, true},
		{"pages without end", append(fill(9), native(nil)), 1, true},
	}
	for _, c := range cases {
		for name, linkErr := range map[string]error{"made": nil, "conflict": errConflict} {
			t.Run(c.name+", "+name, func(t *testing.T) {
				users := newFakePool(c.users...)
				users.pageSize = c.page
				users.linkErr = func(identity, string) error { return linkErr }
				err := linking(t, users, "Google_117", verified)
				if len(users.calls) > 3 {
					t.Errorf("%d calls: %v", len(users.calls), users.calls)
				}
				if slices.Equal(users.calls, []string{"ListUsers", "ListUsers", "ListUsers"}) {
					t.Error("reading users took the call that the link needs")
				}
				for _, call := range users.calls {
					if !slices.Contains(quiet, call) {
						t.Errorf("%s fires triggers", call)
					}
				}
				if linkErr == nil && (err != nil) != c.failed {
					t.Errorf("error %v", err)
				}
				if linkErr != nil && err == nil {
					t.Error("a conflict without a link went on")
				}
			})
		}
	}
}

func TestTextsAreShortAndPlain(t *testing.T) {
	for _, r := range []signup.Refusal{
		noSubject, subjectMismatch, emailUnverified, severalAccounts, accountUnverified, accountDisabled, otherIdentity, tooManyIdentities, cannotLink,
	} {
		if r.Rule == "" || len(r.Text) == 0 || len(r.Text) > 100 || strings.ContainsAny(r.Text, "\"\r\n") {
			t.Errorf("%s: %q", r.Rule, r.Text)
		}
	}
}
