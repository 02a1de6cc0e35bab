package main

import (
	"context"
	"fmt"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"cognito-triggers/cmd/poolctl/internal/attach"
	"cognito-triggers/local/wholehttp"
)

// awsClients are configured as the AWS CLI is: environment, profiles, single sign-on, endpoint variables. The functions
// use shared/awsenv, which does without; a person at a keyboard has a profile.
func awsClients(ctx context.Context, region, profile string) (attach.Clients, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region), config.WithSharedConfigProfile(profile))
	if err != nil {
		return attach.Clients{}, fmt.Errorf("AWS configuration: %w", err)
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return attach.Clients{}, fmt.Errorf(
			"no AWS credentials: name a profile with --profile or AWS_PROFILE, after aws sso login "+
				"where it has single sign-on, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: %w",
			err)
	}
	if cfg.HTTPClient == nil { // left to each service's client, unless the environment names a certificate bundle
		cfg.HTTPClient = awshttp.NewBuildableClient()
	}
	cfg.HTTPClient = wholehttp.Client(cfg.HTTPClient)
	return attach.Clients{Pools: cip.NewFromConfig(cfg), Functions: lambda.NewFromConfig(cfg)}, nil
}
