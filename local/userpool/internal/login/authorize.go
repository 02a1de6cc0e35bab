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
	query, problem := queryOf(r)
	if problem != nil {
		d.refuse(w, r, nil, problem)
		return b, nil, false
	}
	b, err := d.client(query.Get("client_id"))
	if err != nil {
		d.refuse(w, r, nil, &oauth.Error{Code: oauth.InvalidRequest, Description: "Client does not exist"})
		return b, nil, false
	}
	if d.version(b.Pool) == classicLogin {
		delete(query, "prompt") // which only managed login knows
	}
	q, problem = oauth.Parse(b.Client, query)
	if problem != nil {
		d.refuse(w, r, q, problem)
		return b, nil, false
	}
	return b, q, true
}

// refuse tells the app at its callback, or the person on the error page.
func (d domain) refuse(w http.ResponseWriter, r *http.Request, q *oauth.Request, e *oauth.Error) {
	query := r.URL.Query()
	shown := url.Values{"error": {string(e.Code)}}
	for name, value := range map[string]string{
		"error_description": e.Description, "client_id": query.Get("client_id"), "lang": query.Get("lang"),
	} {
		if value != "" {
			shown.Set(name, value)
		}
	}
	to := "/error?" + shown.Encode()
	if e.ToCallback && q != nil {
		to = q.Refused(e)
	}
	redirect(w, r, to)
}

// authorize serves https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
func (d domain) authorize(w http.ResponseWriter, r *http.Request) {
	b, q, ok := d.request(w, r)
	if !ok {
		return
	}
	session, signedIn := d.sessionFor(r, b, q)
	switch {
	case signedIn && !q.Has(oauth.PromptLogin):
		d.grant(w, r, b, q, session)
	case q.Has(oauth.PromptNone):
		d.refuse(w, r, q, &oauth.Error{Code: oauth.LoginRequired, ToCallback: true})
	default:
		if provider, ok := d.providerOf(b, q); ok && provider != "" {
			d.sendAway(w, r, b, q, provider)
			return
		}
		redirect(w, r, "/login?"+r.URL.RawQuery)
	}
}

// queryOf returns the parameters of a request. A query that cannot be read is refused as a whole, since clients might
// read it otherwise than we do.
func queryOf(r *http.Request) (url.Values, *oauth.Error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, &oauth.Error{Code: oauth.InvalidRequest}
	}
	return query, nil
}

// redirect sends the browser on. The address may have a code or tokens, which no cache keeps, no page shows and no
// other server learns as the address that the browser came from.
func redirect(w http.ResponseWriter, r *http.Request, to string) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h["Content-Type"] = nil // else net/http writes a page with the address
	http.Redirect(w, r, to, http.StatusFound)
}

// grant sends the browser back to the app: with a code, or with the tokens of an implicit grant.
func (d domain) grant(w http.ResponseWriter, r *http.Request, b directory.Bearer, q *oauth.Request, s session) {
	if q.ResponseType == oauth.ResponseCode {
		code := d.codes.Add(oauth.Grant{
			Request: q, Pool: d.pool, Sub: s.Sub, Source: cognito.TokenGenerationHostedAuth, AuthTime: s.AuthTime,
			Methods: s.Methods,
		})
		redirect(w, r, q.Callback(url.Values{"code": {code}}))
		return
	}
	var err error
	if b.User, err = d.directory.User(b.Pool, s.Sub); err != nil || b.User.Disabled {
		d.refuse(w, r, q, &oauth.Error{Code: oauth.ServerError, ToCallback: true})
		return
	}
	if tokens.Unreadable(b.Client, q.Scopes) {
		d.refuse(w, r, q, &oauth.Error{Code: oauth.InvalidGrant, ToCallback: true})
		return
	}
	issued, err := d.tokens.Grant(r.Context(), d.at(r), b, tokens.Grant{
		Source: cognito.TokenGenerationHostedAuth, Scopes: q.Scopes, Nonce: q.Nonce, Resource: q.Resource,
		AuthTime: s.AuthTime, Methods: s.Methods,
	})
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
	redirect(w, r, q.Callback(values))
}

// logout serves https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
func (d domain) logout(w http.ResponseWriter, r *http.Request) {
	query, problem := queryOf(r)
	if problem == nil && (len(query["client_id"]) > 1 || len(query["logout_uri"]) > 1) {
		problem = &oauth.Error{Code: oauth.InvalidRequest}
	}
	if problem != nil {
		d.refuse(w, r, nil, problem)
		return
	}
	b, err := d.client(query.Get("client_id"))
	if err != nil {
		d.refuse(w, r, nil, &oauth.Error{Code: oauth.InvalidRequest, Description: d.lacking(query)})
		return
	}
	switch to := query.Get("logout_uri"); {
	case to != "" && contains(b.Client.Settings.LogoutURLs, to): // all other parameters are dropped
		d.signOut(w, r, b, to)
	case to != "":
		d.refuse(w, r, nil, &oauth.Error{Code: oauth.RedirectMismatch})
	case query.Get("redirect_uri") == "":
		d.refuse(w, r, nil, &oauth.Error{Code: oauth.InvalidRequest, Description: d.lacking(query)})
	default: // signs out and in again
		if _, _, ok := d.request(w, r); ok {
			d.endSession(w, r)
			redirect(w, r, "/login?"+r.URL.RawQuery)
		}
	}
}

// lacking says what a request to sign out lacks, as the pages of the domain's version do.
func (d domain) lacking(query url.Values) string {
	pool, err := d.store.Pool(d.pool)
	switch {
	case err == nil && d.version(pool) == classicLogin:
		return "Required String parameter 'redirect_uri' is not present"
	case query.Get("client_id") == "":
		return "Missing required parameter client_id in request URL"
	case query.Get("redirect_uri") == "" && query.Get("logout_uri") == "":
		return "Missing required parameter redirect_uri in request URL"
	}
	return "Client does not exist"
}
