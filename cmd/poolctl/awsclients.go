package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"cognito-triggers/cmd/poolctl/internal/attach"
	"cognito-triggers/local/wholehttp"
)

// awsClients returns the clients of attach and detach.
func awsClients(ctx context.Context, region, profile string) (attach.Clients, error) {
	cfg, err := awsConfig(ctx, region, profile)
	if err != nil {
		return attach.Clients{}, err
	}
	return attach.Clients{
		Pools: cip.NewFromConfig(cfg), Functions: lambda.NewFromConfig(cfg),
		Say: func(text string) { fmt.Println("note:", text) },
	}, nil
}

// useEndpoint makes a client call the URL of a flag, if that is given.
func useEndpoint(client **string, url string) {
	if url != "" {
		*client = &url
	}
}

// awsConfig configures clients like the AWS CLI: environment, profiles, single sign-on, endpoint variables. Functions
// use shared/awsenv instead, which does not link profile support.
func awsConfig(ctx context.Context, region, profile string) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(region), config.WithSharedConfigProfile(profile))
	if err != nil {
		return aws.Config{}, fmt.Errorf("AWS configuration: %w", err)
	}
	if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
		return aws.Config{}, fmt.Errorf(
			"no AWS credentials: name a profile with --profile or AWS_PROFILE (run `aws sso login` first "+
				"if it uses single sign-on), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: %w",
			err)
	}
	if cfg.HTTPClient == nil { // set only if the environment names a certificate bundle
		cfg.HTTPClient = awshttp.NewBuildableClient()
	}
	cfg.HTTPClient = wholehttp.Client(cfg.HTTPClient)
	return cfg, nil
}
