// Package awsjson calls operations of AWS services whose requests and answers are JSON, without linking the service's
// client. Linking a client costs a function about 0.7 ms at every cold start, called or not, because package
// initialization builds the client's tables. So a function that makes one call of a service on few of its events makes
// it through this package. So do local runs, whose users would wait until a client is compiled, for 5 to 20 seconds of
// a processor. Signing, retries and errors are those of the AWS SDK.
//
//	pool := awsjson.New(env, awsjson.CognitoIdentityProvider)
//	err := pool.Call(ctx, awsjson.Request{Operation: "AdminListGroupsForUser", Body: input}, &output)
package awsjson

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/settings"
)

// Service is an AWS service.
type Service struct {
	name     string // in errors, as the SDK spells it
	variable string // as in its endpoint variable
	host     string // first label of the host name
	signing  string // name that requests are signed for
	target   string // prefix of X-Amz-Target; "" for a service whose operations have paths
	version  string // of the JSON protocol
}

// CognitoIdentityProvider is Cognito's user pools API.
func CognitoIdentityProvider() Service {
	return Service{
		name: "Cognito Identity Provider", variable: "COGNITO_IDENTITY_PROVIDER", host: "cognito-idp", signing: "cognito-idp",
		target: "AWSCognitoIdentityProviderService", version: "1.1",
	}
}

// EventBridge is Amazon EventBridge.
func EventBridge() Service {
	return Service{
		name: "EventBridge", variable: "EVENTBRIDGE", host: "events", signing: "events", target: "AWSEvents", version: "1.1",
	}
}

// KMS is the AWS Key Management Service.
func KMS() Service {
	return Service{name: "KMS", variable: "KMS", host: "kms", signing: "kms", target: "TrentService", version: "1.1"}
}

// SESV2 is version 2 of Amazon SES.
func SESV2() Service { return Service{name: "SESv2", variable: "SESV2", host: "email", signing: "ses"} }

// Client calls one service. It is safe for concurrent use.
type Client struct {
	service  Service
	config   aws.Config
	endpoint string
}

// New returns a client with the credentials, Region and endpoint of the environment; see awsenv. Problems are recorded
// in env.
func New(env *settings.Env, service Service) *Client {
	return newClient(env, service, awsenv.Config(env, service.variable))
}

// NewOnce is like New, for calls that must not be made twice; see awsenv.Once.
func NewOnce(env *settings.Env, service Service) *Client {
	return newClient(env, service, awsenv.Once(awsenv.Config(env, service.variable)))
}

// At returns a client for the endpoint of a configuration, such as an emulator's. Without one it returns an error, so
// that AWS itself is not called by mistake.
func At(config aws.Config, service Service) (*Client, error) {
	if config.BaseEndpoint == nil {
		return nil, fmt.Errorf("%s: the configuration has no endpoint", service.name)
	}
	return &Client{service: service, config: config, endpoint: strings.TrimSuffix(*config.BaseEndpoint, "/")}, nil
}

func newClient(env *settings.Env, service Service, config aws.Config) *Client {
	if c, err := At(config, service); err == nil {
		return c
	}
	host, known := hostOf(service, config.Region, env.Bool("AWS_USE_FIPS_ENDPOINT", false))
	if !known || env.Bool("AWS_USE_DUALSTACK_ENDPOINT", false) {
		env.Fail("AWS_ENDPOINT_URL_"+service.variable,
			"is not set: give the service's address, which follows no rule in this Region or for dual-stack endpoints")
	}
	return &Client{service: service, config: config, endpoint: "https://" + host}
}

// hostOf returns the service's host name, or false for a Region whose names are not known here.
func hostOf(service Service, region string, fips bool) (string, bool) {
	suffix := "amazonaws.com"
	switch {
	case strings.HasPrefix(region, "us-iso"), strings.HasPrefix(region, "eu-isoe"), strings.HasPrefix(region, "eusc-"):
		return "", false
	case strings.HasPrefix(region, "cn-"):
		suffix = "amazonaws.com.cn"
	}
	label := service.host
	if fips {
		label += "-fips"
	}
	return label + "." + region + "." + suffix, true
}

