package poolspec

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// API is the part of Cognito's API that Create uses.
type API interface {
	CreateUserPool(context.Context, *cip.CreateUserPoolInput, ...func(*cip.Options)) (*cip.CreateUserPoolOutput, error)
	SetUserPoolMfaConfig(context.Context, *cip.SetUserPoolMfaConfigInput,
		...func(*cip.Options)) (*cip.SetUserPoolMfaConfigOutput, error)
	CreateResourceServer(context.Context, *cip.CreateResourceServerInput,
		...func(*cip.Options)) (*cip.CreateResourceServerOutput, error)
	CreateUserPoolClient(context.Context, *cip.CreateUserPoolClientInput,
		...func(*cip.Options)) (*cip.CreateUserPoolClientOutput, error)
	CreateGroup(context.Context, *cip.CreateGroupInput, ...func(*cip.Options)) (*cip.CreateGroupOutput, error)
}

// Pool is a created user pool.
type Pool struct {
	ID      string
	Clients map[string]string // app client IDs by name in the settings
}

// Create creates the pool with its app clients and groups. If sender is empty, Cognito sends the mail.
func (s Spec) Create(ctx context.Context, api API, lambdas *types.LambdaConfigType,
	sender *types.EmailConfigurationType) (Pool, error) {
	made, err := api.CreateUserPool(ctx, s.poolInput(lambdas, sender))
	if err != nil {
		return Pool{}, fmt.Errorf("%s: create the user pool: %w", s.File, err)
	}
	pool := Pool{ID: aws.ToString(made.UserPool.Id), Clients: map[string]string{}}
	if s.MFA == "OPTIONAL" || s.MFA == "ON" {
		_, err := api.SetUserPoolMfaConfig(ctx, &cip.SetUserPoolMfaConfigInput{
			UserPoolId: &pool.ID, MfaConfiguration: types.UserPoolMfaType(s.MFA),
			SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
		})
		if err != nil {
			return Pool{}, fmt.Errorf("enable MFA: %w", err)
		}
	}
	for _, identifier := range slices.Sorted(maps.Keys(s.ResourceServers)) {
		if _, err := api.CreateResourceServer(ctx, s.ResourceServers[identifier].input(pool.ID, identifier)); err != nil {
			return Pool{}, fmt.Errorf("%s: resource_servers.%s: %w", s.File, identifier, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.AppClients)) {
		client, err := api.CreateUserPoolClient(ctx, s.AppClients[name].input(pool.ID, name))
		if err != nil {
			return Pool{}, fmt.Errorf("%s: app_clients.%s: %w", s.File, name, err)
		}
		pool.Clients[name] = aws.ToString(client.UserPoolClient.ClientId)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Groups)) {
		if _, err := api.CreateGroup(ctx, s.Groups[name].input(pool.ID, name)); err != nil {
			return Pool{}, fmt.Errorf("%s: groups.%s: %w", s.File, name, err)
		}
	}
	return pool, nil
}

