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

// ownProvider is the name that identity_provider has for the pool itself.
const ownProvider = "COGNITO"

func (s session) provider() string {
	if s.Provider == "" {
		return ownProvider
	}
	return s.Provider
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
	case d.now().Sub(s.Since) >= validity(b.Client):
		return s, false
	case q.MaxAge == 0 || q.MaxAge > 0 && age > time.Duration(q.MaxAge)*time.Second:
		return s, false
	case (q.Provider != "" || q.Identifier != "") && !d.isOf(b, q, s):
		return s, false
	case len(providers) > 0 && !slices.Contains(providers, s.provider()):
		return s, false
	}
	return s, tokens.LevelOf(s.Methods) >= tokens.Wanted(b.Pool, user, q.Levels)
}

// isOf reports whether a session is of the provider that the request names.
func (d domain) isOf(b directory.Bearer, q *oauth.Request, s session) bool {
	wanted, ok := d.providerOf(b, q)
	return ok && s.Provider == wanted
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

// keptFor returns how long sessions are kept: for the app client of the pool that takes the oldest.
func (d domain) keptFor() time.Duration {
	longest := sessionLifetime
	for _, client := range d.store.Clients(d.pool) {
		longest = max(longest, validity(client))
	}
	return longest
}
