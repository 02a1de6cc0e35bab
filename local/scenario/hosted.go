package scenario

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/stack"
)

// Hosted is where people sign in on the pool's own pages, and the app client that sends them there.
type Hosted struct {
	url, clientID, callback string
	scopes                  []string
}

// HostedOf returns the pool's domain and its first app client for codes without a secret, zero if it lacks one of them.
func HostedOf(ctx context.Context, s *stack.Stack, pool string) (Hosted, error) {
	described, err := s.Cognito.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &pool})
	if err != nil {
		return Hosted{}, err
	}
	at := s.Domains.Lookup(aws.ToString(described.UserPool.Domain)).URL
	if at == "" {
		return Hosted{}, nil
	}
	list, err := s.Cognito.ListUserPoolClients(ctx, &cip.ListUserPoolClientsInput{
		UserPoolId: &pool, MaxResults: aws.Int32(60),
	})
	if err != nil {
		return Hosted{}, err
	}
	for _, one := range list.UserPoolClients {
		out, err := s.Cognito.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{
			UserPoolId: &pool, ClientId: one.ClientId,
		})
		if err != nil {
			return Hosted{}, err
		}
		c := out.UserPoolClient
		if c.ClientSecret == nil && len(c.CallbackURLs) > 0 &&
			slices.Contains(c.AllowedOAuthFlows, types.OAuthFlowTypeCode) {
			return Hosted{at, *c.ClientId, c.CallbackURLs[0], c.AllowedOAuthScopes}, nil
		}
	}
	return Hosted{}, nil
}
