package attach

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// document is a JSON object whose members keep their original bytes.
type document map[string]json.RawMessage

// keepAnswer copies an operation's raw response body into *into.
func keepAnswer(into *[]byte) func(*cip.Options) {
	keep := func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
		middleware.DeserializeOutput, middleware.Metadata, error) {
		out, metadata, err := next.HandleDeserialize(ctx, in)
		response, ok := out.RawResponse.(*smithyhttp.Response)
		if err != nil || !ok {
			return out, metadata, err
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close() // fully read
		response.Body = io.NopCloser(bytes.NewReader(body))
		*into = body
		return out, metadata, err
	}
	return cip.WithAPIOptions(func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("KeepAnswer", keep), middleware.After)
	})
}

// sendInstead replaces an operation's request body before it is signed.
func sendInstead(body []byte) func(*cip.Options) {
	replace := func(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (
		middleware.SerializeOutput, middleware.Metadata, error) {
		request, ok := in.Request.(*smithyhttp.Request)
		if !ok {
			return middleware.SerializeOutput{}, middleware.Metadata{}, fmt.Errorf("unexpected request %T", in.Request)
		}
		request, err := request.SetStream(bytes.NewReader(body))
		if err != nil {
			return middleware.SerializeOutput{}, middleware.Metadata{}, err
		}
		in.Request = request
		return next.HandleSerialize(ctx, in)
	}
	return cip.WithAPIOptions(func(stack *middleware.Stack) error {
		return stack.Serialize.Add(middleware.SerializeMiddlewareFunc("SendInstead", replace), middleware.After)
	})
}

// describe returns DescribeUserPool's JSON.
func (c Clients) describe(ctx context.Context, poolID string) (document, error) {
	var answer []byte
	_, err := c.Pools.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &poolID}, keepAnswer(&answer))
	if err != nil {
		return nil, fmt.Errorf("reading the user pool: %w", err)
	}
	var whole struct{ UserPool document }
	if err := json.Unmarshal(answer, &whole); err != nil {
		return nil, fmt.Errorf("reading the user pool: %w", err)
	}
	if whole.UserPool == nil {
		return nil, errors.New("reading the user pool: the response contains no user pool")
	}
	return whole.UserPool, nil
}

// factors returns the pool's MFA settings, which DescribeUserPool does not include.
func (c Clients) factors(ctx context.Context, poolID string) (document, error) {
	var answer []byte
	_, err := c.Pools.GetUserPoolMfaConfig(ctx, &cip.GetUserPoolMfaConfigInput{UserPoolId: &poolID}, keepAnswer(&answer))
	if err != nil {
		return nil, fmt.Errorf("reading the user pool's second factors: %w", err)
	}
	var factors document
	if err := json.Unmarshal(answer, &factors); err != nil {
		return nil, fmt.Errorf("reading the user pool's second factors: %w", err)
	}
	return factors, nil
}

// update sends settings as the body of UpdateUserPool.
func (c Clients) update(ctx context.Context, poolID string, settings document) error {
	body, err := json.Marshal(settings)
	if err != nil {
		return err
	}
	_, err = c.Pools.UpdateUserPool(ctx, &cip.UpdateUserPoolInput{UserPoolId: &poolID}, sendInstead(body))
	return err
}
