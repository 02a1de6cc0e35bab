// Package fault defines the errors of the user pool's rules: a code and the arguments of its text. Rules return them
// without knowing AWS's exceptions; package wire translates each into AWS's name and text.
package fault

import (
	"errors"
	"strings"
)

// Error is the violation of a rule.
type Error struct {
	Code Code
	Args []string // arguments of the text, such as an ID, an attribute or a status
}

// New returns an error. The code's comment lists its arguments.
func New(code Code, args ...string) *Error { return &Error{Code: code, Args: args} }

// Error implements error. The text is for logs and tests; clients get the text of package wire.
func (e *Error) Error() string {
	if len(e.Args) == 0 {
		return string(e.Code)
	}
	return string(e.Code) + ": " + strings.Join(e.Args, ", ")
}

// CodeOf returns the code of an error. If the error is not an *Error, ok is false.
func CodeOf(err error) (code Code, ok bool) {
	var known *Error
	if !errors.As(err, &known) {
		return "", false
	}
	return known.Code, true
}

// Is reports whether an error has one of the codes.
func Is(err error, codes ...Code) bool {
	got, ok := CodeOf(err)
	if !ok {
		return false
	}
	for _, code := range codes {
		if got == code {
			return true
		}
	}
	return false
}

// Retryable reports whether a client may correct its input and try the same step again, for example after a wrong code,
// a wrong password or a missing parameter.
func Retryable(err error) bool {
	return Is(err, CodeMismatch, SignInCodeMismatch, TOTPWrong, TOTPUsed, PasswordPolicy, PasswordReused, Invalid,
		MissingParameter, Constraint, Schema, ImmutableAttribute, ReservedAttribute, AttributeMissing, AttributeProvided)
}

// Constrain returns the error for a member that violates a constraint of the API. The path identifies the member and
// begins with a lower-case letter.
func Constrain(path, constraint string) *Error { return New(Constraint, path, constraint) }

// OneOf returns the text of the constraint that a member must have one of the values.
func OneOf(values ...string) string {
	return "Member must satisfy enum value set: [" + strings.Join(values, ", ") + "]"
}
