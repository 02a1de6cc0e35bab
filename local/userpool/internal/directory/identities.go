package directory

import (
	"context"
	"errors"
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// maxIdentities is how many federated identities can be linked to a user.
const maxIdentities = 5

// ProviderUser identifies a user at an identity provider.
type ProviderUser struct{ ProviderName, ProviderAttributeName, ProviderAttributeValue string }

func (p ProviderUser) is(id state.Identity) bool {
	return id.ProviderName == p.ProviderName && id.UserID == p.ProviderAttributeValue
}

// LinkInput is the input of AdminLinkProviderForUser.
type LinkInput struct {
	UserPoolId                  string
	DestinationUser, SourceUser ProviderUser
}

// native is the provider of users who have a password.
const native = "Cognito"

// LinkProvider serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html
func (r *Room) LinkProvider(_ context.Context, in *LinkInput) (*wire.Empty, error) {
	source := in.SourceUser
	switch {
	case source.ProviderName == native:
		return nil, fault.New(fault.SourceIsNative)
	case in.DestinationUser.ProviderName != native || source.ProviderName == "" || source.ProviderAttributeValue == "":
		return nil, fault.New(fault.Invalid,
			"SourceUser and DestinationUser need a provider and a value, and DestinationUser's provider must be Cognito")
	}
	pool, user, err := r.PoolUser(in.UserPoolId, in.DestinationUser.ProviderAttributeValue)
	if err != nil {
		return nil, err
	}
	federated, err := r.store.FindUser(pool.ID,
		FederatedName(pool, source.ProviderName, source.ProviderAttributeValue))
	if err == nil && federated.Status == state.ExternalProvider {
		return nil, fault.New(fault.SourceSignedUp)
	}
	kind := "OIDC"
	if p, err := ProviderOf(pool, source.ProviderName); err == nil && p.Type != "" {
		kind = p.Type
	}
	_, err = r.Change(pool, user.Username, func(u *state.User) error {
		list := u.Identities()
		if slices.ContainsFunc(list, source.is) {
			return fault.New(fault.IdentityLinked)
		}
		if len(list) >= maxIdentities {
			return fault.New(fault.TooManyIdentities)
		}
		return u.SetIdentities(append(list, state.Identity{
			UserID: source.ProviderAttributeValue, ProviderName: source.ProviderName, ProviderType: kind,
			DateCreated: r.now().UnixMilli(),
		}))
	})
	if errors.Is(err, state.ErrIdentityTaken) {
		return nil, fault.New(fault.IdentityLinked)
	}
	return &wire.Empty{}, err
}

// DisableProviderInput is the input of AdminDisableProviderForUser.
type DisableProviderInput struct {
	UserPoolId string `v:"required,max=55"`
	User       ProviderUser
}

// DisableProvider serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
func (r *Room) DisableProvider(_ context.Context, in *DisableProviderInput) (*wire.Empty, error) {
	pool, err := r.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	for _, u := range r.store.Users(pool.ID) {
		if !slices.ContainsFunc(u.Identities(), in.User.is) {
			continue
		}
		_, err := r.Change(pool, u.Username, func(u *state.User) error {
			return u.SetIdentities(slices.DeleteFunc(u.Identities(), in.User.is))
		})
		return &wire.Empty{}, err
	}
	return nil, fault.New(fault.UserNotFound)
}