// Request is a call.
type Request struct {
	Operation string
	Path      string // of an operation that has one; a POST
	Body      any    // encoded as JSON
}

// Call makes the call and decodes the answer into out, unless out is nil. An error is the SDK's: a
// smithy.OperationError around what the service or the connection said.
func (c *Client) Call(ctx context.Context, r Request, out any) error {
	body, err := json.Marshal(r.Body)
	if err != nil {
		return fmt.Errorf("%s: %w", r.Operation, err)
	}
	answer, err := c.repeat(ctx, r, body)
	if err == nil && out != nil {
		err = json.Unmarshal(answer, out)
	}
	if err != nil {
		return &smithy.OperationError{ServiceID: c.service.name, OperationName: r.Operation, Err: err}
	}
	return nil
}

// repeat makes attempts as the configured retryer says.
func (c *Client) repeat(ctx context.Context, r Request, body []byte) ([]byte, error) {
	retryer := c.config.Retryer()
	for attempt := 1; ; attempt++ {
		answer, err := c.attempt(ctx, r, body, attempt, retryer.MaxAttempts())
		if err == nil || attempt >= retryer.MaxAttempts() || !retryer.IsErrorRetryable(err) {
			return answer, err
		}
		delay, delayErr := retryer.RetryDelay(attempt, err)
		if delayErr != nil {
			return nil, errors.Join(err, delayErr)
		}
		select {
		case <-time.After(delay):
		case <-ctx.Done():
			return nil, &aws.RequestCanceledError{Err: ctx.Err()}
		}
	}
}

func (c *Client) attempt(ctx context.Context, r Request, body []byte, attempt, of int) ([]byte, error) {
	request, err := c.signed(ctx, r, body, attempt, of)
	if err != nil {
		return nil, err
	}
	response, err := c.config.HTTPClient.Do(request)
	if ctx.Err() != nil {
		return nil, &aws.RequestCanceledError{Err: ctx.Err()}
	}
	if err != nil {
		return nil, &smithyhttp.RequestSendError{Err: err}
	}
	defer response.Body.Close()
	const most = 1 << 20
	answer, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return nil, &smithyhttp.RequestSendError{Err: err}
	}
	if response.StatusCode/100 != 2 {
		return nil, serviceError(response, answer)
	}
	return answer, nil
}

func (c *Client) signed(ctx context.Context, r Request, body []byte, attempt, of int) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint+cmp.Or(r.Path, "/"), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if c.service.target != "" {
		request.Header.Set("Content-Type", "application/x-amz-json-"+c.service.version)
		request.Header.Set("X-Amz-Target", c.service.target+"."+r.Operation)
	}
	// awsenv's HTTP client limits the time of the first attempt, and knows it by this header.
	request.Header.Set("Amz-Sdk-Request", fmt.Sprintf("attempt=%d; max=%d", attempt, of))
	credentials, err := c.config.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(body)
	err = v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(hash[:]), c.service.signing,
		c.config.Region, time.Now())
	return request, err
}

// serviceError returns the error of an answer that is not a success.
func serviceError(response *http.Response, answer []byte) error {
	var said struct {
		Type    string `json:"__type"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(answer, &said) // an answer that is not JSON has no code
	code := cmp.Or(response.Header.Get("X-Amzn-Errortype"), said.Type, said.Code, "UnknownError")
	code = code[strings.LastIndex(code, "#")+1:]
	code, _, _ = strings.Cut(code, ":")
	fault := smithy.FaultServer
	if response.StatusCode/100 == 4 {
		fault = smithy.FaultClient
	}
	return &awshttp.ResponseError{
		RequestID: response.Header.Get("X-Amzn-Requestid"),
		ResponseError: &smithyhttp.ResponseError{
			Response: &smithyhttp.Response{Response: response},
			Err:      &smithy.GenericAPIError{Code: code, Message: said.Message, Fault: fault},
		},
	}
}
