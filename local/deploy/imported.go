package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// imported is the example of a pool in use that comes under Terraform. Nothing of it may be replaced, and its users
// must stay.
type imported struct {
	example
	poolID  string
	clients map[string]string // ids by name
	before  string            // what must be the same after the import
}

const (
	oldUser     = "ines"
	oldPhone    = "+491700000001"
	oldPassword = "Correct-horse-battery-7"
)

func (i *imported) prepare(ctx context.Context, tf *terraform, o Options) error {
	if err := i.makePool(ctx); err != nil {
		return fmt.Errorf("make the pool that is imported: %w", err)
	}
	var err error
	if i.before, err = i.kept(ctx); err != nil {
		return err
	}
	i.variables = map[string]any{
		"user_pool_id": i.poolID, "client_ids": i.clients, "workforce_secret": "not-a-secret",
		"sms_configuration": map[string]string{"sns_caller_arn": smsRole, "external_id": "customers"},
	}
	if err := i.example.prepare(ctx, tf, o); err != nil {
		return err
	}
	return i.plan(ctx, tf, o)
}

const smsRole = "arn:aws:iam::111122223333:role/customers-sms"

// makePool makes the pool as another tool might have: user names with a phone alias, and attributes of every form.
func (i *imported) makePool(ctx context.Context) error {
	api := i.s.Cognito
	text, number := types.AttributeDataTypeString, types.AttributeDataTypeNumber
	made, err := api.CreateUserPool(ctx, &cip.CreateUserPoolInput{
		PoolName: aws.String("Customers 2019"), AliasAttributes: []types.AliasAttributeType{"phone_number"},
		AutoVerifiedAttributes: []types.VerifiedAttributeType{"phone_number"},
		SmsConfiguration: &types.SmsConfigurationType{
			SnsCallerArn: aws.String(smsRole), ExternalId: aws.String("customers"),
		},
		AccountRecoverySetting: &types.AccountRecoverySettingType{RecoveryMechanisms: []types.RecoveryOptionType{
			{Name: types.RecoveryOptionNameTypeVerifiedPhoneNumber, Priority: aws.Int32(1)},
		}},
		Schema: []types.SchemaAttributeType{
			{Name: aws.String("name"), AttributeDataType: text, Required: aws.Bool(true)},
			{
				Name: aws.String("family_name"), AttributeDataType: text, Required: aws.Bool(true), Mutable: aws.Bool(true),
				StringAttributeConstraints: &types.StringAttributeConstraintsType{
					MinLength: aws.String("1"), MaxLength: aws.String("99"),
				},
			},
			{Name: aws.String("locale"), AttributeDataType: text, Mutable: aws.Bool(false)},
			{Name: aws.String("tenant"), AttributeDataType: text, Mutable: aws.Bool(true)},
			{
				Name: aws.String("nick"), AttributeDataType: text, Mutable: aws.Bool(true),
				StringAttributeConstraints: &types.StringAttributeConstraintsType{MaxLength: aws.String("8")},
			},
			{Name: aws.String("orders"), AttributeDataType: number, Mutable: aws.Bool(true)},
			{
				Name: aws.String("level"), AttributeDataType: number, Mutable: aws.Bool(false),
				NumberAttributeConstraints: &types.NumberAttributeConstraintsType{MinValue: aws.String("1")},
			},
			{Name: aws.String("since"), AttributeDataType: types.AttributeDataTypeDatetime},
			{Name: aws.String("beta"), AttributeDataType: types.AttributeDataTypeBoolean},
			{Name: aws.String("legacy"), AttributeDataType: text, DeveloperOnlyAttribute: aws.Bool(true)},
		},
	})
	if err != nil {
		return err
	}
	i.poolID = *made.UserPool.Id
	if err := i.makeResources(ctx); err != nil {
		return err
	}
	_, err = api.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
		UserPoolId: &i.poolID, Username: aws.String(oldUser), MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{
			{Name: aws.String("name"), Value: aws.String("Ines")}, {Name: aws.String("family_name"), Value: aws.String("Ruiz")},
			{Name: aws.String("phone_number"), Value: aws.String(oldPhone)},
			{Name: aws.String("phone_number_verified"), Value: aws.String("true")},
			{Name: aws.String("custom:tenant"), Value: aws.String("north")},
		},
	})
	if err != nil {
		return err
	}
	_, err = api.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: &i.poolID, Username: aws.String(oldUser), Password: aws.String(oldPassword), Permanent: true,
	})
	if err != nil {
		return err
	}
	_, err = api.AdminAddUserToGroup(ctx, &cip.AdminAddUserToGroupInput{
		UserPoolId: &i.poolID, Username: aws.String(oldUser), GroupName: aws.String("vip"),
	})
	return err
}