// poolInput combines the settings with what Terraform's module sets for every pool: case-insensitive sign-in by e-mail,
// and recovery through the verified address.
func (s Spec) poolInput(lambdas *types.LambdaConfigType,
	sender *types.EmailConfigurationType) *cip.CreateUserPoolInput {
	p := s.PasswordPolicy
	policy := &types.PasswordPolicyType{
		MinimumLength: &p.MinimumLength, RequireLowercase: p.RequireLowercase, RequireUppercase: p.RequireUppercase,
		RequireNumbers: p.RequireNumbers, RequireSymbols: p.RequireSymbols,
		TemporaryPasswordValidityDays: p.TemporaryPasswordValidityDays,
	}
	in := &cip.CreateUserPoolInput{
		PoolName: &s.Name, LambdaConfig: lambdas, EmailConfiguration: sender,
		UserPoolTier:           types.UserPoolTierType(s.FeaturePlan),
		Policies:               &types.UserPoolPolicyType{PasswordPolicy: policy},
		UsernameAttributes:     []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
		AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		UsernameConfiguration:  &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)},
		UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{
			AttributesRequireVerificationBeforeUpdate: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		},
		AccountRecoverySetting: &types.AccountRecoverySettingType{RecoveryMechanisms: []types.RecoveryOptionType{
			{Name: types.RecoveryOptionNameTypeVerifiedEmail, Priority: aws.Int32(1)},
		}},
	}
	if s.IssuerType != defaults().IssuerType {
		in.IssuerConfiguration = &types.IssuerConfigurationType{Type: types.IssuerType(s.IssuerType)}
	}
	if s.InviteOnly {
		in.AdminCreateUserConfig = &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true}
	}
	for _, name := range slices.Sorted(maps.Keys(s.CustomAttributes)) {
		in.Schema = append(in.Schema, s.CustomAttributes[name].schema(name))
	}
	return in
}

func (a CustomAttribute) schema(name string) types.SchemaAttributeType {
	attribute := types.SchemaAttributeType{
		Name:              &name,
		AttributeDataType: types.AttributeDataType(a.Type),
		Mutable:           &a.Mutable,
	}
	if a.MinLength != nil || a.MaxLength != nil {
		attribute.StringAttributeConstraints = &types.StringAttributeConstraintsType{
			MinLength: number(a.MinLength),
			MaxLength: number(a.MaxLength),
		}
	}
	if a.MinValue != nil || a.MaxValue != nil {
		attribute.NumberAttributeConstraints = &types.NumberAttributeConstraintsType{
			MinValue: number(a.MinValue),
			MaxValue: number(a.MaxValue),
		}
	}
	return attribute
}

// number formats a bound as a string, as Cognito expects.
func number(n *int) *string {
	if n == nil {
		return nil
	}
	return aws.String(strconv.Itoa(*n))
}

func (c AppClient) input(pool, name string) *cip.CreateUserPoolClientInput {
	in := &cip.CreateUserPoolClientInput{
		UserPoolId: &pool, ClientName: &name, GenerateSecret: c.GenerateSecret, ReadAttributes: c.ReadAttributes,
		WriteAttributes:            c.WriteAttributes,
		PreventUserExistenceErrors: types.PreventUserExistenceErrorTypesEnabled, EnableTokenRevocation: aws.Bool(true),
		TokenValidityUnits: &types.TokenValidityUnitsType{
			AccessToken: types.TimeUnitsTypeMinutes, IdToken: types.TimeUnitsTypeMinutes, RefreshToken: types.TimeUnitsTypeDays,
		},
		AccessTokenValidity: &c.AccessTokenMinutes, IdTokenValidity: &c.IDTokenMinutes,
		RefreshTokenValidity: c.RefreshTokenDays,
	}
	for _, flow := range c.AuthFlows {
		in.ExplicitAuthFlows = append(in.ExplicitAuthFlows, types.ExplicitAuthFlowsType("ALLOW_"+flow))
	}
	return in
}

func (g Group) input(pool, name string) *cip.CreateGroupInput {
	in := &cip.CreateGroupInput{UserPoolId: &pool, GroupName: &name, Precedence: g.Precedence}
	if g.Description != "" {
		in.Description = &g.Description
	}
	if g.RoleARN != "" {
		in.RoleArn = &g.RoleARN
	}
	return in
}

func (r ResourceServer) input(pool, identifier string) *cip.CreateResourceServerInput {
	in := &cip.CreateResourceServerInput{UserPoolId: &pool, Identifier: &identifier, Name: &r.Name}
	for _, name := range slices.Sorted(maps.Keys(r.Scopes)) {
		in.Scopes = append(in.Scopes, types.ResourceServerScopeType{
			ScopeName:        aws.String(name),
			ScopeDescription: aws.String(r.Scopes[name]),
		})
	}
	return in
}
