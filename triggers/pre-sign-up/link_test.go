package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/trigger"
)

const address = "ines@example.org"

// native returns a user who can be linked; change can make that impossible.
func native(change func(*user)) user {
	u := user{
		Name:       "ines",
		Status:     "CONFIRMED",
		Enabled:    true,
		Attributes: events.Attributes{"email": address, "email_verified": "true"},
	}
	if change != nil {
		change(&u)
	}
	return u
}

func with(name, value string) func(*user) { return func(u *user) { u.Attributes[name] = value } }

func linking(t *testing.T, users *fakePool, userName, attributes string) error {
	t.Helper()
	config := Config{LinkProviders: []string{"Google", "SignInWithApple", "Acme", "Acme-Okta"}}
	return newHandler(config, users)(t.Context(), event(t, cognito.PreSignUpExternalProvider, userName, attributes))
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
		{
			name:  "the list shows the link",
			calls: []string{"ListUsers", "AdminGetUser", "AdminLinkProviderForUser", "ListUsers"},
		},
		{
			name:  "the list lags behind",
			stale: true,
			calls: []string{"ListUsers", "AdminGetUser", "AdminLinkProviderForUser", "ListUsers", "AdminGetUser"},
		},
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

// Two deliveries at the same time: the other one made the link between the look at the user and the call.
func TestDeliveredAtTheSameTime(t *testing.T) {
	users := newFakePool(native(nil))
	users.linkErr = func(id identity, userName string) error {
		users.links[userName] = []identity{id}
		return errConflict
	}
	if err := linking(t, users, "Google_117", verified); err != nil {
		t.Error(err)
	}
}

func TestErrorsOfTheLink(t *testing.T) {
	down := errors.New("connection refused")
	cases := []struct {
		name    string
		linkErr error
		refused signup.Refusal // zero: the error comes through
	}{
		{name: "conflict without a link", linkErr: errConflict, refused: cannotLink},
		{name: "full meanwhile", linkErr: errFull, refused: tooManyIdentities},
		{name: "pool down", linkErr: down, refused: signup.Refusal{}},
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
	t.Run("look at the user down", func(t *testing.T) {
		users := newFakePool(native(nil))
		users.getErr = down
		if err := linking(t, users, "Google_117", verified); !errors.Is(err, down) || len(users.links) > 0 {
			t.Errorf("error %v, links %v", err, users.links)
		}
	})
	t.Run("list down", func(t *testing.T) {
		users := newFakePool(native(nil))
		users.listErr = down
		if err := linking(t, users, "Google_117", verified); !errors.Is(err, down) {
			t.Errorf("error %v: a user who could not be looked up must not become a second account", err)
		}
	})
}

// The list may lag behind: the link goes by the user as of now.
func TestJudgesTheUserAsOfNow(t *testing.T) {
	cases := []struct {
		name    string
		now     func(*user)
		refused signup.Refusal // zero with links 0: an error without a text for the user
		links   int
	}{
		{name: "nothing happened", now: func(*user) {}, refused: signup.Refusal{}, links: 1},
		{name: "disabled meanwhile", now: func(u *user) { u.Enabled = false }, refused: accountDisabled},
		{name: "password reset meanwhile", now: func(u *user) { u.Status = "RESET_REQUIRED" }, refused: accountUnverified},
		{name: "address not verified any more", now: with("email_verified", "false"), refused: accountUnverified},
		{
			name:    "linked to another user of the provider meanwhile",
			now:     with("identities", identitiesOf(identity{Provider: "Google", Subject: "118"})),
			refused: otherIdentity,
		},
		{name: "another address by now", now: with("email", "other@example.org"), refused: signup.Refusal{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			users := newFakePool(native(nil))
			users.now = c.now
			err := linking(t, users, "Google_117", verified)
			if len(users.links["ines"]) != c.links {
				t.Errorf("links %v", users.links)
			}
			if c.links == 0 && c.refused == (signup.Refusal{}) {
				if !errors.Is(err, errOutdated) {
					t.Errorf("error %v: a second account would be made", err)
				}
				return
			}
			checkRefused(t, err, c.refused)
		})
	}
}

// An account may have the address of an IDN in either spelling.
func TestAddressesOfIDNs(t *testing.T) {
	const unicode, ascii = "ines@bücher.example", "ines@xn--bcher-kva.example"
	cases := []struct {
		name, account, event string
		lists                int
	}{
		{name: "Unicode in the pool, A-label from the provider", account: unicode, event: ascii, lists: 2},
		{name: "A-label in the pool, Unicode from the provider", account: ascii, event: unicode, lists: 2},
		{name: "A-label in the pool, Unicode in capitals", account: ascii, event: "Ines@BÜCHER.example", lists: 2},
		{name: "the same spelling", account: unicode, event: unicode, lists: 2},
		{name: "no IDN", account: address, event: address, lists: 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			users := newFakePool(native(with("email", c.account)))
			if err := linking(t, users, "Google_117", `"email":"`+c.event+`","email_verified":"true"`); err != nil {
				t.Fatal(err)
			}
			want := append(slices.Repeat([]string{"ListUsers"}, c.lists), "AdminGetUser", "AdminLinkProviderForUser")
			if !slices.Equal(users.calls, want) || len(users.links["ines"]) != 1 {
				t.Errorf("calls %v, links %v", users.calls, users.links)
			}
		})
	}
	t.Run("a list that shows the account under both spellings", func(t *testing.T) {
		users := newFakePool(native(with("email", unicode)))
		users.anySpelling = true
		if err := linking(t, users, "Google_117", `"email":"`+ascii+`","email_verified":"true"`); err != nil ||
			len(users.links["ines"]) != 1 {
			t.Errorf("error %v, links %v", err, users.links)
		}
	})
	t.Run("an account in each spelling", func(t *testing.T) {
		second := native(with("email", ascii))
		second.Name = "second"
		users := newFakePool(native(with("email", unicode)), second)
		checkRefused(t, linking(t, users, "Google_117", `"email":"`+ascii+`","email_verified":"true"`), severalAccounts)
	})
}

// An event costs a bounded number of calls, and only ones that fire no trigger: a trigger that called, say,
// AdminCreateUser would call itself.
func TestCallsAreBounded(t *testing.T) {
	quiet := []string{"ListUsers", "AdminGetUser", "AdminLinkProviderForUser"}
	fill := func(n int) []user {
		var users []user
		for i := range n {
			u := native(with("email", "other@example.org"))
			u.Name = fmt.Sprintf("other-%d", i)
			users = append(users, u)
		}
		return users
	}
	cases := []struct {
		name  string
		users []user
		page  int
	}{
		{name: "one page", users: []user{native(nil)}},
		{name: "on the second page", users: append(fill(1), native(nil)), page: 1},
		{
			name:  "squatter on the second page",
			users: append([]user{native(nil)}, native(func(u *user) { u.Name = "eve"; u.Status = "UNCONFIRMED" })),
			page:  1,
		},
		{name: "pages without end", users: append(fill(9), native(nil)), page: 1},
	}
	for _, c := range cases {
		for name, linkErr := range map[string]error{"made": nil, "conflict": errConflict} {
			t.Run(c.name+", "+name, func(t *testing.T) {
				users := newFakePool(c.users...)
				users.pageSize = c.page
				users.linkErr = func(identity, string) error { return linkErr }
				err := linking(t, users, "Google_117", verified)
				if len(users.calls) > 5 {
					t.Errorf("%d calls: %v", len(users.calls), users.calls)
				}
				if lists := strings.Count(strings.Join(users.calls, " "), "ListUsers"); lists > 2 {
					t.Errorf("%d lists take the calls that the link needs", lists)
				}
				for _, call := range users.calls {
					if !slices.Contains(quiet, call) {
						t.Errorf("%s fires triggers", call)
					}
				}
				if linkErr == nil && err != nil {
					t.Errorf("error %v", err)
				}
				if linkErr != nil && err == nil && len(users.links) > 0 {
					t.Error("a conflict without a link went on")
				}
			})
		}
	}
}

// Accounts that anybody can make do not keep the owner of the address out, however many they are.
func TestSquattersDoNotKeepTheOwnerOut(t *testing.T) {
	squatters := func(n int, email string) []user {
		var users []user
		for i := range n {
			users = append(users, native(func(u *user) {
				u.Name, u.Status = fmt.Sprintf("eve-%d", i), "UNCONFIRMED"
				u.Attributes["email"], u.Attributes["email_verified"] = email, "false"
			}))
		}
		return users
	}
	const idn, spelled = "ines@bücher.example", "ines@xn--bcher-kva.example"
	for name, c := range map[string]struct {
		users   []user
		email   string
		aliases bool
		links   int
	}{
		"alias": {users: append(squatters(125, address), native(nil)), aliases: true, links: 1},
		"alias of an IDN": {
			users: append(squatters(125, spelled), native(with("email", idn))), email: spelled, aliases: true, links: 1,
		},
		"no aliases, owner is listed": {
			users: append([]user{native(nil)}, squatters(125, address)...), links: 1,
		},
		"no aliases, owner is not reached": {users: append(squatters(125, address), native(nil))},
		"nobody owns the address":          {users: squatters(125, address), aliases: true},
	} {
		t.Run(name, func(t *testing.T) {
			users := newFakePool(c.users...)
			users.pageSize, users.aliases = 60, c.aliases
			email := address
			if c.email != "" {
				email = c.email
			}
			if err := linking(t, users, "Google_117", `"email":"`+email+`","email_verified":"true"`); err != nil {
				t.Errorf("refused: %v", err)
			}
			if len(users.links["ines"]) != c.links || len(users.calls) > maxAdminCalls {
				t.Errorf("%d links, calls %v", len(users.links["ines"]), users.calls)
			}
		})
	}
}

func TestTextsAreShortAndPlain(t *testing.T) {
	for _, r := range []signup.Refusal{
		reservedUsername, noSubject, subjectSpelling, subjectMismatch, emailUnverified, severalAccounts, accountUnverified,
		accountDisabled, otherIdentity, tooManyIdentities, cannotLink,
	} {
		if r.Rule == "" || len(r.Text) == 0 || len(r.Text) > 100 || strings.ContainsAny(r.Text, "\"\r\n") {
			t.Errorf("%s: %q", r.Rule, r.Text)
		}
	}
}
