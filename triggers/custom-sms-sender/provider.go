package main

import (
	"cognito-triggers/shared/customsender"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/sending/endusermessaging"
	"cognito-triggers/shared/sending/sns"
	"cognito-triggers/shared/settings"
)

const (
	snsSetting              = "SEND_WITH_SNS"
	endUserMessagingSetting = "SEND_WITH_END_USER_MESSAGING"
)

// provider chooses who sends the message, by the settings.
func provider(env *settings.Env, sender *customsender.Sender) sending.SMSSender {
	var first sending.SMSSender
	viaSNS, viaEndUserMessaging := env.Bool(snsSetting, false), env.Bool(endUserMessagingSetting, false)
	switch {
	case viaSNS && viaEndUserMessaging:
		env.Fail(snsSetting, "and %s are both on: switch one off", endUserMessagingSetting)
	case viaSNS:
		first = sns.FromSettings(env)
	case viaEndUserMessaging:
		first = endusermessaging.FromSettings(env)
	}
	http := customsender.HTTPProvider(env)
	return customsender.Providers[sending.SMSSender](env, snsSetting, first, http, [2]bool{first != nil, http != nil},
		func(first, second sending.SMSSender) sending.SMSSender {
			return sending.SMSFailOver{FailOver: sender.FailOver(), First: first, Second: second}
		})
}
