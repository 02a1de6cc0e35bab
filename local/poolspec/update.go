package poolspec

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Update makes an existing pool what the settings say, as Terraform would: the pool's settings, new custom attributes,
// resource servers, app clients, domain and groups. What the settings no longer name stays, since it may have been made
// by hand. It returns an error if an attribute that the pool has was changed: neither AWS nor Terraform can do that to
// a pool that has users.
func (s Spec) Update(ctx context.Context, api *cip.Client, id string, lambdas *types.LambdaConfigType,
	sender *types.EmailConfigurationType) (Pool, error) {
	pool := Pool{ID: id, Clients: map[string]string{}}
	in := s.poolInput(lambdas, sender)
	out, err := api.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &id})
	if err != nil {
		return pool, err
	}
	if !sameSignIn(out.UserPool, in) {
		return pool, fmt.Errorf("%s: sign_in: users of the kept pool sign in another way, which cannot be changed; undo "+
			"that, or forget the pool with `poolctl reset`", s.File)
	}
	if err := s.updatePool(ctx, api, id, in); err != nil {
		return pool, err
	}
	if err := s.extendSchema(ctx, api, out.UserPool, in.Schema); err != nil {
		return pool, err
	}
	if err := s.updateServers(ctx, api, id); err != nil {
		return pool, err
	}
	if err := s.updateClients(ctx, api, pool); err != nil {
		return pool, err
	}
	if err := s.updateDomain(ctx, api, out.UserPool); err != nil {
		return pool, err
	}
	return pool, s.updateGroups(ctx, api, id)
}

func (s Spec) updatePool(ctx context.Context, api *cip.Client, id string, in *cip.CreateUserPoolInput) error {
	_, err := api.UpdateUserPool(ctx, &cip.UpdateUserPoolInput{
		UserPoolId: &id, PoolName: in.PoolName, LambdaConfig: in.LambdaConfig, EmailConfiguration: in.EmailConfiguration,
		UserPoolTier: in.UserPoolTier, Policies: in.Policies, AutoVerifiedAttributes: in.AutoVerifiedAttributes,
		UserAttributeUpdateSettings: in.UserAttributeUpdateSettings, AccountRecoverySetting: in.AccountRecoverySetting,
		IssuerConfiguration: in.IssuerConfiguration, AdminCreateUserConfig: in.AdminCreateUserConfig,
		SmsConfiguration: in.SmsConfiguration, DeviceConfiguration: in.DeviceConfiguration,
		VerificationMessageTemplate: in.VerificationMessageTemplate, SmsAuthenticationMessage: in.SmsAuthenticationMessage,
	})
	if err != nil {
		return fmt.Errorf("%s: update the user pool: %w", s.File, err)
	}
	if _, err := api.SetUserPoolMfaConfig(ctx, s.mfaInput(id)); err != nil {
		return fmt.Errorf("%s: mfa: %w", s.File, err)
	}
	return nil
}

// extendSchema adds custom attributes that the pool does not have.
func (s Spec) extendSchema(ctx context.Context, api *cip.Client, pool *types.UserPoolType,
	want []types.SchemaAttributeType) error {
	there := map[string]types.SchemaAttributeType{}
	for _, attribute := range pool.SchemaAttributes {
		there[aws.ToString(attribute.Name)] = attribute
	}
	var missing []types.SchemaAttributeType
	for _, attribute := range want {
		name := aws.ToString(attribute.Name)
		if standard, there := there[name]; there {
			if !aws.ToBool(standard.Required) {
				return fmt.Errorf("%s: required_attributes: the kept pool does not require %s, which cannot be changed; undo "+
					"that, or forget the pool with `poolctl reset`", s.File, name)
			}
			continue
		}
		old, found := there["custom:"+name]
		switch {
		case !found:
			missing = append(missing, attribute)
		case !sameAttribute(old, attribute):
			return fmt.Errorf("%s: custom_attributes.%s: the kept pool has it with another type, limit or mutability, which "+
				"cannot be changed; undo that, or forget the pool with `poolctl reset`", s.File, name)
		}
	}
	if missing == nil {
		return nil
	}
	if _, err := api.AddCustomAttributes(ctx, &cip.AddCustomAttributesInput{
		UserPoolId: pool.Id, CustomAttributes: missing,
	}); err != nil {
		return fmt.Errorf("%s: custom_attributes: %w", s.File, err)
	}
	return nil
}

// sameSignIn reports whether a pool has what Cognito fixes at its creation.
func sameSignIn(pool *types.UserPoolType, in *cip.CreateUserPoolInput) bool {
	caseSensitive := func(c *types.UsernameConfigurationType) bool { return c == nil || aws.ToBool(c.CaseSensitive) }
	return same(pool.UsernameAttributes, in.UsernameAttributes) && same(pool.AliasAttributes, in.AliasAttributes) &&
		caseSensitive(pool.UsernameConfiguration) == caseSensitive(in.UsernameConfiguration)
}

