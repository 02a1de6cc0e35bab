// Package poolclient makes the AWS SDK's Cognito client for a local user pool.
package poolclient

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/wholehttp"
)

// New is a client of the server at endpoint. It signs with made-up credentials, which the local pool accepts, and does
// not retry: an error is seen as it came.
func New(endpoint, region string) *cip.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64 // many users at a time, all on one host
	return cip.New(cip.Options{
		Region: region, BaseEndpoint: &endpoint, RetryMaxAttempts: 1,
		HTTPClient: &http.Client{Transport: wholehttp.Transport(transport)},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
}
