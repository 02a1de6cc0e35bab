package devidp

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Name is the provider's name in a pool.
const Name = "Dev"

// Register makes the provider one of a pool's, and offers it at an app client.
func (p *Provider) Register(ctx context.Context, api *cip.Client, pool, client string) error {
	name := Name
	details := map[string]string{
		"client_id": p.o.ClientID, "client_secret": p.o.ClientSecret, "oidc_issuer": p.o.URL,
		"authorize_scopes": "openid email profile", "attributes_request_method": "GET",
	}
	mapping := map[string]string{
		"email": "email", "email_verified": "email_verified", "given_name": "given_name", "family_name": "family_name",
	}
	_, err := api.CreateIdentityProvider(ctx, &cip.CreateIdentityProviderInput{
		UserPoolId: &pool, ProviderName: &name, ProviderType: types.IdentityProviderTypeTypeOidc,
		ProviderDetails: details, AttributeMapping: mapping,
	})
	var there *types.DuplicateProviderException
	if errors.As(err, &there) { // the pool is kept from an earlier run, when the provider had another address
		_, err = api.UpdateIdentityProvider(ctx, &cip.UpdateIdentityProviderInput{
			UserPoolId: &pool, ProviderName: &name, ProviderDetails: details,
		})
	}
	if err != nil {
		return err
	}
	return offer(ctx, api, pool, client)
}

// offer adds the provider to those of an app client. Its other settings must be repeated, or they return to their
// defaults.
func offer(ctx context.Context, api *cip.Client, pool, client string) error {
	found, err := api.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: &pool, ClientId: &client})
	if err != nil {
		return err
	}
	offered := found.UserPoolClient.SupportedIdentityProviders
	if slices.Contains(offered, Name) {
		return nil
	}
	var update cip.UpdateUserPoolClientInput // its members have the names of the description's
	raw, err := json.Marshal(found.UserPoolClient)
	if err == nil {
		err = json.Unmarshal(raw, &update)
	}
	if err != nil {
		return err
	}
	if len(offered) == 0 {
		offered = []string{"COGNITO"}
	}
	update.SupportedIdentityProviders = append(offered, Name)
	_, err = api.UpdateUserPoolClient(ctx, &update)
	return err
}
