package events

// InboundFederationEvent asks which of an identity provider's attributes reach the user pool. Cognito sends it at every
// federated sign-in, before it creates or updates the user.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html
type InboundFederationEvent = Event[InboundFederationRequest, InboundFederationResponse]

// InboundFederationRequest describes the user at the identity provider. It holds live tokens: never log it.
type InboundFederationRequest struct {
	ProviderName string             `json:"providerName"`
	ProviderType string             `json:"providerType"` // SAML, OIDC, Google, Facebook, SignInWithApple, ...
	Attributes   ProviderAttributes `json:"attributes"`
}

// UnmarshalJSON decodes leniently, as the package comment describes.
func (r *InboundFederationRequest) UnmarshalJSON(data []byte) error {
	*r = InboundFederationRequest{}
	return readRequest(data, place{"providerName", (*word)(&r.ProviderName)},
		place{"providerType", (*word)(&r.ProviderType)}, place{"attributes", &r.Attributes})
}

// ProviderAttributes holds what the provider sent: SAMLResponse for SAML providers, the other fields for all others.
// Values that are not strings decode as their JSON text.
type ProviderAttributes struct {
	TokenResponse Attributes `json:"tokenResponse,omitzero"`
	IDToken       Attributes `json:"idToken,omitzero"`
	UserInfo      Attributes `json:"userInfo,omitzero"` // may be empty
	SAMLResponse  Attributes `json:"samlResponse,omitzero"`
}

// UnmarshalJSON decodes an object. Anything else decodes as no attributes.
func (a *ProviderAttributes) UnmarshalJSON(data []byte) error {
	*a = ProviderAttributes{}
	_ = readMembers(data, place{"tokenResponse", &a.TokenResponse}, place{"idToken", &a.IDToken},
		place{"userInfo", &a.UserInfo}, place{"samlResponse", &a.SAMLResponse}) // these never fail
	return nil
}

// InboundFederationResponse lists all attributes that reach the pool, by the provider's names: others are dropped. An
// empty map keeps every attribute, so it is not possible to drop them all.
type InboundFederationResponse struct {
	UserAttributesToMap map[string]string `json:"userAttributesToMap,omitzero"` // at most 2,048 characters each
}
