package federation

import (
	"errors"
	"strings"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/federation/upstream"
	"cognito-triggers/local/userpool/internal/wire"
)

// Refusal is why a sign-in failed, as the app learns it at its callback.
type Refusal struct {
	Server bool   // server_error, in place of invalid_request
	Text   string // error_description
}

// Error implements error.
func (r *Refusal) Error() string { return r.Text }

// samlType is the type of SAML providers, whose errors have forms of their own.
const samlType = "SAML"

// refusal puts an error into the form that Cognito sends to the callback.
func refusal(p directory.Provider, err error) *Refusal {
	var trigger *fire.Error
	var provider *upstream.Error
	text := strings.TrimRight(wire.ExceptionOf("", err).Text, "\n")
	before := "Error in SAML response processing: "
	switch {
	case errors.As(err, &provider):
		text, before = provider.Text, "Invalid SAML response received: "
	case errors.As(err, &trigger):
		text, before = trigger.Message, "Invalid SAML response received: "
		if p.Type != samlType {
			text += " " // AWS has it, before the other parameters
		}
	case fault.Is(err, fault.ImmutableAttribute):
		var known *fault.Error
		_ = errors.As(err, &known) // it is one
		text = "Invalid user attributes: " + known.Args[0] + ": Attribute cannot be updated."
	}
	if p.Type == samlType {
		return &Refusal{Server: true, Text: before + text}
	}
	return &Refusal{Text: text}
}
