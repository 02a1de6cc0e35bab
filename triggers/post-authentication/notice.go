package main

import (
	"context"
	"fmt"
	"time"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/trigger"
)

// notice writes the mail about a sign-in with an app client or a device that is new to the user.
func (h handler) notice(ctx context.Context, e *events.PostAuthenticationEvent, at time.Time) (sending.Email, error) {
	attributes := e.Request.UserAttributes
	to, err := signup.ParseEmail(attributes["email"])
	if err != nil {
		return sending.Email{}, fmt.Errorf("SES cannot deliver to the user's address: %w", err)
	}
	address := to.Address()
	trigger.Hide(ctx, address) // it may be spelled differently than in the event
	text, err := h.config.Messages.Write(messages.NewSignIn, attributes, e.Request.ClientMetadata, messages.Insertions{
		SignIn: messages.SignIn{Time: messages.FormatTime(at)},
	})
	if err != nil {
		return sending.Email{}, err
	}
	return sending.Email{
		From: h.config.NoticeFrom, To: address, Subject: text.Subject, HTML: text.HTML, Text: text.Text,
	}, nil
}