func (i *imported) makeResources(ctx context.Context) error {
	api := i.s.Cognito
	_, err := api.CreateResourceServer(ctx, &cip.CreateResourceServerInput{
		UserPoolId: &i.poolID, Identifier: aws.String("orders"), Name: aws.String("Orders"),
		Scopes: []types.ResourceServerScopeType{
			{ScopeName: aws.String("read"), ScopeDescription: aws.String("See orders")},
		},
	})
	if err != nil {
		return err
	}
	_, err = api.CreateIdentityProvider(ctx, &cip.CreateIdentityProviderInput{
		UserPoolId: &i.poolID, ProviderName: aws.String("Workforce"), ProviderType: types.IdentityProviderTypeTypeOidc,
		ProviderDetails: map[string]string{
			"client_id": "customers", "client_secret": "not-a-secret", "authorize_scopes": "openid email",
			"oidc_issuer": "https://sign-in.example.org", "attributes_request_method": "GET",
		},
		AttributeMapping: map[string]string{"username": "sub", "email": "email"},
	})
	if err != nil {
		return err
	}
	i.clients = map[string]string{}
	for _, client := range []*cip.CreateUserPoolClientInput{
		{
			ClientName: aws.String("web"), AllowedOAuthFlowsUserPoolClient: true,
			AllowedOAuthFlows: []types.OAuthFlowType{"code"}, AllowedOAuthScopes: []string{"openid", "orders/read"},
			CallbackURLs:               []string{"https://shop.example.org/signed-in", "shop://signed-in"},
			SupportedIdentityProviders: []string{"COGNITO"},
			ExplicitAuthFlows: []types.ExplicitAuthFlowsType{
				"ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
			},
		},
		{
			ClientName: aws.String("backoffice"), GenerateSecret: true, RefreshTokenValidity: 12,
			AccessTokenValidity: aws.Int32(2), IdTokenValidity: aws.Int32(2),
			TokenValidityUnits: &types.TokenValidityUnitsType{
				AccessToken: types.TimeUnitsTypeHours, IdToken: types.TimeUnitsTypeHours, RefreshToken: types.TimeUnitsTypeHours,
			},
			ExplicitAuthFlows: []types.ExplicitAuthFlowsType{"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"},
		},
	} {
		client.UserPoolId = &i.poolID
		out, err := api.CreateUserPoolClient(ctx, client)
		if err != nil {
			return err
		}
		i.clients[*client.ClientName] = *out.UserPoolClient.ClientId
	}
	for _, group := range []*cip.CreateGroupInput{
		{GroupName: aws.String("support"), Precedence: aws.Int32(5)},
		{GroupName: aws.String("vip"), Description: aws.String("Bought a lot")},
	} {
		group.UserPoolId = &i.poolID
		if _, err := api.CreateGroup(ctx, group); err != nil {
			return err
		}
	}
	_, err = api.CreateUserPoolDomain(ctx, &cip.CreateUserPoolDomainInput{
		UserPoolId: &i.poolID, Domain: aws.String("customers-2019"),
	})
	return err
}

