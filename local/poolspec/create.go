package poolspec

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
	CreateUserPoolDomain(context.Context, *cip.CreateUserPoolDomainInput,
		...func(*cip.Options)) (*cip.CreateUserPoolDomainOutput, error)
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
	if mfa := s.mfaInput(pool.ID); s.MFA != mfaOff || mfa.WebAuthnConfiguration != nil {
		if _, err := api.SetUserPoolMfaConfig(ctx, mfa); err != nil {
			return Pool{}, fmt.Errorf("%s: mfa: %w", s.File, err)
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
	if err := s.createDomain(ctx, api, pool.ID); err != nil {
		return Pool{}, err
	}
	for _, name := range slices.Sorted(maps.Keys(s.Groups)) {
		if _, err := api.CreateGroup(ctx, s.Groups[name].input(pool.ID, name)); err != nil {
			return Pool{}, fmt.Errorf("%s: groups.%s: %w", s.File, name, err)
		}
	}
	return pool, nil
}

const mfaOff = "OFF"

// mfaInput is what Terraform's provider asks for: SMS is a second factor of every pool that can send SMS.
func (s Spec) mfaInput(id string) *cip.SetUserPoolMfaConfigInput {
	in := &cip.SetUserPoolMfaConfigInput{UserPoolId: &id, MfaConfiguration: types.UserPoolMfaType(s.MFA)}
	if p := s.Passkeys; p != nil {
		in.WebAuthnConfiguration = &types.WebAuthnConfigurationType{
			RelyingPartyId: given(p.RelyingPartyID), UserVerification: types.UserVerificationType(p.UserVerification),
		}
	}
	if s.MFA == mfaOff {
		return in
	}
	if s.hasFactor("TOTP") {
		in.SoftwareTokenMfaConfiguration = &types.SoftwareTokenMfaConfigType{Enabled: true}
	}
	text := s.Messages.MFA
	if s.hasFactor("EMAIL") {
		in.EmailMfaConfiguration = &types.EmailMfaConfigType{Subject: given(text.Subject), Message: given(text.Message)}
	}
	if s.SMS != nil {
		in.SmsMfaConfiguration = &types.SmsMfaConfigType{SmsConfiguration: s.sms(), SmsAuthenticationMessage: given(text.SMS)}
	}
	return in
}

// poolInput combines the settings with what Terraform's module sets for every pool.
func (s Spec) poolInput(lambdas *types.LambdaConfigType,
	sender *types.EmailConfigurationType) *cip.CreateUserPoolInput {
	p := s.PasswordPolicy
	policy := &types.PasswordPolicyType{
		MinimumLength: &p.MinimumLength, RequireLowercase: p.RequireLowercase, RequireUppercase: p.RequireUppercase,
		RequireNumbers: p.RequireNumbers, RequireSymbols: p.RequireSymbols,
		TemporaryPasswordValidityDays: p.TemporaryPasswordValidityDays,
	}
	if p.PasswordHistorySize > 0 {
		policy.PasswordHistorySize = &p.PasswordHistorySize
	}
	in := &cip.CreateUserPoolInput{
		PoolName: aws.String(s.UserPoolName()), LambdaConfig: lambdas, EmailConfiguration: sender,
		UserPoolTier:           types.UserPoolTierType(s.FeaturePlan),
		Policies:               &types.UserPoolPolicyType{PasswordPolicy: policy, SignInPolicy: s.signInPolicy()},
		UsernameAttributes:     as[types.UsernameAttributeType](s.SignIn.UsernameAttributes),
		AliasAttributes:        as[types.AliasAttributeType](s.SignIn.AliasAttributes),
		AutoVerifiedAttributes: as[types.VerifiedAttributeType](s.AutoVerified),
		UserAttributeUpdateSettings: &types.UserAttributeUpdateSettingsType{
			AttributesRequireVerificationBeforeUpdate: as[types.VerifiedAttributeType](s.VerifiedBeforeUpdate),
		},
		AccountRecoverySetting: s.recovery(), SmsConfiguration: s.sms(), DeviceConfiguration: s.devices(),
		VerificationMessageTemplate: s.verification(), SmsAuthenticationMessage: given(s.Messages.MFA.SMS),
		AdminCreateUserConfig: &types.AdminCreateUserConfigType{
			AllowAdminCreateUserOnly: s.InviteOnly, InviteMessageTemplate: s.invitation(),
		},
	}
	if !s.SignIn.CaseSensitive {
		in.UsernameConfiguration = &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)}
	}
	if s.IssuerType != defaults().IssuerType {
		in.IssuerConfiguration = &types.IssuerConfigurationType{Type: types.IssuerType(s.IssuerType)}
	}
	for _, name := range slices.Sorted(maps.Keys(s.CustomAttributes)) {
		in.Schema = append(in.Schema, s.CustomAttributes[name].schema(name))
	}
	for _, name := range slices.Sorted(slices.Values(s.RequiredAttributes)) {
		in.Schema = append(in.Schema, types.SchemaAttributeType{
			Name: &name, AttributeDataType: types.AttributeDataTypeString, Required: aws.Bool(true), Mutable: aws.Bool(true),
		})
	}
	return in
}

