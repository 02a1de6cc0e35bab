package oauth

import (
	"maps"
	"net/url"
	"slices"
)

// Code is an error code of OAuth 2.0, or one of Cognito's own for its error page.
type Code string

// The error codes.
const (
	InvalidRequest       Code = "invalid_request"
	InvalidClient        Code = "invalid_client"
	InvalidGrant         Code = "invalid_grant"
	InvalidScope         Code = "invalid_scope"
	UnauthorizedClient   Code = "unauthorized_client"
	UnsupportedGrantType Code = "unsupported_grant_type"
	UnsupportedTokenType Code = "unsupported_token_type"
	LoginRequired        Code = "login_required"
	InvalidTarget        Code = "invalid_target" // RFC 8693, section 2.2.2
	ServerError          Code = "server_error"
	// RedirectMismatch is the error page's code for a redirect_uri that the app client does not list.
	RedirectMismatch Code = "redirect_mismatch"
)

// Error is an error of an endpoint. Whether it may travel to the app's callback is a property of the error: before the
// callback is known to be the app client's, an error is shown on a page of the domain.
type Error struct {
	Code        Code
	Description string // empty where Cognito sends none
	ToCallback  bool
}

// Error implements error.
func (e *Error) Error() string {
	if e.Description == "" {
		return string(e.Code)
	}
	return string(e.Code) + ": " + e.Description
}

// onPage returns an error that the domain's error page shows.
func onPage(code Code, description string) *Error {
	return &Error{Code: code, Description: description}
}

// toCallback returns an error that the app gets at its callback.
func toCallback(code Code, description string) *Error {
	return &Error{Code: code, Description: description, ToCallback: true}
}

// Callback returns the address to which a browser is sent with the parameters: in the query for a code, in the fragment
// for an implicit grant. Parameters of the callback's own query stay.
func (r *Request) Callback(parameters url.Values) string {
	if r.State != "" {
		parameters.Set("state", r.State)
	}
	to, err := url.Parse(r.RedirectURI)
	if err != nil { // the app client lists it
		return r.RedirectURI
	}
	if r.ResponseType == ResponseToken {
		to.Fragment, to.RawFragment = "", ""
		return to.String() + "#" + parameters.Encode()
	}
	query := to.Query()
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		query[name] = parameters[name]
	}
	to.RawQuery = query.Encode()
	return to.String()
}

// Refused returns the callback's address with an error.
func (r *Request) Refused(e *Error) string {
	parameters := url.Values{"error": {string(e.Code)}}
	if e.Description != "" {
		parameters.Set("error_description", e.Description)
	}
	return r.Callback(parameters)
}
