package login

import (
	"net/http"
	"slices"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/oauth"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/local/userpool/state"
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
	Provider string // at which the user signed in; empty for the pool itself
	AuthTime time.Time
	Methods  []string // with which the user proved who they are, see tokens.LevelOf
}

// ownProvider is the name that identity_provider has for the pool itself.
const ownProvider = "COGNITO"

func (s session) provider() string {
	if s.Provider == "" {
		return ownProvider
	}
	return s.Provider
}

// ticket lets a user in who signed up in this browser, once the account is confirmed.
type ticket struct{ pool, user string }

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

// sessionFor returns the session of a browser if it serves for an app's request: it is not too old, the user may still
// sign in, at the provider that the request names and the app client has, and proved enough.
func (d domain) sessionFor(r *http.Request, b directory.Bearer, q *oauth.Request) (session, bool) {
	s, found := d.sessionOf(r)
	if !found {
		return s, false
	}
	user, err := d.directory.User(b.Pool, s.Sub)
	age, providers := d.now().Sub(s.AuthTime), b.Client.Settings.SupportedIdentityProviders
	switch {
	case err != nil || user.Disabled || user.Status == state.ResetRequired:
		return s, false
	case age >= validity(b.Client):
		return s, false
	case q.MaxAge == 0 || q.MaxAge > 0 && age > time.Duration(q.MaxAge)*time.Second:
		return s, false
	case q.Provider != "" && q.Provider != s.provider():
		return s, false
	case len(providers) > 0 && !slices.Contains(providers, s.provider()):
		return s, false
	}
	return s, tokens.LevelOf(s.Methods) >= tokens.Wanted(b.Pool, user, q.Levels)
}

// validity returns how long a fresh sign-in serves for an app client's requests.
//
// See SSOSession in
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/
func validity(client state.Client) time.Duration {
	if client.SSOMinutes == nil {
		return sessionLifetime
	}
	return time.Duration(*client.SSOMinutes) * time.Minute
}

// beginSession begins a session with a new cookie, so that nobody can fix the cookie beforehand. It is kept for the app
// client of the pool that takes the oldest.
func (d domain) beginSession(w http.ResponseWriter, r *http.Request, s session) {
	if cookie, err := r.Cookie(cookieName(d.pool)); err == nil {
		d.sessions.Take(cookie.Value)
	}
	longest := sessionLifetime
	for _, client := range d.store.Clients(d.pool) {
		longest = max(longest, validity(client))
	}
	value := directory.RandomText(directory.Alphanumeric, secretLength)
	d.sessions.Put(value, s, longest)
	setCookie(w, r, cookieName(d.pool), value, int(longest.Seconds()))
}

// endSession ends the session of a browser.
func (d domain) endSession(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(cookieName(d.pool)); err == nil {
		d.sessions.Take(cookie.Value)
	}
	setCookie(w, r, cookieName(d.pool), "", -1)
}

// secretLength is the length of cookies, tickets and the tokens of forms, in letters and digits.
const secretLength = 43

// setCookie sets a cookie of the domain. Secure is left out without TLS, where Go's and Node's cookie jars would not
// send it.
func setCookie(w http.ResponseWriter, r *http.Request, name, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: r.TLS != nil,
		SameSite: http.SameSiteLaxMode,
	})
}

func contains(list []string, text string) bool { return slices.Contains(list, text) }