// UserPoolName returns the name of the pool.
func (s Spec) UserPoolName() string { return cmp.Or(s.PoolName, s.Name) }

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

// lifetimes returns how long the access, ID and refresh token live, for example "60 minutes".
func (c AppClient) lifetimes() [3]string {
	return [3]string{
		cmp.Or(c.Validity.AccessToken, fmt.Sprintf("%d minutes", c.AccessTokenMinutes)),
		cmp.Or(c.Validity.IDToken, fmt.Sprintf("%d minutes", c.IDTokenMinutes)),
		cmp.Or(c.Validity.RefreshToken, fmt.Sprintf("%d days", c.RefreshTokenDays)),
	}
}

func (c AppClient) input(pool, name string) *cip.CreateUserPoolClientInput {
	var numbers [3]int32
	var units [3]types.TimeUnitsType
	for i, text := range c.lifetimes() {
		number, unit, _ := strings.Cut(text, " ")
		n, _ := strconv.ParseInt(number, 10, 32) // its form was checked when it was read
		numbers[i], units[i] = int32(n), types.TimeUnitsType(unit)
	}
	in := &cip.CreateUserPoolClientInput{
		UserPoolId: &pool, ClientName: &name, GenerateSecret: c.GenerateSecret, ReadAttributes: c.ReadAttributes,
		WriteAttributes:            c.WriteAttributes,
		PreventUserExistenceErrors: types.PreventUserExistenceErrorTypes(c.PreventUserExistenceErrors),
		EnableTokenRevocation:      aws.Bool(true),
		TokenValidityUnits: &types.TokenValidityUnitsType{
			AccessToken: units[0], IdToken: units[1], RefreshToken: units[2],
		},
		AccessTokenValidity: &numbers[0], IdTokenValidity: &numbers[1], RefreshTokenValidity: numbers[2],
		AuthSessionValidity:                      &c.AuthSessionValidity,
		EnablePropagateAdditionalUserContextData: &c.EnablePropagateAdditionalUserContextData,
	}
	if r := c.RefreshTokenRotation; r != nil {
		in.RefreshTokenRotation = &types.RefreshTokenRotationType{
			Feature: types.FeatureTypeEnabled, RetryGracePeriodSeconds: &r.RetryGracePeriodSeconds,
		}
	}
	for _, flow := range c.AuthFlows {
		in.ExplicitAuthFlows = append(in.ExplicitAuthFlows, types.ExplicitAuthFlowsType("ALLOW_"+flow))
	}
	c.OAuth.into(in, c.IdentityProviders)
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
	name := cmp.Or(r.Name, unnamed.ReplaceAllString(scheme.ReplaceAllString(identifier, ""), "-"))
	in := &cip.CreateResourceServerInput{UserPoolId: &pool, Identifier: &identifier, Name: &name}
	for _, name := range slices.Sorted(maps.Keys(r.Scopes)) {
		in.Scopes = append(in.Scopes, types.ResourceServerScopeType{
			ScopeName:        aws.String(name),
			ScopeDescription: aws.String(r.Scopes[name]),
		})
	}
	return in
}

// Cognito takes a URL as a resource server's identifier, but not as its name.
var (
	scheme  = regexp.MustCompile(`^[A-Za-z]+://+`)
	unnamed = regexp.MustCompile(`[^\w\s+=,.@-]`)
)
