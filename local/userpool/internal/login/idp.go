package login

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/federation"
	"cognito-triggers/local/userpool/internal/loginpages"
	"cognito-triggers/local/userpool/internal/oauth"
	"cognito-triggers/local/userpool/state"
)

// Federation signs people in at identity providers.
type Federation interface {
	Find(b directory.Bearer, name, identifier string) (provider string, ok bool)
	Begin(ctx context.Context, pool state.Pool, provider string, back federation.Back) (federation.Begun, error)
	Finish(
		ctx context.Context, b directory.Bearer, begun federation.Begun, answer federation.Answer,
	) (federation.Entered, error)
	Unasked(b directory.Bearer, domain, provider string) (begun federation.Begun, ok bool)
	SignOut(
		ctx context.Context, pool state.Pool, provider string, who federation.Subject, back federation.Back,
	) (federation.Begun, error)
	SignedOut(ctx context.Context, pool state.Pool, begun federation.Begun, answer *http.Request) error
}

// awayLifetime is how long a person may be away at an identity provider.
const awayLifetime = 5 * time.Minute

// away is a browser that has been sent to an identity provider on behalf of an app.
type away struct {
	pool, client string
	query        string // the app's request
	cookie       string // that the browser must have when it comes back
	begun        federation.Begun
	signedOut    string // logout_uri, if the browser was sent to sign out
}

// providerOf returns the identity provider that an app's request names, or "" if it names none, or the pool itself. ok
// is false if the app client does not have it.
func (d domain) providerOf(b directory.Bearer, q *oauth.Request) (name string, ok bool) {
	if q.Provider == ownProvider || q.Provider == "" && q.Identifier == "" {
		return "", true
	}
	return d.federation.Find(b, q.Provider, q.Identifier)
}

// awayCookie is the cookie of one way to an identity provider. Each has its own: tabs do not disturb each other.
func awayCookie(handle string) string { return "csrf-state-" + handle[:8] }

// sendAway sends the browser to an identity provider. The state that the provider returns says nothing by itself: the
// app's request waits here, for this browser alone, and for this provider's answer.
func (d domain) sendAway(
	w http.ResponseWriter, r *http.Request, b directory.Bearer, q *oauth.Request, provider string,
) {
	handle := newSecret()
	begun, err := d.federation.Begin(r.Context(), b.Pool, provider, federation.Back{
		Domain: d.URL, State: handle, Secret: newSecret(),
		LoginHint: q.LoginHint, Prompt: r.URL.Query().Get("prompt"),
	})
	if err != nil {
		d.refuse(w, r, q, refused(err))
		return
	}
	d.send(w, r, handle, away{client: b.Client.ID, query: r.URL.RawQuery, begun: begun})
}

// send sends the browser away, and waits for it to come back.
func (d domain) send(w http.ResponseWriter, r *http.Request, handle string, a away) {
	a.pool, a.cookie = d.pool, newSecret()
	d.aways.Put(handle, a, awayLifetime)
	loginpages.SetCookie(w, r, awayCookie(handle), a.cookie, int(awayLifetime.Seconds()))
	redirect(w, r, a.begun.To)
}

// refused returns the app's error for one of federation.
func refused(err error) *oauth.Error {
	e := &oauth.Error{Code: oauth.InvalidRequest, ToCallback: true, Description: textOf(err)}
	var refusal *federation.Refusal
	if errors.As(err, &refusal) {
		e.Description = refusal.Text
		if refusal.Server {
			e.Code = oauth.ServerError
		}
	}
	return e
}

// returned takes the browser's way back by its state, once. ok is false if it is not this browser's, this domain's, or
// if it is used or too old.
func (d domain) returned(w http.ResponseWriter, r *http.Request, handle string, signedOut bool) (a away, ok bool) {
	if len(handle) != loginpages.SecretLength {
		return a, false
	}
	cookie, err := r.Cookie(awayCookie(handle))
	if err != nil {
		return a, false // without taking it: whoever only knows the state spoils nothing
	}
	waiting, known := d.aways.Get(handle)
	if !known || waiting.pool != d.pool || (waiting.signedOut != "") != signedOut ||
		subtle.ConstantTimeCompare([]byte(waiting.cookie), []byte(cookie.Value)) != 1 {
		return a, false
	}
	if a, ok = d.aways.Take(handle); !ok {
		return a, false // another request was faster
	}
	loginpages.SetCookie(w, r, awayCookie(handle), "", -1)
	return a, true
}

// invalidState is the text of the page for an answer that nobody waits for.
const invalidState = "Invalid State"

