// Package oauth holds the rules of a user pool's authorization server: the requests to /oauth2/authorize, the codes
// that apps exchange for tokens, and the errors of the endpoints. It knows neither pages nor tokens.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
package oauth

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cognito-triggers/local/userpool/state"
)

// Values of response_type.
const (
	ResponseCode  = "code"
	ResponseToken = "token" // the implicit grant
)

// Values of prompt that Cognito acts on; it passes all but none to identity providers, and ignores others.
const (
	PromptNone  = "none"
	PromptLogin = "login"
)

// The names of OAuth 2.0 flows in an app client's settings.
const (
	codeFlow     = "code"
	implicitFlow = "implicit"
)

// Request is a request to /oauth2/authorize that has been checked against the settings of its app client.
type Request struct {
	ClientID     string
	ResponseType string
	RedirectURI  string
	State        string
	Scopes       []string
	Challenge    string // code_challenge of PKCE with S256; empty without PKCE
	Nonce        string
	Provider     string // name of an identity provider, or COGNITO; empty if the user chooses
	Identifier   string // idp_identifier: of an identity provider
	Prompt       []string
	LoginHint    string
	Language     string
	Resource     string
	Levels       []string // acr_values, the most wanted first
	MaxAge       int      // seconds; -1 without
}

// standardScopes are the scopes of OpenID Connect that Cognito knows.
func standardScopes() []string { return []string{"openid", "email", "phone", "profile"} }

// Parse checks a request to /oauth2/authorize of an app client. The request is returned with errors that travel to the
// callback. AWS does not document the order of its checks: here those come first whose errors are shown on a page.
func Parse(client state.Client, p url.Values) (*Request, *Error) {
	s := client.Settings
	r := &Request{
		ClientID: client.ID, ResponseType: p.Get("response_type"), State: p.Get("state"),
		Challenge: p.Get("code_challenge"), Nonce: p.Get("nonce"), Provider: p.Get("identity_provider"),
		Prompt: strings.Fields(p.Get("prompt")), LoginHint: p.Get("login_hint"), Language: p.Get("lang"),
		Resource: p.Get("resource"), Levels: strings.Fields(p.Get("acr_values")), Identifier: p.Get("idp_identifier"),
		MaxAge: -1,
	}
	if !s.AllowedOAuthFlowsUserPoolClient {
		return nil, onPage(InvalidRequest, "Client is not enabled for OAuth2.0 flows")
	}
	if len(p["client_id"]) > 1 || len(p["redirect_uri"]) > 1 {
		return nil, onPage(InvalidRequest, "")
	}
	var problem *Error
	if r.RedirectURI, problem = redirectOf(s, p.Get("redirect_uri")); problem != nil {
		return nil, problem
	}
	if r.Scopes, problem = scopesOf(s, p.Get("scope")); problem != nil {
		return nil, problem
	}
	return r, r.check(s, p)
}

// redirectOf returns the callback: it must be one of the app client's, character by character.
func redirectOf(s *state.ClientSettings, given string) (string, *Error) {
	switch {
	case given == "" && s.DefaultRedirectURI != "" && len(s.SupportedIdentityProviders) <= 1:
		return s.DefaultRedirectURI, nil
	case given == "" && len(s.CallbackURLs) == 1 && len(s.SupportedIdentityProviders) <= 1:
		return s.CallbackURLs[0], nil
	case given == "":
		return "", onPage(InvalidRequest, "redirect_uri is missing")
	case !slices.Contains(s.CallbackURLs, given):
		return "", onPage(RedirectMismatch, "")
	}
	return given, nil
}

// scopesOf returns the scopes of a request: all that the app client allows if it names none.
func scopesOf(s *state.ClientSettings, given string) ([]string, *Error) {
	scopes := strings.Fields(given)
	if len(scopes) == 0 {
		return slices.Clone(s.AllowedOAuthScopes), nil
	}
	for _, scope := range scopes {
		if !slices.Contains(s.AllowedOAuthScopes, scope) {
			return nil, onPage(InvalidScope, "")
		}
	}
	of := func(scope string) bool { return slices.Contains(standardScopes(), scope) && scope != "openid" }
	if slices.ContainsFunc(scopes, of) && !slices.Contains(scopes, "openid") {
		return nil, onPage(InvalidScope, "")
	}
	slices.Sort(scopes)
	return slices.Compact(scopes), nil
}

// single are the parameters of which a second one would leave open what is asked.
func single() []string {
	return []string{"response_type", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "prompt",
		"max_age", "acr_values", "resource", "identity_provider", "idp_identifier"}
}

// check makes the checks whose errors travel to the callback.
func (r *Request) check(s *state.ClientSettings, p url.Values) *Error {
	for _, name := range single() {
		if len(p[name]) > 1 {
			return toCallback(InvalidRequest, "")
		}
	}
	flow := codeFlow
	switch r.ResponseType {
	case ResponseCode:
	case ResponseToken:
		flow = implicitFlow
	default:
		return toCallback(InvalidRequest, "")
	}
	method := p.Get("code_challenge_method")
	switch {
	case (r.Challenge != "" || method != "") && (method != "S256" || !isChallenge(r.Challenge)):
		return toCallback(InvalidRequest, "")
	case !slices.Contains(s.AllowedOAuthFlows, flow):
		return toCallback(UnauthorizedClient, "")
	case r.Resource != "" && !isResource(r.Resource):
		return toCallback(InvalidRequest, "")
	case r.Has(PromptNone) && len(r.Prompt) > 1:
		return toCallback(InvalidRequest, "")
	}
	if text := p.Get("max_age"); text != "" {
		age, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return toCallback(InvalidRequest, "")
		}
		r.MaxAge = int(age)
	}
	return nil
}

// Allows reports whether an app client may use a flow of OAuth 2.0.
func Allows(client state.Client, flow string) bool {
	return client.Settings.AllowedOAuthFlowsUserPoolClient && slices.Contains(client.Settings.AllowedOAuthFlows, flow)
}

// Has reports whether the request's prompt has this value.
func (r *Request) Has(prompt string) bool { return slices.Contains(r.Prompt, prompt) }

// isChallenge reports whether a text can be a code_challenge: the hash of a verifier, as base64url without padding.
func isChallenge(text string) bool {
	return len(text) == 43 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// isResource reports whether a text can name the resource that an access token is for: an absolute URL without
// fragment, with https, with a scheme of an app's own, or with http at localhost.
//
// See https://www.rfc-editor.org/rfc/rfc8707
func isResource(text string) bool {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme == "" || strings.Contains(text, "#") || u.User != nil:
		return false
	case u.Scheme == "https":
		return u.Host != ""
	case u.Scheme == "http":
		return u.Hostname() == "localhost"
	}
	return !slices.Contains([]string{"javascript", "data", "vbscript", "file"}, u.Scheme)
}
