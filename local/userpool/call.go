package userpool

import (
	"context"
	"encoding/json"
	"fmt"

	"cognito-triggers/local/userpool/internal/accounts"
	"cognito-triggers/local/userpool/internal/wire"
)

// Call calls an operation of the API without HTTP, with the same checks. It encodes in as the request's JSON and
// decodes the output into out, which may be nil. The error is an *APIError with AWS's code and text.
func (s *Server) Call(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	op := s.operations[operation]
	if op == nil || !op.Served() {
		return fmt.Errorf("the local user pool does not support %s", operation)
	}
	result, warnings, err := op.Run(ctx, wire.Request{BaseURL: s.options.BaseURL}, body)
	if err != nil {
		known := wire.ExceptionOf(operation, err)
		return &APIError{Code: known.Name, Message: known.Text}
	}
	s.warnOnce(warnings...)
	if durable := s.durable(); durable != nil {
		if err := durable.Sync(); err != nil {
			return err
		}
	}
	if out == nil {
		return nil
	}
	text, err := json.Marshal(result)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, out)
}

// APIError is an error of the API.
type APIError struct {
	Code    string // UsernameExistsException, for example
	Message string
}

// Error implements error.
func (e *APIError) Error() string { return e.Code + ": " + e.Message }

// WithSub makes AdminCreateUser, called with this context, give the user a sub of the caller's choice.
func WithSub(ctx context.Context, sub string) context.Context { return accounts.WithSub(ctx, sub) }
