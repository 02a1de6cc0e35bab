package deploy

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/sdkconfig"
)

// machines is the example whose app clients are services. The local pool has no token endpoint, so no token is fetched.
type machines struct{ example }

// use compares what services need with what the pool has.
func (m machines) use(ctx context.Context, tf *terraform, o Options) error {
	out, err := tf.outputs(ctx)
	if err != nil {
		return err
	}
	id := out.PoolID.Value
	pool, err := m.s.Cognito.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &id})
	if err != nil {
		return err
	}
	config, err := sdkconfig.From(pool.UserPool.LambdaConfig)
	if err != nil {
		return err
	}
	if f, _ := config.Function(cognito.PreTokenGeneration); f.Version != "V3_0" {
		return fmt.Errorf("pre token generation is attached as %s, want V3_0, the version of machine clients", f)
	}
	for name, scopes := range map[string][]string{
		"reports": {"orders/read"}, "stock-keeper": {"orders/read", "orders/write"},
	} {
		client := out.Clients.Value[name]
		got, err := m.s.Cognito.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{
			UserPoolId: &id, ClientId: &client,
		})
		if err != nil {
			return err
		}
		c := got.UserPoolClient
		slices.Sort(c.AllowedOAuthScopes)
		if aws.ToString(c.ClientSecret) == "" || !slices.Equal(c.AllowedOAuthScopes, scopes) ||
			!slices.Equal(c.AllowedOAuthFlows, []types.OAuthFlowType{types.OAuthFlowTypeClientCredentials}) {
			return fmt.Errorf("the app client %s has the flows %v and the scopes %v, want client_credentials with %v",
				name, c.AllowedOAuthFlows, c.AllowedOAuthScopes, scopes)
		}
	}
	fmt.Fprintln(o.Out, "Both services have a secret and their scopes, and pre token generation gets events V3_0.")
	return m.stillCalled(ctx, tf, o)
}
