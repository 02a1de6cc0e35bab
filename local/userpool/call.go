package userpool

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"cognito-triggers/local/userpool/calls"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/accounts"
	"cognito-triggers/local/userpool/internal/stream"
	"cognito-triggers/local/userpool/internal/tokens"
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
	ctx, ended := s.calls.Begin(ctx, callOf(operation, body))
	result, warnings, err := op.Run(ctx, wire.Request{BaseURL: s.options.BaseURL}, body)
	err = exception(operation, err)
	ended(err)
	if err != nil {
		return err
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

// callOf says of whom a request is. It keeps no value of the request but names.
func callOf(operation string, body []byte) calls.Call {
	var names struct {
		UserPoolId, ClientId, Username, AccessToken string
		AuthParameters, ChallengeResponses          struct{ Username string }
	}
	_ = json.Unmarshal(body, &names) // of a wrong type: the operation says so
	c := calls.Call{Operation: operation, PoolID: names.UserPoolId, ClientID: names.ClientId}
	c.UserName = cmp.Or(names.Username, names.AuthParameters.Username, names.ChallengeResponses.Username)
	if c.UserName == "" && names.AccessToken != "" {
		c.PoolID, c.UserName = tokens.Whose(names.AccessToken)
	}
	return c
}

// exception returns the error of an operation as its clients read it; nil for none.
func exception(operation string, err error) error {
	if err == nil {
		return nil
	}
	known := wire.ExceptionOf(operation, err)
	return &APIError{Code: known.Name, Message: known.Text}
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

// Position is how far a reader of GET /local/stream has read, which takes it as after.
type Position = stream.Position

// Summary is an event without what it was called with and what it answered.
type Summary = stream.Summary

// SummaryOf returns the summary of an event.
func SummaryOf(r fire.Record) Summary { return stream.SummaryOf(r) }
