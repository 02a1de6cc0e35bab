// Package wholehttp sends each HTTP request from memory and reads each response completely before returning it.
//
// The AWS SDK closes the request's body as soon as it has the head of the response. net/http, which sends a body of a
// type that it does not know before it looks for surplus bytes, then takes the closed body for a failed one and drops
// the connection, and with it what is left of the response. Some responses of a fast server are lost that way, if it
// sends the head alone, or more than the 4 KB that net/http buffers. net/http knows the type that this package gives
// it, and looks for surplus bytes before it sends.
package wholehttp

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Transport returns a transport that sends whole requests with next and reads whole responses.
func Transport(next http.RoundTripper) http.RoundTripper { return sender(next.RoundTrip) }

// Client returns a client for the SDK's services that sends whole requests with next and reads whole responses.
func Client(next aws.HTTPClient) aws.HTTPClient { return sender(next.Do) }

type sender func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (send sender) RoundTrip(r *http.Request) (*http.Response, error) { return send.Do(r) }

// Do implements aws.HTTPClient.
func (send sender) Do(r *http.Request) (*http.Response, error) {
	r, err := whole(r)
	if err != nil {
		return nil, err
	}
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

// whole returns the request with its body in memory.
func whole(r *http.Request) (*http.Request, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return r, nil
	}
	body, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		return nil, err
	}
	again := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r = r.WithContext(r.Context()) // a copy: a transport must not change the caller's request
	r.Body, _ = again()
	r.GetBody = again
	return r, nil
}
