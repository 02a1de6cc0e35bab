package directory

import (
	"encoding/json"
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// IdentityProvider is the kind of the resources that are identity providers, as AWS's errors write it.
const IdentityProvider = "Identity provider"

// Provider is an identity provider of a pool.
type Provider struct {
	Name        string
	Type        string            // SAML, OIDC, Facebook, Google, SignInWithApple or LoginWithAmazon
	Mapping     map[string]string // the provider's attributes, by the pool's
	Details     map[string]string // as they were given, without what DescribeIdentityProvider adds
	Identifiers []string
}

// ProviderOf returns a pool's identity provider.
func ProviderOf(pool state.Pool, name string) (Provider, error) {
	resource, there := pool.Resources[state.ResourceKey{Kind: IdentityProvider, Name: name}]
	if !there {
		return Provider{}, fault.New(fault.ResourceNotFound, IdentityProvider, name)
	}
	p := Provider{Name: name}
	for member, into := range map[string]any{
		"ProviderType": &p.Type, "AttributeMapping": &p.Mapping, "ProviderDetails": &p.Details,
		"IdpIdentifiers": &p.Identifiers,
	} {
		if raw := resource.Data[member]; raw != nil {
			if err := json.Unmarshal(raw, into); err != nil {
				return p, fault.New(fault.Invalid, member+" of the provider "+name+" has the wrong type")
			}
		}
	}
	return p, nil
}

// FederatedUser finds the user of an identity: the one that it created, or the one that it is linked to. A user who
// merely registered the name is somebody else.
func (r *Room) FederatedUser(pool state.Pool, provider, subject string) (state.User, error) {
	identity := ProviderUser{ProviderName: provider, ProviderAttributeValue: subject}
	own, err := r.store.FindUser(pool.ID, FederatedName(pool, provider, subject))
	if err == nil && slices.ContainsFunc(own.Identities(), identity.is) {
		return own, nil
	}
	for _, u := range r.store.Users(pool.ID) {
		if slices.ContainsFunc(u.Identities(), identity.is) {
			return u, nil
		}
	}
	return state.User{}, fault.New(fault.UserNotFound)
}

// FederatedName returns the user name that Cognito gives to a user of an identity provider. A pool that ignores case
// has it in lower case.
func FederatedName(pool state.Pool, provider, subject string) string {
	return Folded(pool, provider+"_"+subject)
}

// missingValue is what Cognito gives a required attribute that is mapped and that the provider did not send.
const missingValue = "cognito:default_val"

// CheckFederated checks a new federated user's attributes against the pool's schema, and fills in those that the pool
// requires and the provider did not send. One that is not even mapped is an error.
func CheckFederated(pool state.Pool, p Provider, values map[string]string) error {
	if err := CheckNew(pool, Administrator(), values); err != nil {
		return err
	}
	for _, name := range Missing(pool, values) {
		if p.Mapping[name] == "" {
			return schemaError("%s: The attribute %s is required\n", name, name)
		}
		values[name] = missingValue
	}
	return nil
}
