// Package mailsender checks the setting that names the sender of mail. It is apart from package sending, so that
// functions that send no mail do not link net/mail.
package mailsender

import (
	"net/mail"

	"cognito-triggers/shared/signup"
)

// Valid reports whether text is a mailbox that SES takes as a sender, such as hello@example.org or
// Example <hello@example.org>.
func Valid(text string) bool {
	parsed, err := mail.ParseAddress(text)
	if err != nil {
		return false
	}
	_, err = signup.ParseEmail(parsed.Address)
	return err == nil
}
