package pooltest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/sdkconfig"
)

// creator calls the pool's API as the options say: it lays them over the inputs of the pool and of its app clients, and
// keeps the clients. It implements poolspec.API.
type creator struct {
	*cip.Client
	options *config
	clients map[string]appClient // by name
}

// appClient is what the methods of Pool need to know of an app client.
type appClient struct {
	id, secret string
	flows      []types.ExplicitAuthFlowsType
}

// source creates a pool and its app clients, and returns the pool's id.
type source func(context.Context, *creator) (id string, err error)

// create creates the pool and chooses the app client.
func (p *Pool) create(ctx context.Context, c *config) error {
	lambdas, err := sdkconfig.To(c.lambdas())
	if err != nil {
		return err
	}
	create := creator{p.Client, c, map[string]appClient{}}
	c.pool = append(c.pool, func(in *cip.CreateUserPoolInput) { in.LambdaConfig = lambdas })
	from := c.from
	if from == nil {
		from = ordinary
	}
	if p.ID, err = from(ctx, &create); err != nil {
		return err
	}
	if c.domain {
		if err := p.addDomain(ctx); err != nil {
			return fmt.Errorf("domain: %w", err)
		}
	}
	name, err := c.choose(create.clients)
	if err != nil {
		return err
	}
	p.app = create.clients[name]
	p.ClientID, p.ClientSecret = p.app.id, p.app.secret
	for _, group := range c.groups {
		if _, err := p.Client.CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: &p.ID, GroupName: &group}); err != nil {
			return fmt.Errorf("group %s: %w", group, err)
		}
	}
	return nil
}

// choose returns the name of the app client that users sign in with.
func (c *config) choose(clients map[string]appClient) (string, error) {
	names := slices.Sorted(maps.Keys(clients))
	_, there := clients[c.appClient]
	switch {
	case there:
		return c.appClient, nil
	case len(names) == 0:
		return "", errors.New("the settings have no app client")
	case c.appClient != "":
		return "", fmt.Errorf("WithAppClient: no app client is named %q; there are %s", c.appClient,
			strings.Join(names, ", "))
	case len(names) > 1:
		return "", fmt.Errorf("the settings have the app clients %s: choose one with WithAppClient",
			strings.Join(names, ", "))
	}
	return names[0], nil
}

// lambdas returns the pool's LambdaConfig: each handler at its hook.
func (c *config) lambdas() cognito.LambdaConfig {
	var lambdas cognito.LambdaConfig
	for hook := range c.handlers {
		attached := cognito.Function{ARN: arnOf(hook)}
		switch versions := hook.Versions(); {
		case len(versions) == 1:
			attached.Version = versions[0]
		case len(versions) > 1:
			attached.Version = cmp.Or(c.version, defaultVersion)
		}
		lambdas.Set(hook, attached)
	}
	if c.key != nil {
		lambdas.SetKey(c.key.ARN())
	}
	return lambdas
}

// ordinary creates a pool without settings of its own.
func ordinary(ctx context.Context, c *creator) (string, error) {
	pool, err := c.CreateUserPool(ctx, &cip.CreateUserPoolInput{
		PoolName:               aws.String("test"),
		AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		UsernameConfiguration:  &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)},
	})
	if err != nil {
		return "", err
	}
	_, err = c.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: pool.UserPool.Id, ClientName: aws.String("test"), ExplicitAuthFlows: []types.ExplicitAuthFlowsType{
			types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowUserSrpAuth,
			types.ExplicitAuthFlowsTypeAllowCustomAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth,
			types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth,
		},
	})
	return *pool.UserPool.Id, err
}

// ofSpec returns a source for the settings that Terraform and the local stack share.
func ofSpec(spec poolspec.Spec) source {
	return func(ctx context.Context, c *creator) (string, error) {
		pool, err := spec.Create(ctx, c, nil, nil)
		return pool.ID, err
	}
}

// CreateUserPool creates the pool as the options say.
func (c *creator) CreateUserPool(ctx context.Context, in *cip.CreateUserPoolInput,
	options ...func(*cip.Options)) (*cip.CreateUserPoolOutput, error) {
	for _, change := range c.options.pool {
		change(in)
	}
	return c.Client.CreateUserPool(ctx, in, options...)
}

// CreateUserPoolClient creates an app client as the options say.
func (c *creator) CreateUserPoolClient(ctx context.Context, in *cip.CreateUserPoolClientInput,
	options ...func(*cip.Options)) (*cip.CreateUserPoolClientOutput, error) {
	for _, change := range c.options.client {
		change(in)
	}
	out, err := c.Client.CreateUserPoolClient(ctx, in, options...)
	if err != nil {
		return nil, err
	}
	made := out.UserPoolClient
	c.clients[aws.ToString(made.ClientName)] = appClient{
		aws.ToString(made.ClientId), aws.ToString(made.ClientSecret), made.ExplicitAuthFlows,
	}
	return out, nil
}
