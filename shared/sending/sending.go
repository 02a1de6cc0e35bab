// Package sending has the values and interfaces through which functions send mail and text messages. The providers are
// packages beneath it (ses, sns, …), so that a function links only those that it uses.
//
// An error says what the caller may do about it: see Class.
package sending

import (
	"context"
	"time"
)

// Email is one mail to one person.
type Email struct {
	ID               string // the same in every attempt, for providers that know idempotency keys; may be empty
	From             string // hello@example.org or Example <hello@example.org>
	To               string
	ReplyTo          string // may be empty
	Subject          string
	HTML, Text       string            // one of them may be empty
	ConfigurationSet string            // SES's; may be empty
	Tags             map[string]string // for the provider's events and reports; never a user's data
}

// SMS is one text message to one phone number.
type SMS struct {
	ID               string // as in Email
	To               string // E.164, for example +14325551212
	Text             string
	SenderID         string        // shown as the sender where the country allows it; may be empty
	OriginationID    string        // the sender's phone number, or End User Messaging's pool or ARN; may be empty
	ConfigurationSet string        // End User Messaging's; may be empty
	MaxPrice         string        // in US dollars, for example 0.50; may be empty
	TimeToLive       time.Duration // how long delivery is tried; 0 is the provider's default
	EntityID         string        // for India (DLT); may be empty
	TemplateID       string        // for India (DLT); may be empty
}

// EmailSender sends a mail once per call: it repeats an attempt only if the first cannot have succeeded. It returns
// the provider's id of the mail, or an error with a Class. It is safe for concurrent use.
type EmailSender interface {
	SendEmail(ctx context.Context, mail Email) (id string, err error)
}

// SMSSender is the like for text messages.
type SMSSender interface {
	SendSMS(ctx context.Context, message SMS) (id string, err error)
}
