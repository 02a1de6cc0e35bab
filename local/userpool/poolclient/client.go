// Package poolclient creates AWS SDK clients for a local user pool.
package poolclient

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/wholehttp"
)

// New returns a client for the server at endpoint. It signs with dummy credentials, which the local pool accepts, and
// does not retry, so that callers see each error.
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
