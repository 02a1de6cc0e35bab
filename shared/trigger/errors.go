package trigger

import (
	"context"
	"errors"
	"strings"

	"cognito-triggers/shared/internal/lambdafunc"
)

// RejectError is the error of Reject. Its text is shown to the end user.
type RejectError struct{ text string }

// Error returns the text.
func (r *RejectError) Error() string { return r.text }

// Reject returns an error that refuses the user's action and whose text the end user reads, as "PreSignUp failed with
// error <text>." Keep the text short and stable, and do not put values of the event into it. Since it may become part
// of a URL, double quotes are replaced by single ones and line breaks by spaces. A full stop at the end is removed,
// because Cognito adds one.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
func Reject(text string) error {
	return &RejectError{strings.TrimSuffix(urlSafe.Replace(text), ".")}
}

var urlSafe = strings.NewReplacer(`"`, "'", "\r\n", " ", "\n", " ", "\r", " ")

// GenericMessage returns the text that the end user reads for every error that is not made by Reject.
func GenericMessage(requestID string) string { return lambdafunc.GenericMessage(requestID) }

// publicError returns the error that may leave the function, and logs any other.
func (in *invocation) publicError(ctx context.Context, err error) error {
	var reject *RejectError
	if errors.As(err, &reject) && reject != nil {
		return reject
	}
	return in.GenericError(ctx, err)
}
