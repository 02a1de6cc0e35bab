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

// Values of prompt that Cognito acts on; it passes others to identity providers.
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
	MaxAge       int // seconds; -1 without
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
		Identifier: p.Get("idp_identifier"),
		Prompt:     strings.Fields(p.Get("prompt")), LoginHint: p.Get("login_hint"), Language: p.Get("lang"),
		Resource: p.Get("resource"), MaxAge: -1,
	}
	if !s.AllowedOAuthFlowsUserPoolClient {
		return nil, onPage(InvalidRequest, "Client is not enabled for OAuth2.0 flows")
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
	case given == "" && s.DefaultRedirectURI != "":
		return s.DefaultRedirectURI, nil
	case given == "" && len(s.CallbackURLs) == 1:
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

// check makes the checks whose errors travel to the callback.
func (r *Request) check(s *state.ClientSettings, p url.Values) *Error {
	switch r.ResponseType {
	case ResponseCode:
		if !slices.Contains(s.AllowedOAuthFlows, codeFlow) {
			return toCallback(UnauthorizedClient, "")
		}
	case ResponseToken:
		if !slices.Contains(s.AllowedOAuthFlows, implicitFlow) {
			return toCallback(UnauthorizedClient, "")
		}
	default:
		return toCallback(InvalidRequest, "")
	}
	method := p.Get("code_challenge_method")
	switch {
	case r.Challenge == "" && method == "":
	case method != "S256" || !isChallenge(r.Challenge):
		return toCallback(InvalidRequest, "")
	}
	if text := p.Get("max_age"); text != "" {
		age, err := strconv.Atoi(text)
		if err != nil || age < 0 {
			return toCallback(InvalidRequest, "")
		}
		r.MaxAge = age
	}
	if r.Has(PromptNone) && len(r.Prompt) > 1 {
		return toCallback(InvalidRequest, "")
	}
	return nil
}

// Has reports whether the request's prompt has this value.
func (r *Request) Has(prompt string) bool { return slices.Contains(r.Prompt, prompt) }

// isChallenge reports whether a text can be a code_challenge: the hash of a verifier, as base64url without padding.
func isChallenge(text string) bool {
	return len(text) == 43 && strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}
