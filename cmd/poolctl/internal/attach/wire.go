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

// document is a JSON object whose members are left as they were read.
type document map[string]json.RawMessage

// keepAnswer lets an operation's answer through and keeps its bytes.
func keepAnswer(into *[]byte) func(*cip.Options) {
	keep := func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
		middleware.DeserializeOutput, middleware.Metadata, error) {
		out, metadata, err := next.HandleDeserialize(ctx, in)
		response, ok := out.RawResponse.(*smithyhttp.Response)
		if err != nil || !ok {
			return out, metadata, err
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close() // all that was in it has been read
		response.Body = io.NopCloser(bytes.NewReader(body))
		*into = body
		return out, metadata, err
	}
	return cip.WithAPIOptions(func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("KeepAnswer", keep), middleware.After)
	})
}

// sendInstead replaces an operation's request by other bytes, before they are signed.
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

// describe reads a user pool as Cognito writes it.
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
		return nil, errors.New("reading the user pool: the answer holds none")
	}
	return whole.UserPool, nil
}

// factors reads what the pool knows about second factors, which DescribeUserPool does not tell.
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

// update sends the pool's settings back.
func (c Clients) update(ctx context.Context, poolID string, settings document) error {
	body, err := json.Marshal(settings)
	if err != nil {
		return err
	}
	_, err = c.Pools.UpdateUserPool(ctx, &cip.UpdateUserPoolInput{UserPoolId: &poolID}, sendInstead(body))
	return err
}
