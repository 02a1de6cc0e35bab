// Package migration decides what becomes of a user whom an old system knows and the user pool does not: the account
// with which Cognito makes them, a reset of the password, or nothing. It holds the rules and the interface of a Source,
// data in and decision out; the sources are packages below it, and a repository can have its own.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
package migration

import (
	"context"
	"errors"
)

// Source is an old system that knows users and their passwords. Cognito may repeat a call, so neither method may change
// anything that matters. An implementation must be safe for concurrent use and give up when ctx ends.
type Source interface {
	Directory
	// SignIn returns the account of the user who signs in with the name, exactly as it was typed, if the password is
	// right. Otherwise the error is ErrUnknown or ErrWrongPassword, after about the same time; any other error means that
	// the source did not decide.
	SignIn(ctx context.Context, name, password string) (Account, error)
}

// Directory is the part of a Source that needs no password.
type Directory interface {
	// LookUp returns the account that signs in with the name: a user name, an e-mail address or a phone number. The error
	// is ErrUnknown if there is none, ErrNoLookUp if the source tells nothing without a password, and any other if the
	// source did not decide.
	LookUp(ctx context.Context, name string) (Account, error)
}

// Errors of sources. An error must contain neither password nor attributes.
var (
	ErrUnknown       = errors.New("the source has no such user")
	ErrWrongPassword = errors.New("the password is wrong")
	ErrNoLookUp      = errors.New("the source tells nothing about users without their passwords")
)

// Account is what a source knows of a user.
type Account struct {
	// Attributes have the source's own names; Mapping says which become attributes of the user pool.
	Attributes map[string]string
	// Verified names the attributes that the source has verified to belong to the user: addresses and phone numbers.
	Verified map[string]bool
	// Disabled accounts are treated like unknown ones.
	Disabled bool
	// SecondFactor is set if the source asks for more than a password. Cognito cannot take a second factor over.
	SecondFactor bool
	// ResetRequired is set if the password cannot be kept: the source wants another one, or cannot check it.
	ResetRequired bool
}
