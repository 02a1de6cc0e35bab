package scenario

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/stack"
)

// hosted is where people sign in on the pool's own pages, and the app client that sends them there.
type hosted struct {
	url, clientID, callback string
	scopes                  []string
}

// hostedOf returns the pool's domain and its first app client for codes without a secret, zero if it lacks one of them.
func hostedOf(ctx context.Context, s *stack.Stack, pool string) (hosted, error) {
	described, err := s.Cognito.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &pool})
	if err != nil {
		return hosted{}, err
	}
	at := s.Domains.Lookup(aws.ToString(described.UserPool.Domain)).URL
	if at == "" {
		return hosted{}, nil
	}
	list, err := s.Cognito.ListUserPoolClients(ctx, &cip.ListUserPoolClientsInput{
		UserPoolId: &pool, MaxResults: aws.Int32(60),
	})
	if err != nil {
		return hosted{}, err
	}
	for _, one := range list.UserPoolClients {
		out, err := s.Cognito.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{
			UserPoolId: &pool, ClientId: one.ClientId,
		})
		if err != nil {
			return hosted{}, err
		}
		c := out.UserPoolClient
		if c.ClientSecret == nil && len(c.CallbackURLs) > 0 &&
			slices.Contains(c.AllowedOAuthFlows, types.OAuthFlowTypeCode) {
			return hosted{at, *c.ClientId, c.CallbackURLs[0], c.AllowedOAuthScopes}, nil
		}
	}
	return hosted{}, nil
}
