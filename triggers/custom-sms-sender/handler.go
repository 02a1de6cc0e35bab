// Command custom-sms-sender sends a user pool's text messages in Cognito's place: codes, temporary passwords, and
// notices of suspicious sign-ins, in the texts of custom-message. Cognito gives it each code encrypted, does not wait
// for it and reads no answer.
//
// Whoever signs up can have text messages sent to any number, and numbers exist that pay the caller. So messages go to
// listed countries only, and a block of neighbouring numbers gets a limited number of them.
//
// A message is sent once, although its event may arrive several times. If it cannot be sent, the function fails, Lambda
// tries again, and in the end leaves the event in the queue of failures, from which poolctl senders redrive takes it.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sms-sender.html
package main

import (
	"context"
	"errors"
	"log/slog"

	"cognito-triggers/shared/customsender"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/phone"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/sendonce"
	"cognito-triggers/shared/trigger"
)

// countriesRefused counts messages to countries that are not allowed.
const countriesRefused = "CountriesRefused"

var errNoText = errors.New("there is no message for this trigger source")

func newHandler(config Config, composer *messages.Composer, texter sending.SMSSender, sender *customsender.Sender,
) trigger.Handler[events.CustomSMSSenderRequest, events.CustomSMSSenderResponse] {
	return func(ctx context.Context, e *events.CustomSMSSenderEvent) error {
		event := customsender.Event{
			Envelope: e.Envelope, Code: e.Request.Code,
			Attributes: e.Request.UserAttributes, Metadata: e.Request.ClientMetadata,
		}
		if !customsender.Writes(event.Kind()) {
			trigger.Count(ctx, customsender.MessagesFailed)
			return errNoText
		}
		to, err := phone.Parse(event.Attributes["phone_number"])
		if err != nil {
			customsender.Refuse(ctx, "the user has no phone number")
			return nil
		}
		country := to.Country()
		if config.Countries != nil && !config.Countries[country] {
			trigger.Count(ctx, countriesRefused)
			customsender.Refuse(ctx, "the number is in a country that "+countriesSetting+" does not list")
			slog.InfoContext(ctx, "the number's country", "country", country)
			return nil
		}
		return sender.Deliver(ctx, customsender.Message{
			Event: event, Recipient: to.String(),
			Limits: []customsender.Limit{{
				Key: "block " + sendonce.Hash(e.UserPoolID, to.Block()), Max: config.PerBlock,
			}},
			Send: func(ctx context.Context, kind messages.Kind, code, id string) error {
				return send(ctx, config, composer, texter, event, to, kind, code, id)
			},
		})
	}
}

func send(ctx context.Context, config Config, composer *messages.Composer, texter sending.SMSSender,
	event customsender.Event, to phone.Number, kind messages.Kind, code, id string) error {
	text, err := customsender.Write(composer, event, kind, code)
	if err != nil {
		return &sending.Error{Provider: "messages", Class: sending.Permanent, Err: err}
	}
	trigger.Note(ctx, "Locale", text.Locale)
	message := config.Message
	message.ID, message.To, message.Text = id, to.String(), text.SMS
	_, err = texter.SendSMS(ctx, message)
	return err
}
