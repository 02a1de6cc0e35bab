package userpool

import (
	"slices"

	"cognito-triggers/local/userpool/state"
)

type providerUser struct{ ProviderName, ProviderAttributeName, ProviderAttributeValue string }

type linkInput struct {
	UserPoolId                  string
	DestinationUser, SourceUser providerUser
}

// adminLinkProviderForUser serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html
func adminLinkProviderForUser(c *call, in *linkInput) (any, error) {
	if in.DestinationUser.ProviderName != "Cognito" || in.SourceUser.ProviderName == "" || in.SourceUser.ProviderAttributeValue == "" {
		return nil, invalid("Source and destination need a provider and a value; the destination's provider is Cognito here")
	}
	pool, user, err := c.poolUser(in.UserPoolId, in.DestinationUser.ProviderAttributeValue)
	if err != nil {
		return nil, err
	}
	linked := func(id identity) bool {
		return id.ProviderName == in.SourceUser.ProviderName && id.UserID == in.SourceUser.ProviderAttributeValue
	}
	for _, other := range c.store.Users(pool.ID) {
		if slices.ContainsFunc(identities(other), linked) {
			return nil, invalid("SourceUser is already linked to DestinationUser")
		}
	}
	_, err = c.store.UpdateUser(pool.ID, user.Username, false, func(u *state.User) error {
		list := identities(*u)
		if slices.ContainsFunc(list, linked) {
			return invalid("SourceUser is already linked to DestinationUser")
		}
		if len(list) >= maxIdentities {
			return &apiError{"LimitExceededException", "User has reached the maximum number of linked identities"}
		}
		added := identity{UserID: in.SourceUser.ProviderAttributeValue, ProviderName: in.SourceUser.ProviderName, ProviderType: "OIDC"}
		if !pool.Seeded {
			added.DateCreated = c.options.Now().UnixMilli()
		}
		return setIdentities(u, append(list, added))
	})
	return struct{}{}, gone(err)
}