// kept returns what must be the same before and after: the schema, the clients' secrets, and the user with his groups.
func (i *imported) kept(ctx context.Context) (string, error) {
	pool, err := i.s.Cognito.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &i.poolID})
	if err != nil {
		return "", err
	}
	user, err := i.s.Cognito.AdminGetUser(ctx, &cip.AdminGetUserInput{
		UserPoolId: &i.poolID, Username: aws.String(oldUser),
	})
	if err != nil {
		return "", err
	}
	groups, err := i.s.Cognito.AdminListGroupsForUser(ctx, &cip.AdminListGroupsForUserInput{
		UserPoolId: &i.poolID, Username: aws.String(oldUser),
	})
	if err != nil {
		return "", err
	}
	all := []any{pool.UserPool.SchemaAttributes, user.UserAttributes, user.UserStatus, len(groups.Groups)}
	for _, name := range []string{"web", "backoffice"} {
		client, err := i.s.Cognito.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{
			UserPoolId: &i.poolID, ClientId: aws.String(i.clients[name]),
		})
		if err != nil {
			return "", err
		}
		all = append(all, client.UserPoolClient.ClientSecret)
	}
	text, err := json.Marshal(all)
	return string(text), err
}

// plan checks that everything that exists is imported, and nothing replaced.
func (i *imported) plan(ctx context.Context, tf *terraform, o Options) error {
	if err := tf.init(ctx); err != nil {
		return err
	}
	text, err := tf.plan(ctx, "import.tfplan")
	if err != nil {
		return err
	}
	var p struct {
		ResourceChanges []struct {
			change
			Change struct {
				Actions   []string
				Importing *struct{ ID string }
			}
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("terraform show: %w", err)
	}
	count, changed := 0, []string{}
	for _, c := range p.ResourceChanges {
		switch {
		case c.Change.Importing != nil && !slices.Contains(c.Change.Actions, "delete"):
			count++
			if slices.Contains(c.Change.Actions, "update") {
				changed = append(changed, c.Address)
			}
		case strings.HasPrefix(c.Type, "aws_") && !slices.Equal(c.Change.Actions, []string{"read"}):
			return fmt.Errorf("the import would %s %s", strings.Join(c.Change.Actions, " and "), c.Address)
		}
	}
	if want := 1 + len(i.clients) + 2 + 1 + 1 + 1; count != want { // pool, clients, groups, server, provider, domain
		return fmt.Errorf("%d resources are imported, want %d", count, want)
	}
	fmt.Fprintf(o.Out, "The plan imports %d resources, replaces none, and changes %s.\n", count,
		strings.Join(changed, ", "))
	return nil
}

func (i *imported) use(ctx context.Context, tf *terraform, o Options) error {
	after, err := i.kept(ctx)
	if err != nil {
		return err
	}
	if after != i.before {
		return fmt.Errorf("the import changed the schema, a client or the user:\nbefore %s\nafter  %s", i.before, after)
	}
	for _, name := range []string{oldUser, oldPhone} {
		if _, err := i.s.Cognito.InitiateAuth(ctx, &cip.InitiateAuthInput{
			ClientId: aws.String(i.clients["web"]), AuthFlow: types.AuthFlowTypeUserPasswordAuth,
			AuthParameters: map[string]string{"USERNAME": name, "PASSWORD": oldPassword},
		}); err != nil {
			return fmt.Errorf("sign in as %s after the import: %w", name, err)
		}
	}
	fmt.Fprintln(o.Out, "Schema, secrets, users and groups are as before, and the user signs in by name and by phone.")
	return i.drift(ctx, tf, o)
}

// drift has somebody else add an attribute, which must change no plan.
func (i *imported) drift(ctx context.Context, tf *terraform, o Options) error {
	if _, err := i.s.Cognito.AddCustomAttributes(ctx, &cip.AddCustomAttributesInput{
		UserPoolId:       &i.poolID,
		CustomAttributes: []types.SchemaAttributeType{{Name: aws.String("added_by_hand")}},
	}); err != nil {
		return err
	}
	if _, err := tf.checkUnchanged(ctx); err != nil {
		return fmt.Errorf("with an attribute that was added by hand: %w", err)
	}
	fmt.Fprintln(o.Out, "An attribute that somebody adds by hand changes no plan.")
	return nil
}
