package main

import (
	"context"
	"log/slog"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/phone"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/trigger"
)

// send writes the message for everybody and sends it to users who exist and whose address is verified. It returns no
// error: the client's answer must not depend on whether there was somebody to send to. A lost message is counted, and
// the user can ask for another after the wait.
func (h handler) send(ctx context.Context, e *events.CreateAuthChallengeEvent, method challenge.Method, page string,
	offer challenge.Offer) {
	attributes := e.Request.UserAttributes
	in, kind := messages.Insertions{Code: offer.Secret}, messages.SignInCode
	if method == magicLink {
		in, kind = messages.Insertions{Link: challenge.Link(page, e.UserName, offer.Secret)}, messages.SignInLink
	}
	message, err := h.config.Messages.Write(kind, attributes, e.Request.ClientMetadata, in)
	to := recipient(method, attributes)
	if to != "" {
		trigger.Hide(ctx, to) // it may be spelled differently than in the event
	}
	switch {
	case events.True(e.Request.UserNotFound) || to == "":
		slog.InfoContext(ctx, "nothing is sent: there is no user, or no verified address")
		return
	case err != nil:
	case method == smsCode:
		_, err = h.sms.SendSMS(ctx, sending.SMS{
			ID: offer.ID, To: to, Text: message.SMS, SenderID: h.config.SMS.ID, OriginationID: h.config.SMS.Number,
		})
	default:
		_, err = h.mail.SendEmail(ctx, sending.Email{
			ID: offer.ID, From: h.config.Mail.From, To: to, ReplyTo: h.config.Mail.ReplyTo, Subject: message.Subject,
			HTML: message.HTML, Text: message.Text, ConfigurationSet: h.config.Mail.ConfigurationSet,
		})
	}
	if err != nil {
		trigger.Count(ctx, messagesLost)
		slog.ErrorContext(ctx, "the sign-in message is lost: the user can ask for another", "method", string(method),
			"error", err)
		return
	}
	trigger.Count(ctx, messagesSent)
	slog.InfoContext(ctx, "sign-in message sent", "method", string(method), "locale", message.Locale)
}

// recipient returns the user's address for a method, or "" if it is not verified or not usable.
func recipient(method challenge.Method, attributes map[string]string) string {
	if method == smsCode {
		number, err := phone.Parse(attributes["phone_number"])
		if err != nil || !cognito.IsTrue(attributes["phone_number_verified"]) {
			return ""
		}
		return number.String()
	}
	address, err := signup.ParseEmail(attributes["email"])
	if err != nil || !cognito.IsTrue(attributes["email_verified"]) {
		return ""
	}
	return address.Address()
}