// same reports whether two lists hold the same in any order.
func same[T ~string](a, b []T) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func sameAttribute(a, b types.SchemaAttributeType) bool {
	limits := func(s types.SchemaAttributeType) [4]string {
		var all [4]string
		if c := s.StringAttributeConstraints; c != nil {
			all[0], all[1] = aws.ToString(c.MinLength), aws.ToString(c.MaxLength)
		}
		if c := s.NumberAttributeConstraints; c != nil {
			all[2], all[3] = aws.ToString(c.MinValue), aws.ToString(c.MaxValue)
		}
		return all
	}
	return a.AttributeDataType == b.AttributeDataType && aws.ToBool(a.Mutable) == aws.ToBool(b.Mutable) &&
		limits(a) == limits(b)
}

func (s Spec) updateServers(ctx context.Context, api *cip.Client, id string) error {
	for _, identifier := range slices.Sorted(maps.Keys(s.ResourceServers)) {
		in := s.ResourceServers[identifier].input(id, identifier)
		_, err := api.UpdateResourceServer(ctx, &cip.UpdateResourceServerInput{
			UserPoolId: &id, Identifier: in.Identifier, Name: in.Name, Scopes: in.Scopes,
		})
		if isMissing(err) {
			_, err = api.CreateResourceServer(ctx, in)
		}
		if err != nil {
			return fmt.Errorf("%s: resource_servers.%s: %w", s.File, identifier, err)
		}
	}
	return nil
}

// updateClients fills pool.Clients. A client that is to have a secret, or is not to have one any more, is replaced, as
// Terraform does it.
func (s Spec) updateClients(ctx context.Context, api *cip.Client, pool Pool) error {
	there, err := clientsOf(ctx, api, pool.ID)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s.AppClients)) {
		id, err := s.updateClient(ctx, api, pool.ID, name, there[name])
		if err != nil {
			return fmt.Errorf("%s: app_clients.%s: %w", s.File, name, err)
		}
		pool.Clients[name] = id
	}
	return nil
}

func (s Spec) updateClient(ctx context.Context, api *cip.Client, pool, name, id string) (string, error) {
	in := s.AppClients[name].input(pool, name)
	if id != "" {
		out, err := api.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{UserPoolId: &pool, ClientId: &id})
		if err != nil {
			return "", err
		}
		if (out.UserPoolClient.ClientSecret != nil) == in.GenerateSecret {
			_, err := api.UpdateUserPoolClient(ctx, &cip.UpdateUserPoolClientInput{
				UserPoolId: &pool, ClientId: &id, ClientName: in.ClientName, ReadAttributes: in.ReadAttributes,
				WriteAttributes: in.WriteAttributes, PreventUserExistenceErrors: in.PreventUserExistenceErrors,
				EnableTokenRevocation: in.EnableTokenRevocation, TokenValidityUnits: in.TokenValidityUnits,
				AccessTokenValidity: in.AccessTokenValidity, IdTokenValidity: in.IdTokenValidity,
				RefreshTokenValidity: in.RefreshTokenValidity, ExplicitAuthFlows: in.ExplicitAuthFlows,
				AuthSessionValidity: in.AuthSessionValidity, RefreshTokenRotation: in.RefreshTokenRotation,
				EnablePropagateAdditionalUserContextData: in.EnablePropagateAdditionalUserContextData,

				AllowedOAuthFlowsUserPoolClient: in.AllowedOAuthFlowsUserPoolClient, AllowedOAuthFlows: in.AllowedOAuthFlows,
				AllowedOAuthScopes: in.AllowedOAuthScopes, CallbackURLs: in.CallbackURLs, LogoutURLs: in.LogoutURLs,
				DefaultRedirectURI: in.DefaultRedirectURI, SupportedIdentityProviders: in.SupportedIdentityProviders,
			})
			return id, err
		}
		if _, err := api.DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{
			UserPoolId: &pool, ClientId: &id,
		}); err != nil {
			return "", err
		}
	}
	made, err := api.CreateUserPoolClient(ctx, in)
	if err != nil {
		return "", err
	}
	return aws.ToString(made.UserPoolClient.ClientId), nil
}

// clientsOf returns the ids of a pool's app clients by name.
func clientsOf(ctx context.Context, api *cip.Client, pool string) (map[string]string, error) {
	ids := map[string]string{}
	pages := cip.NewListUserPoolClientsPaginator(api, &cip.ListUserPoolClientsInput{
		UserPoolId: &pool, MaxResults: aws.Int32(60),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, client := range page.UserPoolClients {
			ids[aws.ToString(client.ClientName)] = aws.ToString(client.ClientId)
		}
	}
	return ids, nil
}

func (s Spec) updateGroups(ctx context.Context, api *cip.Client, id string) error {
	for _, name := range slices.Sorted(maps.Keys(s.Groups)) {
		in := s.Groups[name].input(id, name)
		_, err := api.UpdateGroup(ctx, &cip.UpdateGroupInput{
			UserPoolId: &id, GroupName: in.GroupName, Description: in.Description, Precedence: in.Precedence,
			RoleArn: in.RoleArn,
		})
		if isMissing(err) {
			_, err = api.CreateGroup(ctx, in)
		}
		if err != nil {
			return fmt.Errorf("%s: groups.%s: %w", s.File, name, err)
		}
	}
	return nil
}

func isMissing(err error) bool {
	var missing *types.ResourceNotFoundException
	return errors.As(err, &missing)
}
