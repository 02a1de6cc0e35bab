package login

import (
	"net/http"
	"slices"
	"time"

	"cognito-triggers/local/userpool/internal/federation"
	"cognito-triggers/local/userpool/internal/loginpages"
)

// sessionLifetime is how long a sign-in on the pages holds for further requests to /oauth2/authorize, unless the app
// client says otherwise. Use does not prolong it.
const sessionLifetime = time.Hour

// maxKept bounds how many sessions, and how many tickets, are kept.
const maxKept = 10_000

// session is a browser that has signed in at a domain.
type session struct {
	Pool     string
	Sub      string // of the user: another user may have the name by now
	Client   string // with which the user signed in
	AuthTime time.Time
	Since    time.Time // when it began: with the sign-in, or later if the user stayed signed in on the classic pages
	Provider string    // at which the user signed in; empty: the pool itself
	Methods  []string  // with which the user proved who they are, see tokens.LevelOf
	SAML     federation.Subject
}

// ticket lets a user in who signed up in this browser, once the account is confirmed. With Query, the user has signed
// in for that request of an app, and the browser still shows a page.
type ticket struct{ Pool, Sub, Query string }

// ticketLifetime is how long a person may take from the sign-up to its confirmation.
const ticketLifetime = 15 * time.Minute

// cookieName is the name of a domain's cookie. AWS calls it cognito; here it names the pool, since browsers share
// cookies between the ports of a host.
func cookieName(pool string) string { return "cognito_" + pool }

// sessionOf returns the session of a browser.
func (d domain) sessionOf(r *http.Request) (session, bool) {
	cookie, err := r.Cookie(cookieName(d.pool))
	if err != nil {
		return session{}, false
	}
	found, ok := d.sessions.Get(cookie.Value)
	return found, ok && found.Pool == d.pool
}

// beginSession begins a session with a new cookie, so that nobody can fix the cookie beforehand. The browser's earlier
// session ends.
func (d domain) beginSession(w http.ResponseWriter, r *http.Request, s session) {
	d.forgetSession(r)
	value, kept := newSecret(), d.keptFor()
	s.Since = d.now()
	d.sessions.Put(value, s, kept)
	loginpages.SetCookie(w, r, cookieName(d.pool), value, int(kept.Seconds()))
}

// endSession ends the session of a browser.
func (d domain) endSession(w http.ResponseWriter, r *http.Request) {
	d.forgetSession(r)
	loginpages.SetCookie(w, r, cookieName(d.pool), "", -1)
}

func (d domain) forgetSession(r *http.Request) {
	if cookie, err := r.Cookie(cookieName(d.pool)); err == nil {
		d.sessions.Take(cookie.Value)
	}
}

func newSecret() string { return loginpages.NewSecret() }

func contains(list []string, text string) bool { return slices.Contains(list, text) }
