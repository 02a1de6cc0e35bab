package login

import (
	"net/http"
	"net/url"
	"strings"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/oauth"
	"cognito-triggers/local/userpool/internal/tokens"
)

// tokenTypes are the types of tokens in an exchange, by the names that RFC 8693 has for them.
func tokenTypes() map[string]string {
	const urn = "urn:ietf:params:oauth:token-type:"
	return map[string]string{
		urn + "access_token": tokens.AccessTokenType, urn + "id_token": tokens.IDTokenType, urn + "saml2": tokens.SAMLType,
	}
}

// derive exchanges a token for one that another service takes, with the parameters of RFC 8693.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-token-exchange.html
func (d domain) derive(r *http.Request, b directory.Bearer, form url.Values) (*tokenResponse, *oauth.Error) {
	in := &tokens.DerivedInput{
		ClientId: b.Client.ID, SubjectToken: form.Get("subject_token"), ActorToken: form.Get("actor_token"),
		Scopes: strings.Fields(form.Get("scope")), Audiences: strings.Fields(form.Get("audience")),
		Resources: strings.Fields(form.Get("resource")),
	}
	kinds := tokenTypes()
	for name, member := range map[string]*string{
		"subject_token_type": &in.SubjectTokenType, "actor_token_type": &in.ActorTokenType,
		"requested_token_type": &in.RequestedTokenType,
	} {
		given := form.Get(name)
		if *member = kinds[given]; given != "" && *member == "" {
			return nil, &oauth.Error{Code: oauth.InvalidRequest}
		}
	}
	if in.SubjectToken == "" || in.SubjectTokenType == "" || in.ActorToken != "" && in.ActorTokenType == "" {
		return nil, &oauth.Error{Code: oauth.InvalidRequest}
	}
	out, err := d.tokens.DeriveGranted(r.Context(), d.at(r), b, in)
	switch {
	case fault.Is(err, fault.FlowNotEnabled), fault.Is(err, fault.ExchangeOff):
		return nil, &oauth.Error{Code: oauth.UnauthorizedClient}
	case fault.Is(err, fault.ResourceNotFound):
		return nil, &oauth.Error{Code: oauth.InvalidTarget}
	case fault.Is(err, fault.ExchangeTokenInvalid):
		return nil, &oauth.Error{Code: oauth.InvalidRequest}
	case err != nil:
		return nil, &oauth.Error{Code: oauth.InvalidRequest, Description: textOf(err)}
	}
	answer := &tokenResponse{AccessToken: out.IssuedToken, ExpiresIn: out.ExpiresIn, TokenType: out.TokenType,
		Scope: strings.Join(out.Scopes, " ")}
	for name, kind := range kinds {
		if kind == out.IssuedTokenType {
			answer.IssuedTokenType = name
		}
	}
	return answer, nil
}
