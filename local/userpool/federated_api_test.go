package userpool

import (
	"testing"

	"cognito-triggers/local/userpool/state"
)

// A federated user signs in at the identity provider and nowhere else: no code is sent, and there is no password to
// reset or to set. Source: API reference of InitiateAuth; amplify-js 2383 for the forgotten password.
func TestFederatedUsersDoNotSignInByAPI(t *testing.T) {
	t.Parallel()
	const noFactor = "NotAuthorizedException: No first factor is available for the user."
	const cannotReset = "NotAuthorizedException: User password cannot be reset in the current state."
	choose := func(pairs ...string) func(d *direct) object {
		return func(d *direct) object {
			_, out := d.initiates("acme_1", pairs...)
			return out
		}
	}
	calls := func(operation string, body object) func(d *direct) object {
		return func(d *direct) object {
			_, out := d.call(operation, with(object{"Username": "acme_1"}, body))
			return out
		}
	}
	for name, c := range map[string]struct {
		do    func(d *direct) object
		hides bool
		want  string
	}{
		"a code":                 {do: choose("PREFERRED_CHALLENGE", "EMAIL_OTP"), want: noFactor},
		"a choice":               {do: choose(), want: noFactor},
		"a choice, hidden":       {do: choose(), hides: true, want: passwords},
		"a forgotten password":   {do: calls("ForgotPassword", nil), want: cannotReset},
		"a password to be reset": {do: calls("AdminResetUserPassword", nil), want: cannotReset},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			existence := "LEGACY"
			if c.hides {
				existence = "ENABLED"
			}
			d := startDirect(t, choosers("EMAIL_OTP"), choices(existence))
			d.user("acme_1", "email", ines, "email_verified", "true")
			d.federates("acme_1")
			if got := brief(c.do(d)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if sent := d.server.Inbox().Messages(0); len(sent) > 0 {
				t.Errorf("%d messages", len(sent))
			}
		})
	}
}

// federates makes a user one of an identity provider, through the store.
func (d *direct) federates(name string) {
	d.t.Helper()
	if _, err := d.server.Store().UpdateUser(d.pool, name, state.KeepAliases, func(u *state.User) error {
		u.Status, u.Verifier = state.ExternalProvider, nil
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
}

// The token of a federated user sets no first password.
func TestFederatedUsersSetNoPassword(t *testing.T) {
	t.Parallel()
	d := startDirect(t, nil, nil)
	d.user("acme_1", "email", ines)
	token := at(d.signIn("acme_1"), "AuthenticationResult.AccessToken")
	d.federates("acme_1")
	d.fails("ChangePassword", object{"AccessToken": token, "ProposedPassword": newPassword}, "NotAuthorizedException",
		"Incorrect username or password.")
}

// Nor do a custom flow's challenges sign a federated user in.
func TestFederatedUsersAndCustomFlows(t *testing.T) {
	t.Parallel()
	s := &stage{world: start(t, setup{})}
	riddle(s.world)
	confirmedUser(s)
	u, err := s.server.Store().FindUser(*s.pool, ines)
	s.must(err)
	(&direct{t: t, server: s.server, pool: *s.pool}).federates(u.Username)
	wantMessage(t, s.beginWith("CUSTOM_AUTH", map[string]string{"USERNAME": u.Username}), "NotAuthorizedException",
		"Incorrect username or password.")
}
