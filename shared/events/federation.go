package events

// InboundFederationEvent is Cognito's question which attributes of an identity provider's user count. It comes at every
// federated sign-in, before the user's profile is made or updated.
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html
type InboundFederationEvent = Event[InboundFederationRequest, InboundFederationResponse]

// InboundFederationRequest is the provider's user. It holds live tokens of the provider: never log it.
type InboundFederationRequest struct {
	ProviderName string             `json:"providerName"`
	ProviderType string             `json:"providerType"` // SAML, OIDC, Google, Facebook, SignInWithApple, ...
	Attributes   ProviderAttributes `json:"attributes"`
}

// UnmarshalJSON reads every member leniently.
func (r *InboundFederationRequest) UnmarshalJSON(data []byte) error {
	*r = InboundFederationRequest{}
	return readRequest(data, place{"providerName", (*word)(&r.ProviderName)},
		place{"providerType", (*word)(&r.ProviderType)}, place{"attributes", &r.Attributes})
}

// ProviderAttributes are what the provider said: SAMLResponse of a SAML provider, the others of all others. Claims of
// any JSON type are read as text, as they are answered.
type ProviderAttributes struct {
	TokenResponse Attributes `json:"tokenResponse,omitzero"`
	IDToken       Attributes `json:"idToken,omitzero"`
	UserInfo      Attributes `json:"userInfo,omitzero"` // may be empty
	SAMLResponse  Attributes `json:"samlResponse,omitzero"`
}

// UnmarshalJSON reads anything but an object as no attributes.
func (a *ProviderAttributes) UnmarshalJSON(data []byte) error {
	*a = ProviderAttributes{}
	_ = readMembers(data, place{"tokenResponse", &a.TokenResponse}, place{"idToken", &a.IDToken},
		place{"userInfo", &a.UserInfo}, place{"samlResponse", &a.SAMLResponse}) // these never fail
	return nil
}

// InboundFederationResponse is the complete set of attributes to map, by the provider's names: what is left out is
// dropped. An empty set keeps all of them, as no answer does, so dropping everything cannot be said.
type InboundFederationResponse struct {
	UserAttributesToMap map[string]string `json:"userAttributesToMap,omitzero"` // up to 2,048 characters each
}
