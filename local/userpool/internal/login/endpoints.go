package login

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/oauth"
	"cognito-triggers/local/userpool/internal/signin"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/local/userpool/internal/wire"
)

// tokenResponse is the answer of /oauth2/token.
type tokenResponse struct {
	IDToken      string `json:"id_token,omitempty"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	ExpiresIn    int    `json:"expires_in"`
	TokenType    string `json:"token_type"`

	IssuedTokenType string `json:"issued_token_type,omitempty"` // of a token exchange
	Scope           string `json:"scope,omitempty"`
}

// The values of grant_type.
const (
	grantCode     = "authorization_code"
	grantRefresh  = "refresh_token"
	grantMachine  = "client_credentials"
	grantExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
)

// addEndpoints adds the endpoints that apps call.
func (d domain) addEndpoints(mux *http.ServeMux) {
	for path, e := range map[string]struct {
		method string
		serve  http.HandlerFunc
	}{
		"/oauth2/token":    {http.MethodPost, d.token},
		"/oauth2/userInfo": {http.MethodGet, d.userInfo},
		"/oauth2/revoke":   {http.MethodPost, d.revoke},
		"/oauth2/register": {http.MethodPost, d.register},
	} {
		mux.HandleFunc(e.method+" "+path, e.serve)
		mux.HandleFunc("OPTIONS "+path, preflight(e.method))
	}
}

// preflight answers browsers that ask whether a page of another origin may call an endpoint.
func preflight(method string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		open(w)
		h := w.Header()
		h.Set("Access-Control-Allow-Methods", method+", OPTIONS")
		h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
		h.Set("Access-Control-Max-Age", "7200")
		w.WriteHeader(http.StatusNoContent)
	}
}

// register refuses dynamic client registration by name.
func (d domain) register(w http.ResponseWriter, _ *http.Request) {
	open(w)
	fail(w, http.StatusNotImplemented, &oauth.Error{Code: oauth.InvalidRequest,
		Description: "the local user pool has no dynamic client registration: create app clients by CreateUserPoolClient"})
}

// token serves https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
func (d domain) token(w http.ResponseWriter, r *http.Request) {
	open(w)
	form, problem := formOf(w, r)
	if problem != nil {
		fail(w, http.StatusBadRequest, problem)
		return
	}
	b, secret, problem := d.authenticated(r, form)
	if problem != nil {
		fail(w, http.StatusBadRequest, problem)
		return
	}
	var out *tokenResponse
	switch form.Get("grant_type") {
	case grantCode:
		out, problem = d.exchange(r, b, form)
	case grantRefresh:
		out, problem = d.refresh(r, b, form, secret)
	case grantMachine:
		out, problem = d.machine(r, b, form)
	case grantExchange:
		out, problem = d.derive(r, b, form)
	case "":
		problem = &oauth.Error{Code: oauth.InvalidRequest}
	default:
		problem = &oauth.Error{Code: oauth.UnsupportedGrantType}
	}
	if problem != nil {
		fail(w, http.StatusBadRequest, problem)
		return
	}
	answer(w, http.StatusOK, out)
}

// exchange exchanges a code for tokens. The code is taken first: it cannot be tried twice.
func (d domain) exchange(r *http.Request, b directory.Bearer, form url.Values) (*tokenResponse, *oauth.Error) {
	code, redirect := form.Get("code"), form.Get("redirect_uri")
	if code == "" || redirect == "" {
		return nil, &oauth.Error{Code: oauth.InvalidRequest}
	}
	g, ok := d.codes.Take(code)
	switch {
	case !ok || g.Pool != d.pool || g.Request.ClientID != b.Client.ID:
		return nil, &oauth.Error{Code: oauth.InvalidGrant}
	case redirect != g.Request.RedirectURI || !oauth.Allows(b.Client, "code"):
		return nil, &oauth.Error{Code: oauth.UnauthorizedClient}
	case !g.Request.Proves(form.Get("code_verifier")) || tokens.Unreadable(b.Client, g.Request.Scopes):
		return nil, &oauth.Error{Code: oauth.InvalidGrant}
	}
	var err error
	if b.User, err = d.directory.User(b.Pool, g.Sub); err != nil || b.User.Disabled {
		return nil, &oauth.Error{Code: oauth.InvalidGrant}
	}
	issued, err := d.tokens.Grant(r.Context(), d.at(r), b, tokens.Grant{
		Source: g.Source, Scopes: g.Request.Scopes, Nonce: g.Request.Nonce, Resource: g.Request.Resource,
		AuthTime: g.AuthTime, Methods: g.Methods,
	})
	if err != nil {
		return nil, &oauth.Error{Code: oauth.InvalidRequest, Description: textOf(err)}
	}
	return responseOf(issued), nil
}

func responseOf(issued *tokens.Issued) *tokenResponse {
	return &tokenResponse{
		IDToken: issued.IdToken, AccessToken: issued.AccessToken, RefreshToken: issued.RefreshToken,
		ExpiresIn: issued.ExpiresIn, TokenType: issued.TokenType,
	}
}

// refresh exchanges a refresh token for new tokens.
func (d domain) refresh(
	r *http.Request, b directory.Bearer, form url.Values, secret string,
) (*tokenResponse, *oauth.Error) {
	if form.Get("refresh_token") == "" {
		return nil, &oauth.Error{Code: oauth.InvalidRequest}
	}
	out, err := d.signIns.Refresh(r.Context(), d.at(r), &signin.RefreshInput{
		RefreshToken: form.Get("refresh_token"), ClientId: b.Client.ID, ClientSecret: secret,
	})
	if err != nil {
		return nil, &oauth.Error{Code: oauth.InvalidGrant}
	}
	return responseOf(out.AuthenticationResult), nil
}

// machine gives an app client a token of its own.
func (d domain) machine(r *http.Request, b directory.Bearer, form url.Values) (*tokenResponse, *oauth.Error) {
	if !oauth.Allows(b.Client, grantMachine) || !b.Client.Confidential() {
		return nil, &oauth.Error{Code: oauth.UnauthorizedClient}
	}
	var metadata map[string]string
	if text := form.Get("aws_client_metadata"); text != "" && json.Unmarshal([]byte(text), &metadata) != nil {
		return nil, &oauth.Error{Code: oauth.InvalidRequest}
	}
	issued, err := d.tokens.Machine(r.Context(), d.at(r), tokens.Machine{
		Pool: b.Pool, Client: b.Client, Scopes: strings.Fields(form.Get("scope")), Metadata: metadata,
		Granted: true,
	})
	switch {
	case fault.Is(err, fault.ScopeUnknown):
		return nil, &oauth.Error{Code: oauth.InvalidScope}
	case err != nil:
		return nil, &oauth.Error{Code: oauth.InvalidRequest, Description: textOf(err)}
	}
	return &tokenResponse{
		AccessToken: issued.AccessToken, ExpiresIn: issued.ExpiresIn, TokenType: issued.TokenType,
	}, nil
}

// userInfo serves https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
func (d domain) userInfo(w http.ResponseWriter, r *http.Request) {
	open(w)
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if text = strings.TrimSpace(text); !strings.EqualFold(scheme, "Bearer") || text == "" {
		challenge(w, http.StatusBadRequest, oauth.InvalidRequest, "Bad OAuth2 request at UserInfo Endpoint")
		return
	}
	b, claims, err := d.tokens.Bearer(d.at(r), text)
	switch {
	case err != nil || b.Pool.ID != d.pool:
		challenge(w, http.StatusUnauthorized, "invalid_token",
			"Access token is expired, disabled, or deleted, or the user has globally signed out.")
	case !contains(claims.Scopes, "openid"):
		challenge(w, http.StatusUnauthorized, "invalid_token", "Access token does not contain openid scope")
	default:
		info := map[string]string{"username": b.User.Username}
		for name, value := range tokens.Granted(directory.ReadableAttributes(b.Client, b.User), claims.Scopes) {
			if !strings.HasPrefix(name, "cognito:") {
				info[name] = value
			}
		}
		answer(w, http.StatusOK, info)
	}
}

// challenge writes an error of userInfo. AWS's challenge names no scheme.
func challenge(w http.ResponseWriter, status int, code oauth.Code, description string) {
	w.Header().Set("WWW-Authenticate", `error="`+string(code)+`", error_description="`+description+`"`)
	fail(w, status, &oauth.Error{Code: code, Description: description})
}

// revoke serves https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
func (d domain) revoke(w http.ResponseWriter, r *http.Request) {
	open(w)
	form, problem := formOf(w, r)
	if problem == nil && form.Get("token") == "" {
		problem = &oauth.Error{Code: oauth.InvalidRequest}
	}
	if problem != nil {
		fail(w, http.StatusBadRequest, problem)
		return
	}
	b, secret, problem := d.authenticated(r, form)
	if problem != nil {
		fail(w, http.StatusUnauthorized, problem)
		return
	}
	_, err := d.tokens.RevokeToken(r.Context(), &tokens.RevokeInput{
		Token: form.Get("token"), ClientId: b.Client.ID, ClientSecret: secret,
	})
	switch {
	case fault.Is(err, fault.TokenTypeUnsupported):
		fail(w, http.StatusBadRequest, &oauth.Error{Code: oauth.UnsupportedTokenType})
	case err != nil:
		fail(w, http.StatusBadRequest, &oauth.Error{Code: oauth.InvalidRequest})
	default:
		w.WriteHeader(http.StatusOK)
	}
}

// open lets pages of every origin read the answer, as AWS does.
func open(w http.ResponseWriter) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate, x-amz-cognito-request-id")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache") // RFC 6749, section 5.1
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("X-Amz-Cognito-Request-Id", uuid.NewString())
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only if the client is gone
}

func fail(w http.ResponseWriter, status int, e *oauth.Error) {
	body := map[string]string{"error": string(e.Code)}
	if e.Description != "" {
		body["error_description"] = e.Description
	}
	answer(w, status, body)
}

// textOf returns the text of an error as a client of the API reads it.
func textOf(err error) string { return wire.ExceptionOf("", err).Text }
