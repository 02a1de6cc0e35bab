// Command custom-email-sender sends a user pool's mail in Cognito's place: codes, temporary passwords, and notices of
// suspicious sign-ins, in the texts of custom-message. Cognito gives it each code encrypted, does not wait for it and
// reads no answer.
//
// A message is sent once, although its event may arrive several times. If it cannot be sent, the function fails, Lambda
// tries again, and in the end leaves the event in the queue of failures, from which poolctl senders redrive takes it.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html
package main

import (
	"context"
	"errors"
	"maps"

	"cognito-triggers/shared/customsender"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/trigger"
)

// sourceTag is the tag with the purpose of a mail, such as SignUp.
const sourceTag = "source"

var errNoText = errors.New("there is no message for this trigger source")

func newHandler(config Config, composer *messages.Composer, mailer sending.EmailSender, sender *customsender.Sender,
) trigger.Handler[events.CustomEmailSenderRequest, events.CustomEmailSenderResponse] {
	return func(ctx context.Context, e *events.CustomEmailSenderEvent) error {
		event := customsender.Event{
			Envelope: e.Envelope, Code: e.Request.Code,
			Attributes: e.Request.UserAttributes, Metadata: e.Request.ClientMetadata,
		}
		if !customsender.Writes(event.Kind()) {
			trigger.Count(ctx, customsender.MessagesFailed)
			return errNoText
		}
		to, err := signup.ParseEmail(event.Attributes["email"])
		if err != nil {
			customsender.Refuse(ctx, "the user has no address that mail can be delivered to")
			return nil
		}
		address := to.Address()
		trigger.Hide(ctx, address) // it may be spelled differently than in the event
		return sender.Deliver(ctx, customsender.Message{
			Event: event, Recipient: address,
			Send: func(ctx context.Context, kind messages.Kind, code, id string) error {
				return send(ctx, config, composer, mailer, event, address, kind, code, id)
			},
		})
	}
}

func send(ctx context.Context, config Config, composer *messages.Composer, mailer sending.EmailSender,
	event customsender.Event, address string, kind messages.Kind, code, id string) error {
	mail, err := customsender.Write(composer, event, kind, code)
	if err != nil {
		return &sending.Error{Provider: "messages", Class: sending.Permanent, Err: err}
	}
	trigger.Note(ctx, "Locale", mail.Locale)
	tags := maps.Clone(config.Tags)
	tags[sourceTag] = string(kind)
	_, err = mailer.SendEmail(ctx, sending.Email{
		ID: id, From: config.From, To: address, ReplyTo: config.ReplyTo,
		Subject: mail.Subject, HTML: mail.HTML, Text: mail.Text,
		ConfigurationSet: config.ConfigurationSet, Tags: tags,
	})
	return err
}
