package control

import (
	"slices"
	"strings"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// wholeClient is an app client as it would be after a request.
type wholeClient struct {
	*state.ClientSettings
	pool      state.Pool
	hasSecret bool
	id        time.Duration // lifetimes of the tokens
	access    time.Duration
	refresh   time.Duration
}

// Values of settings that contradict others.
const (
	clientCredentials = "client_credentials"
	codeFlow          = "code"
	implicitFlow      = "implicit"
	allowRefresh      = "ALLOW_REFRESH_TOKEN_AUTH"
	allowClientToken  = "ALLOW_CLIENT_TOKEN_AUTH" // documented, not in the API's model
	enabled           = "ENABLED"
	disabled          = "DISABLED"
	cognitoProvider   = "COGNITO"
)

// standardScopes are the scopes of every pool. Others belong to resource servers.
var standardScopes = []string{"phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"}

// notByClients are the attributes that only Cognito and administrators write.
var notByClients = []string{"sub", "email_verified", "phone_number_verified"}

// clientRules are those of CreateUserPoolClient and UpdateUserPoolClient. docs/aws-behaviour.md says how each is known.
func clientRules() []rule[wholeClient] {
	return []rule[wholeClient]{
		{broken: func(c wholeClient) bool { return max(c.access, c.id) > c.refresh },
			text: "Access and Id Token expiration times must be less than or equal to refresh token expiration times."},
		{broken: wholeClient.mixesFlowNames,
			text: "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names."},
		{broken: func(c wholeClient) bool {
			return c.RefreshTokenRotation != nil && c.RefreshTokenRotation.Feature == enabled &&
				slices.Contains(c.ExplicitAuthFlows, allowRefresh)
		}, text: "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled"},
		{broken: func(c wholeClient) bool {
			return slices.Contains(c.ExplicitAuthFlows, allowClientToken) && len(c.ExplicitAuthFlows) > 1
		}, text: "ALLOW_CLIENT_TOKEN_AUTH can not be selected along with other ExplicitAuthFlows"},
		{broken: func(c wholeClient) bool {
			return slices.Contains(c.ExplicitAuthFlows, allowClientToken) && !c.hasSecret
		}, text: "ALLOW_CLIENT_TOKEN_AUTH can not be selected if client does not have a client secret."},
		{broken: func(c wholeClient) bool { return c.EnablePropagateAdditionalUserContextData && !c.hasSecret },
			text: "Client Secret is required to set EnablePropagateAdditionalUserContextData as true"},
		{broken: func(c wholeClient) bool { return c.flow(clientCredentials) && !c.hasSecret },
			code: fault.OAuthFlow,
			text: "client_credentials flow can not be selected if client does not have a client secret."},
		{broken: func(c wholeClient) bool { return c.flow(clientCredentials) && c.flow(codeFlow, implicitFlow) },
			code: fault.OAuthFlow,
			text: "client_credentials flow can not be selected along with code flow or implicit flow."},
		{broken: func(c wholeClient) bool {
			return c.AllowedOAuthFlowsUserPoolClient && (len(c.AllowedOAuthFlows) == 0 || len(c.AllowedOAuthScopes) == 0)
		}, text: "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows."},
		{broken: func(c wholeClient) bool {
			return c.AllowedOAuthFlowsUserPoolClient && c.flow(codeFlow, implicitFlow) && len(c.CallbackURLs) == 0
		}, code: fault.OAuthFlow,
			text: "CallbackUrls can not be empty when code flow or implicit flow is selected"},
	}
}

// checkNames checks the names in an app client's settings against what its pool has.
func (c wholeClient) checkNames() error {
	unknown := func(name string) bool { _, known := directory.SchemaOf(c.pool, name); return !known }
	unwritable := func(name string) bool { return unknown(name) || slices.Contains(notByClients, name) }
	switch {
	case slices.ContainsFunc(c.ReadAttributes, unknown):
		return fault.New(fault.Invalid, "Invalid read attributes specified while creating a client")
	case slices.ContainsFunc(c.WriteAttributes, unwritable):
		return fault.New(fault.Invalid, "Invalid write attributes specified while creating a client")
	case c.DefaultRedirectURI != "" && !slices.Contains(c.CallbackURLs, c.DefaultRedirectURI):
		return fault.New(fault.Invalid,
			"The default redirect URI "+c.DefaultRedirectURI+" is not in the callback URIs list.")
	}
	for _, name := range c.SupportedIdentityProviders {
		if _, there := c.pool.Resources[provider().key(name)]; !there && name != cognitoProvider {
			return fault.New(fault.Invalid, "The provider "+name+" does not exist for User Pool "+c.pool.ID+".")
		}
	}
	for _, scope := range c.AllowedOAuthScopes {
		standard := slices.Contains(standardScopes, scope)
		switch {
		case standard && c.flow(clientCredentials):
			return fault.New(fault.OAuthFlow, scope+" is not supported with client_credentials flow")
		case !standard && !slices.Contains(directory.CustomScopes(c.pool), scope):
			return fault.New(fault.ScopeUnknown, scope)
		}
	}
	return nil
}

func (c wholeClient) flow(names ...string) bool {
	return slices.ContainsFunc(c.AllowedOAuthFlows, func(name string) bool { return slices.Contains(names, name) })
}

func (c wholeClient) mixesFlowNames() bool {
	isNew := func(name string) bool { return strings.HasPrefix(name, "ALLOW_") }
	isLegacy := func(name string) bool { return !isNew(name) }
	return slices.ContainsFunc(c.ExplicitAuthFlows, isNew) && slices.ContainsFunc(c.ExplicitAuthFlows, isLegacy)
}
