// Package fault holds the errors of the user pool's domain: a code that says what a rule refuses, and what the refusal
// speaks of. Rules return them and know nothing of AWS's exceptions; package wire gives each its name and its text.
package fault

import (
	"errors"
	"strings"
)

// Error is what a rule of the pool refuses.
type Error struct {
	Code Code
	Args []string // what the text names, in the order of the text: an id, an attribute, a status
}

// New makes an error. The code's comment says which arguments it takes.
func New(code Code, args ...string) *Error { return &Error{Code: code, Args: args} }

// Error implements error. It is for logs and tests; clients read the text that package wire makes.
func (e *Error) Error() string {
	if len(e.Args) == 0 {
		return string(e.Code)
	}
	return string(e.Code) + ": " + strings.Join(e.Args, ", ")
}

// CodeOf gives the code of an error; ok is false where it is none of the domain's.
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

// Retryable reports whether a client may mend what it sent and send it again within the same step: a code or a password
// that was mistyped, a parameter that was left out.
func Retryable(err error) bool {
	return Is(err, CodeMismatch, PasswordPolicy, PasswordReused, Invalid, MissingParameter, Constraint, Schema,
		ImmutableAttribute, ReservedAttribute)
}

// Constrain is the error of a member that breaks one of the API's constraints; the member is named by its path, which
// begins with a small letter.
func Constrain(path, constraint string) *Error { return New(Constraint, path, constraint) }

// OneOf is the constraint of a member that takes certain values only.
func OneOf(values ...string) string {
	return "Member must satisfy enum value set: [" + strings.Join(values, ", ") + "]"
}
