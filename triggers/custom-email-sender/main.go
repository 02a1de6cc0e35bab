package main

import (
	"cognito-triggers/shared/customsender"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.CustomEmailSender, setup) }

func setup(
	env *settings.Env,
) (trigger.Handler[events.CustomEmailSenderRequest, events.CustomEmailSenderResponse], error) {
	composer, err := messages.FromSettings(env)
	if err != nil {
		return nil, err
	}
	sender := customsender.FromSettings(env)
	config := readConfig(env)
	return newHandler(config, composer, provider(env, sender), sender), nil
}
