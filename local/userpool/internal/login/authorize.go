package login

import (
	"net"
	"net/http"
	"net/url"
	"strconv"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/oauth"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/shared/cognito"
)

func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}

// request checks the request to /oauth2/authorize that a page or an endpoint works for. If it is refused, the answer is
// written and ok is false.
func (d domain) request(w http.ResponseWriter, r *http.Request) (b directory.Bearer, q *oauth.Request, ok bool) {
	query := r.URL.Query()
	b, err := d.client(query.Get("client_id"))
	if err != nil {
		d.refuse(w, r, nil, &oauth.Error{Code: oauth.InvalidRequest, Description: "Client does not exist"})
		return b, nil, false
	}
	q, problem := oauth.Parse(b.Client, query)
	if problem != nil {
		d.refuse(w, r, q, problem)
		return b, nil, false
	}
	return b, q, true
}

// refuse tells the app at its callback, or the person on the error page.
func (d domain) refuse(w http.ResponseWriter, r *http.Request, q *oauth.Request, e *oauth.Error) {
	query := r.URL.Query()
	shown := url.Values{
		"error": {string(e.Code)}, "error_description": {e.Description}, "client_id": {query.Get("client_id")},
	}
	if query.Has("lang") {
		shown.Set("lang", query.Get("lang"))
	}
	to := "/error?" + shown.Encode()
	if e.ToCallback && q != nil {
		to = q.Refused(e)
	}
	http.Redirect(w, r, to, http.StatusFound)
}

// authorize serves https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
func (d domain) authorize(w http.ResponseWriter, r *http.Request) {
	b, q, ok := d.request(w, r)
	if !ok {
		return
	}
	session, signedIn := d.sessionOf(r)
	switch {
	case q.Has(oauth.PromptNone) && !signedIn:
		d.refuse(w, r, q, &oauth.Error{Code: oauth.LoginRequired, ToCallback: true})
	case signedIn && !q.Has(oauth.PromptLogin) && !d.tooOld(q, session):
		d.grant(w, r, b, q, session)
	default:
		http.Redirect(w, r, "/login?"+r.URL.RawQuery, http.StatusFound)
	}
}

// tooOld reports whether the app wants a newer sign-in.
func (d domain) tooOld(q *oauth.Request, s session) bool {
	return q.MaxAge >= 0 && d.now().Sub(s.AuthTime).Seconds() > float64(q.MaxAge)
}

// grant sends the browser back to the app: with a code, or with the tokens of an implicit grant.
func (d domain) grant(w http.ResponseWriter, r *http.Request, b directory.Bearer, q *oauth.Request, s session) {
	if q.ResponseType == oauth.ResponseCode {
		code := d.codes.Add(oauth.Grant{
			Request: q, Pool: d.pool, Sub: s.Sub, Source: cognito.TokenGenerationHostedAuth, AuthTime: s.AuthTime,
		})
		http.Redirect(w, r, q.Callback(url.Values{"code": {code}}), http.StatusFound)
		return
	}
	var err error
	if b.User, err = d.directory.User(b.Pool, s.Sub); err != nil || b.User.Disabled {
		d.refuse(w, r, q, &oauth.Error{Code: oauth.ServerError, ToCallback: true})
		return
	}
	issued, err := d.tokens.Grant(r.Context(), d.at(r), b, grantOf(q, s))
	if err != nil {
		d.refuse(w, r, q, &oauth.Error{Code: oauth.InvalidRequest, Description: textOf(err), ToCallback: true})
		return
	}
	values := url.Values{
		"access_token": {issued.AccessToken}, "token_type": {issued.TokenType},
		"expires_in": {strconv.Itoa(issued.ExpiresIn)},
	}
	if issued.IdToken != "" {
		values.Set("id_token", issued.IdToken)
	}
	http.Redirect(w, r, q.Callback(values), http.StatusFound)
}

func grantOf(q *oauth.Request, s session) tokens.Grant {
	return tokens.Grant{
		Source: cognito.TokenGenerationHostedAuth, Scopes: q.Scopes, Nonce: q.Nonce, Resource: q.Resource,
		AuthTime: s.AuthTime,
	}
}

// logout serves https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
func (d domain) logout(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	b, err := d.client(query.Get("client_id"))
	if err != nil {
		d.refuse(w, r, nil, &oauth.Error{Code: oauth.InvalidRequest,
			Description: "Missing required parameter client_id in request URL"})
		return
	}
	switch to := query.Get("logout_uri"); {
	case to != "" && contains(b.Client.Settings.LogoutURLs, to):
		d.endSession(w, r)
		http.Redirect(w, r, to, http.StatusFound)
	case to != "":
		d.refuse(w, r, nil, &oauth.Error{Code: oauth.InvalidRequest, Description: "logout_uri is not allowed"})
	default: // signs out and in again
		if _, _, ok := d.request(w, r); ok {
			d.endSession(w, r)
			http.Redirect(w, r, "/login?"+r.URL.RawQuery, http.StatusFound)
		}
	}
}
