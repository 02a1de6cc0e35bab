package directory

import (
	"context"
	"encoding/json"
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// maxIdentities is how many federated identities can be linked to a user.
const maxIdentities = 5

// identity is one entry of the identities attribute.
type identity struct {
	UserID       string  `json:"userId"`
	ProviderName string  `json:"providerName"`
	ProviderType string  `json:"providerType"`
	Issuer       *string `json:"issuer"`
	Primary      bool    `json:"primary"`
	DateCreated  int64   `json:"dateCreated"`
}

func identities(u state.User) []identity {
	var list []identity
	_ = json.Unmarshal([]byte(u.Attributes["identities"]), &list) // stays empty without the attribute
	return list
}

func setIdentities(u *state.User, list []identity) error {
	if len(list) == 0 {
		delete(u.Attributes, "identities")
		return nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		return err
	}
	u.Attributes["identities"] = string(text)
	return nil
}

// ProviderUser identifies a user at an identity provider.
type ProviderUser struct{ ProviderName, ProviderAttributeName, ProviderAttributeValue string }

func (p ProviderUser) is(id identity) bool {
	return id.ProviderName == p.ProviderName && id.UserID == p.ProviderAttributeValue
}

// LinkInput is the input of AdminLinkProviderForUser.
type LinkInput struct {
	UserPoolId                  string
	DestinationUser, SourceUser ProviderUser
}

const alreadyLinked = "SourceUser is already linked to DestinationUser"

// LinkProvider serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html
func (r *Room) LinkProvider(_ context.Context, in *LinkInput) (*wire.Empty, error) {
	source := in.SourceUser
	if in.DestinationUser.ProviderName != "Cognito" || source.ProviderName == "" || source.ProviderAttributeValue == "" {
		return nil, fault.New(fault.Invalid,
			"SourceUser and DestinationUser need a provider and a value, and DestinationUser's provider must be Cognito")
	}
	pool, user, err := r.PoolUser(in.UserPoolId, in.DestinationUser.ProviderAttributeValue)
	if err != nil {
		return nil, err
	}
	for _, other := range r.store.Users(pool.ID) {
		if slices.ContainsFunc(identities(other), source.is) {
			return nil, fault.New(fault.Invalid, alreadyLinked)
		}
	}
	_, err = r.Change(pool, user.Username, func(u *state.User) error {
		list := identities(*u)
		if slices.ContainsFunc(list, source.is) {
			return fault.New(fault.Invalid, alreadyLinked)
		}
		if len(list) >= maxIdentities {
			return fault.New(fault.TooManyIdentities)
		}
		return setIdentities(u, append(list, identity{
			UserID: source.ProviderAttributeValue, ProviderName: source.ProviderName, ProviderType: "OIDC",
			DateCreated: r.now().UnixMilli(),
		}))
	})
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
		if !slices.ContainsFunc(identities(u), in.User.is) {
			continue
		}
		_, err := r.Change(pool, u.Username, func(u *state.User) error {
			return setIdentities(u, slices.DeleteFunc(identities(*u), in.User.is))
		})
		return &wire.Empty{}, err
	}
	return nil, fault.New(fault.UserNotFound)
}
