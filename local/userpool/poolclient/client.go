// Package poolclient makes the AWS SDK's Cognito client for a local user pool.
package poolclient

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// New is a client of the server at endpoint. It signs with made-up credentials, which the local pool accepts, and does not
// retry: an error is seen as it came.
func New(endpoint, region string) *cip.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64 // many users at a time, all on one host
	return cip.New(cip.Options{
		Region: region, BaseEndpoint: &endpoint, RetryMaxAttempts: 1, HTTPClient: &http.Client{Transport: whole{transport}},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
}

// whole reads a response before the SDK gets it. The SDK closes the request's body as soon as it has the response; where
// that is long and the server quick, net/http may still be looking at that body, and drops the connection.
type whole struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (w whole) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, err
}