// invalid shows the page for an answer of a provider that cannot be taken.
func (d domain) invalid(w http.ResponseWriter, r *http.Request, text string) {
	d.show(w, r, http.StatusBadRequest, page{Title: failed, Problem: text})
}

// oauthAnswer takes the answer of a provider that speaks OpenID Connect or OAuth 2.0.
func (d domain) oauthAnswer(w http.ResponseWriter, r *http.Request) {
	values := d.answerOf(w, r)
	if values == nil {
		return
	}
	a, ok := d.returned(w, r, values.Get("state"), false)
	if !ok {
		d.invalid(w, r, invalidState)
		return
	}
	d.comeBack(w, r, a, federation.Answer{
		Code: values.Get("code"), Issuer: values.Get("iss"), Error: values.Get("error"),
		Description: values.Get("error_description"), User: values.Get("user"),
	})
}

// comeBack signs the user in and sends the browser back to the app.
func (d domain) comeBack(w http.ResponseWriter, r *http.Request, a away, answer federation.Answer) {
	app := r.Clone(r.Context()) // the app's request, with today's settings of its client
	app.URL = &url.URL{Path: "/oauth2/authorize", RawQuery: a.query}
	b, q, ok := d.request(w, app)
	if !ok {
		return
	}
	entered, err := d.federation.Finish(r.Context(), b, a.begun, answer)
	if err != nil {
		d.refuse(w, app, q, refused(err))
		return
	}
	if q.Nonce == "" && d.ownNonce {
		q.Nonce = newSecret()
	}
	s := session{
		Pool: d.pool, Sub: entered.User.Sub(), Client: b.Client.ID, AuthTime: d.now(), Provider: a.begun.Provider,
		SAML: entered.SAML, Methods: []string{"fed"},
	}
	d.beginSession(w, r, s)
	d.grant(w, app, b, q, s)
}

// maxAnswer is how long an answer by POST may be, in bytes: AWS takes SAML responses of 100,000 characters, which are
// longer in a form.
const maxAnswer = 320_000

// landed is an answer that a provider's page posted.
type landed struct {
	pool, path string
	form       url.Values
}

const (
	// maxLanded bounds how many answers by POST wait for their GET.
	maxLanded = 100
	// landedLifetime is how long one waits.
	landedLifetime = time.Minute
	// landedParameter names it.
	landedParameter = "answer"
)

// postedAnswer returns the form that a provider's page posted. Browsers send no Lax cookie with a POST from another
// site, which this one is by design. So if the cookie is missing, the answer waits while the browser comes again with a
// GET, which has the cookies of a link; the result is nil then.
func (d domain) postedAnswer(w http.ResponseWriter, r *http.Request) url.Values {
	r.Body = http.MaxBytesReader(w, r.Body, maxAnswer)
	if err := r.ParseForm(); err != nil {
		d.invalid(w, r, invalidState)
		return nil
	}
	handle := r.PostForm.Get("state") + r.PostForm.Get("RelayState") // one of them
	if len(handle) == loginpages.SecretLength {
		if _, err := r.Cookie(awayCookie(handle)); err != nil {
			name := newSecret()
			d.landed.Put(name, landed{d.pool, r.URL.Path, r.PostForm}, landedLifetime)
			http.Redirect(w, r, r.URL.Path+"?"+url.Values{landedParameter: {name}}.Encode(), http.StatusSeeOther)
			return nil
		}
	}
	return r.PostForm
}

// answerOf returns the parameters of an answer: those of a GET, of the POST that waits for it, or of a POST. The result
// is nil if the browser has got its answer.
func (d domain) answerOf(w http.ResponseWriter, r *http.Request) url.Values {
	if r.Method == http.MethodPost {
		return d.postedAnswer(w, r)
	}
	query := r.URL.Query()
	if name := query.Get(landedParameter); name != "" {
		if waiting, ok := d.landed.Take(name); ok && waiting.pool == d.pool && waiting.path == r.URL.Path {
			return waiting.form
		}
		return url.Values{}
	}
	return query
}

func (d domain) addProviders(mux *http.ServeMux) {
	mux.HandleFunc("GET "+federation.OAuthPath, d.oauthAnswer)
	mux.HandleFunc("POST "+federation.OAuthPath, d.oauthAnswer)
	mux.HandleFunc("GET "+federation.SAMLPath, d.samlAnswer)
	mux.HandleFunc("POST "+federation.SAMLPath, d.samlAnswer)
	mux.HandleFunc("GET "+federation.SAMLLogoutPath, d.samlSignedOut)
	mux.HandleFunc("POST "+federation.SAMLLogoutPath, d.samlSignedOut)
}
