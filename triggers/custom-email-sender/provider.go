package main

import (
	"cognito-triggers/shared/customsender"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/sending/ses"
	"cognito-triggers/shared/settings"
)

const sesSetting = "SEND_WITH_SES"

// provider chooses who sends the mail, by the settings.
func provider(env *settings.Env, sender *customsender.Sender) sending.EmailSender {
	var first sending.EmailSender
	has := env.Bool(sesSetting, false)
	if has {
		first = ses.FromSettings(env)
	}
	http := customsender.HTTPProvider(env)
	return customsender.Providers[sending.EmailSender](env, sesSetting, first, http, [2]bool{has, http != nil},
		func(first, second sending.EmailSender) sending.EmailSender {
			return sending.EmailFailOver{FailOver: sender.FailOver(), First: first, Second: second}
		})
}
