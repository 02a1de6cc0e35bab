package trigger

import (
	"context"
	"errors"
	"strings"

	"cognito-triggers/shared/internal/lambdafunc"
)

// RejectError is a refusal whose text the end user reads.
type RejectError struct{ text string }

// Error returns the text.
func (r *RejectError) Error() string { return r.text }

// Reject refuses the user's action with a text that reaches the end user word for word, as "PreSignUp failed with error
// <text>." Keep it short and stable, and put no value of the event into it. Since it may travel in a URL, double quotes
// become single ones and line breaks become spaces. A full stop at its end is left out: Cognito sets one.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
func Reject(text string) error {
	return &RejectError{strings.TrimSuffix(urlSafe.Replace(text), ".")}
}

var urlSafe = strings.NewReplacer(`"`, "'", "\r\n", " ", "\n", " ", "\r", " ")

// GenericMessage is what the end user reads for every error that is not a Reject.
func GenericMessage(requestID string) string { return lambdafunc.GenericMessage(requestID) }

// publicError gives the error that leaves the function, and logs what stays inside.
func (in *invocation) publicError(ctx context.Context, err error) error {
	var reject *RejectError
	if errors.As(err, &reject) && reject != nil {
		return reject
	}
	return in.GenericError(ctx, err)
}
