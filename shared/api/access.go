package api

import (
	"net/http"
	"slices"

	"cognito-triggers/shared/route"
)

// refuse applies a route's rules to the request's token and returns nil if the request may pass. The authorizer has
// checked the token's signature, issuer, audience and times. It does not know token_use and groups, and checks the
// scopes of the route as deployed; so all claims are checked here.
func refuse(rule route.Route, r *Request) *Problem {
	if !rule.Guarded() {
		return nil
	}
	if r.RequestContext.Authorizer == nil || len(r.RequestContext.Authorizer.JWT.Claims) == 0 {
		return unauthorized("Send an access token of the user pool in the Authorization header.", "Bearer")
	}
	claims := r.Claims()
	switch {
	case claims.Sub == "":
		return unauthorized("The token has no user.", `Bearer error="invalid_token"`)
	case claims.TokenUse == IDToken && !rule.IDTokens:
		return unauthorized("This is an ID token. Send the access token.", `Bearer error="invalid_token"`)
	case claims.TokenUse != AccessToken && claims.TokenUse != IDToken:
		return unauthorized("This is not an access token of the user pool.", `Bearer error="invalid_token"`)
	case len(rule.Scopes) > 0 && !haveOneOf(claims.Scopes, rule.Scopes):
		return forbidden("The token lacks the scope that this route requires.", `Bearer error="insufficient_scope"`)
	case len(rule.Groups) > 0 && !haveOneOf(claims.Groups, rule.Groups):
		return forbidden("You are not in a group that may do this.", "")
	}
	return nil
}

func haveOneOf(have, wanted []string) bool {
	return slices.ContainsFunc(wanted, func(name string) bool { return slices.Contains(have, name) })
}

// unauthorized makes a 401. See https://www.rfc-editor.org/rfc/rfc6750#section-3 for the challenges.
func unauthorized(detail, challenge string) *Problem {
	return &Problem{Status: http.StatusUnauthorized, Code: CodeUnauthorized, Detail: detail, challenge: challenge}
}

func forbidden(detail, challenge string) *Problem {
	return &Problem{Status: http.StatusForbidden, Code: CodeForbidden, Detail: detail, challenge: challenge}
}
