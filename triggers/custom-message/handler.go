// Command custom-message writes the messages that a user pool sends: sign-up and reset codes, invitations, sign-in
// codes. Cognito calls it before it sends a message, with placeholders for the code, which the function never sees. The
// function chooses the language and writes the texts. If it cannot write one, the pool's own template is used: a
// message must not fail a sign-up.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
package main

import (
	"context"
	"log/slog"
	"strings"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/trigger"
)

// composer writes messages; messages.Composer does.
type composer interface {
	Compose(messages.Request) (messages.Message, error)
}

// The counters of the metrics line.
const (
	fallbacks = "MessageFallbacks"  // a text is left to the pool's own template
	shortened = "MessagesShortened" // a text was too long, and a shorter one is sent
)

func newHandler(config Config,
	compose composer) trigger.Handler[events.CustomMessageRequest, events.CustomMessageResponse] {
	return func(ctx context.Context, e *events.CustomMessageEvent) error {
		message, err := compose.Compose(request(config, e))
		if err != nil {
			trigger.Count(ctx, fallbacks)
			slog.WarnContext(ctx, "the pool's own template is sent", "error", err)
			return nil
		}
		report(ctx, message)
		e.Response.SMSMessage = set(message.SMS)
		e.Response.EmailSubject = set(message.Subject)
		e.Response.EmailMessage = set(message.HTML)
		return nil
	}
}

func request(config Config, e *events.CustomMessageEvent) messages.Request {
	_, kind, _ := strings.Cut(e.TriggerSource, "_")
	return messages.Request{
		Kind:       messages.Kind(kind),
		Attributes: e.Request.UserAttributes,
		Metadata:   e.Request.ClientMetadata,
		UserName:   e.UserName,
		Code:       string(e.Request.CodeParameter),
		Username:   string(e.Request.UsernameParameter),
		Link:       string(e.Request.LinkParameter),
		Email:      config.Email,
		ByLink:     config.ByLink,
	}
}

func report(ctx context.Context, message messages.Message) {
	trigger.Note(ctx, "Locale", message.Locale)
	if message.Shortened {
		trigger.Count(ctx, shortened)
	}
	if message.Omitted {
		trigger.Count(ctx, fallbacks)
		slog.WarnContext(ctx, "a text is left to the pool's own template: none fits, or the event has no link", "locale",
			message.Locale)
	}
}

// set leaves an empty text unset: Cognito refuses empty texts, and uses the pool's template for unset ones.
func set(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
