package fire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/settings"
)

// connections to the endpoint that are kept for the next events.
const idleConnections = 64

// Lambda invokes functions at an endpoint of the Lambda API. It is safe for parallel use.
type Lambda struct {
	client *lambda.Client
	limit  time.Duration // for one attempt
}

// NewLambda makes the client of the endpoint that AWS_ENDPOINT_URL_LAMBDA or AWS_ENDPOINT_URL names. Without one it
// records an error in env: a local pool must not invoke what runs in an account.
func NewLambda(env *settings.Env) *Lambda {
	config := awsenv.Config(env, "LAMBDA")
	if config.BaseEndpoint == nil {
		env.Fail("AWS_ENDPOINT_URL_LAMBDA",
			"is not set: name the endpoint of an emulator that runs the functions, for example http://127.0.0.1:4566")
	}
	// no proxy: the endpoint is on this machine or near it
	transport := &http.Transport{MaxIdleConnsPerHost: idleConnections}
	return &Lambda{
		limit: lambdaruntime.DefaultTimeout,
		client: lambda.NewFromConfig(config, func(o *lambda.Options) {
			o.HTTPClient = &http.Client{Transport: transport}
			o.Retryer = aws.NopRetryer{} // Invoke counts the attempts
		}),
	}
}

// NotInvokedError tells that Lambda refused to run a function.
type NotInvokedError struct {
	Code    string // AWS's name of the error, such as AccessDeniedException
	Message string
}

// Error implements error.
func (e *NotInvokedError) Error() string {
	return "Lambda did not run it: " + e.Code + ": " + e.Message
}

// Invoke implements Invoker. An event is sent again where no answer came in time, or where the function's process died,
// did not start or ran out of its own time, see lambdaruntime.DeliverAsCognito. What Lambda itself refuses or fails at,
// which includes every status from 500 to 599, is not repeated.
func (l *Lambda) Invoke(ctx context.Context, arn string, event []byte) ([]byte, error) {
	var answer []byte
	err := lambdaruntime.DeliverAsCognito(func() (err error) {
		answer, err = l.attempt(ctx, arn, event)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("function %s: %w", arn, err)
	}
	return answer, nil
}

func (l *Lambda) attempt(ctx context.Context, arn string, event []byte) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, l.limit)
	defer cancel()
	out, err := l.client.Invoke(limited, &lambda.InvokeInput{FunctionName: &arn, Payload: event})
	var api smithy.APIError
	switch {
	case err == nil && out.FunctionError != nil:
		return nil, lambdaruntime.ParseFunctionError(out.Payload, *out.FunctionError)
	case err == nil:
		return out.Payload, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, fmt.Errorf("%w after %v", lambdaruntime.ErrTimeout, l.limit)
	case errors.As(err, &api) && api.ErrorCode() != unnamed:
		return nil, &NotInvokedError{Code: api.ErrorCode(), Message: api.ErrorMessage()}
	}
	return nil, fmt.Errorf("what AWS_ENDPOINT_URL_LAMBDA or AWS_ENDPOINT_URL names does not answer as Lambda does: %w",
		err)
}

// unnamed is the SDK's code for an answer that is no error of AWS's: emulators answer so without the service.
const unnamed = "UnknownError"
