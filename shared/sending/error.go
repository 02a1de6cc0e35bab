package sending

import (
	"errors"
	"fmt"
)

// Class says what an error means for the message.
type Class int

// The classes of errors.
const (
	// Unknown: the provider may have accepted the message and may not. Another attempt may send it twice.
	Unknown Class = iota
	// Temporary: the provider has not accepted the message, for a reason that lies with the provider, the account or the
	// settings. Another provider may accept it now, or this one later.
	Temporary
	// Permanent: the message itself was refused. Another attempt will not help.
	Permanent
)

// String returns the class in a word.
func (c Class) String() string {
	switch c {
	case Temporary:
		return "temporary"
	case Permanent:
		return "permanent"
	}
	return "unknown outcome"
}

// Error is the failure of a provider to send a message.
type Error struct {
	Provider string // "ses", "sns", …
	Class    Class
	Err      error
}

// Error returns provider, class and cause.
func (e *Error) Error() string { return fmt.Sprintf("%s (%s): %v", e.Provider, e.Class, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ClassOf returns the class of an error. An error without one is Unknown.
func ClassOf(err error) Class {
	var classed *Error
	if errors.As(err, &classed) {
		return classed.Class
	}
	return Unknown
}
