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
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/wholehttp"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/settings"
)

// longest is how long a function of Lambda can take at most.
const longest = 15 * time.Minute

// idleConnections is how many connections to the endpoint stay open for later events.
const idleConnections = 64

// Lambda invokes functions at an endpoint of the Lambda API. It is safe for concurrent use.
type Lambda struct {
	client *lambda.Client
	limit  time.Duration // for one attempt
}

// NewLambda returns a client for the endpoint in AWS_ENDPOINT_URL_LAMBDA or AWS_ENDPOINT_URL. If neither is set, it
// records an error in env: a local pool must not invoke functions in a real account.
func NewLambda(env *settings.Env) *Lambda {
	config := awsenv.Config(env, "LAMBDA")
	if config.BaseEndpoint == nil {
		env.Fail("AWS_ENDPOINT_URL_LAMBDA",
			"is not set: name the endpoint of an emulator that runs the functions, for example http://127.0.0.1:4566")
	}
	// No proxy: the endpoint is on or near this machine.
	transport := &http.Transport{MaxIdleConnsPerHost: idleConnections}
	return &Lambda{
		limit: lambdaruntime.DefaultTimeout,
		client: lambda.NewFromConfig(config, func(o *lambda.Options) {
			o.HTTPClient = &http.Client{Transport: wholehttp.Transport(transport)}
			o.Retryer = aws.NopRetryer{} // Firer does the retries
		}),
	}
}

// NotInvokedError means that Lambda refused to run a function.
type NotInvokedError struct {
	Code    string // AWS's name for the error, such as AccessDeniedException
	Message string
}

func (e *NotInvokedError) Error() string {
	return "Lambda did not run the function: " + e.Code + ": " + e.Message
}

// LostError means that the endpoint could not be reached, or that the connection was lost before the whole answer came.
type LostError struct{ Err error }

func (e *LostError) Error() string {
	return "the endpoint in AWS_ENDPOINT_URL_LAMBDA or AWS_ENDPOINT_URL did not answer: " + e.Err.Error()
}

// Unwrap returns the transport's error.
func (e *LostError) Unwrap() error { return e.Err }

// Invoke implements Invoker. The error is a *LostError if the endpoint did not answer, a *NotInvokedError if Lambda
// refused.
func (l *Lambda) Invoke(ctx context.Context, arn string, event []byte) ([]byte, error) {
	answer, err := l.attempt(ctx, arn, event)
	if err != nil {
		return nil, fmt.Errorf("function %s: %w", arn, err)
	}
	return answer, nil
}

func (l *Lambda) attempt(ctx context.Context, arn string, event []byte) ([]byte, error) {
	limit := l.limit
	if Asynchronous(ctx) {
		limit = longest
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, err := l.client.Invoke(limited, &lambda.InvokeInput{FunctionName: &arn, Payload: event})
	var api smithy.APIError
	var unsent *smithyhttp.RequestSendError
	switch {
	case err == nil && out.FunctionError != nil:
		return nil, lambdaruntime.ParseFunctionError(out.Payload, *out.FunctionError)
	case err == nil:
		return out.Payload, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, fmt.Errorf("%w after %v", lambdaruntime.ErrTimeout, limit)
	case errors.As(err, &api) && api.ErrorCode() != unnamed:
		return nil, &NotInvokedError{Code: api.ErrorCode(), Message: api.ErrorMessage()}
	case errors.As(err, &unsent):
		return nil, &LostError{unsent}
	}
	return nil, fmt.Errorf("the endpoint in AWS_ENDPOINT_URL_LAMBDA or AWS_ENDPOINT_URL does not answer like Lambda: %w",
		err)
}

// unnamed is the SDK's code for an answer that is not an AWS error, as some emulators give if they lack the service.
const unnamed = "UnknownError"
