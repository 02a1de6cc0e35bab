package main

import (
	"context"
	"errors"
	"log/slog"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/trigger"
)

// mailer sends one mail. It must not repeat an attempt that may have succeeded.
type mailer interface {
	Send(ctx context.Context, from, to string, mail messages.Mail) error
}

// wantsWelcome reports whether to send a mail: only to a verified and real address. Cognito invents a value for a
// required attribute that the identity provider did not supply.
func (h handler) wantsWelcome(e *events.PostConfirmationEvent) bool {
	attributes := e.Request.UserAttributes
	return h.config.WelcomeFrom != "" && cognito.IsTrue(attributes["email_verified"]) && attributes["email"] != "" &&
		attributes["email"] != "cognito:default_val"
}

// welcome sends the welcome mail, at most once per account: it first claims the mail in the profile, which succeeds
// only once. If a later step fails, the mail is lost, because another attempt could send a second mail.
func (h handler) welcome(ctx context.Context, e *events.PostConfirmationEvent, key profile.Key) {
	attributes := e.Request.UserAttributes
	to, err := signup.ParseEmail(attributes["email"])
	if err != nil {
		lose(ctx, "SES cannot deliver to the user's address", err)
		return
	}
	address := to.Address()
	trigger.Hide(ctx, address) // it may be spelled differently than in the event
	mail, err := h.config.Messages.Welcome(attributes, e.Request.ClientMetadata)
	if err != nil {
		lose(ctx, "it cannot be written", err)
		return
	}
	claimed, err := h.profiles.ClaimWelcome(ctx, key, h.now())
	switch {
	case errors.Is(err, profile.ErrDeleted), errors.Is(err, profile.ErrNotFound):
		return // deleted a moment ago
	case err != nil:
		lose(ctx, "it cannot be claimed", err)
		return
	case !claimed:
		return
	}
	// Logged before the mail is sent: if the process dies now, this line without "sent" shows the loss.
	slog.InfoContext(ctx, "welcome mail claimed")
	if err := h.mailer.Send(ctx, h.config.WelcomeFrom, address, mail); err != nil {
		lose(ctx, "SES did not accept it", err)
		return
	}
	trigger.Count(ctx, welcomeEmailsSent)
	slog.InfoContext(ctx, "welcome mail sent", "locale", mail.Locale)
}

func lose(ctx context.Context, reason string, err error) {
	trigger.Count(ctx, mailsLost)
	slog.ErrorContext(ctx, "the welcome mail is lost", "reason", reason, "error", err)
}
