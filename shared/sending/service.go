package sending

import (
	"context"
	"errors"
	"slices"

	"cognito-triggers/shared/awsenv"
)

// ServiceError classes an error of an AWS service's client that sends with awsenv.Once, or returns nil for nil. An
// answer of the service is Temporary, unless its error code is among those that refuse the message itself. Without an
// answer the outcome is Unknown, except if no connection was made.
func ServiceError(provider string, err error, permanent ...string) error {
	if err == nil {
		return nil
	}
	return &Error{Provider: provider, Class: serviceClass(err, permanent), Err: err}
}

func serviceClass(err error, permanent []string) Class {
	var code interface{ ErrorCode() string }
	if errors.As(err, &code) && slices.Contains(permanent, code.ErrorCode()) {
		return Permanent
	}
	var response interface{ HTTPStatusCode() int }
	if errors.As(err, &response) && response.HTTPStatusCode() >= 300 {
		return Temporary
	}
	if awsenv.NotConnected(err) {
		return Temporary
	}
	return Unknown
}

// Prepared reports an error from before the first byte was sent, for example of a context that had already ended.
func Prepared(ctx context.Context, provider string) error {
	if err := ctx.Err(); err != nil {
		return &Error{Provider: provider, Class: Temporary, Err: err}
	}
	return nil
}
