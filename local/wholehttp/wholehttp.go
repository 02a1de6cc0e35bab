// Package wholehttp reads each HTTP response completely before returning it. The AWS SDK closes the request's body as
// soon as it has the response; with a long response from a fast local server, net/http may still be using that body,
// and drops the connection.
package wholehttp

import (
	"bytes"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Transport returns a transport that sends with next and reads whole responses.
func Transport(next http.RoundTripper) http.RoundTripper { return sender(next.RoundTrip) }

// Client returns a client for the SDK's services that sends with next and reads whole responses.
func Client(next aws.HTTPClient) aws.HTTPClient { return sender(next.Do) }

type sender func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (send sender) RoundTrip(r *http.Request) (*http.Response, error) { return send.Do(r) }

// Do implements aws.HTTPClient.
func (send sender) Do(r *http.Request) (*http.Response, error) {
	response, err := send(r)
	if err != nil {
		return response, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}
