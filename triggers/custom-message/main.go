package main

import (
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.CustomMessage, setup) }

func setup(env *settings.Env) (trigger.Handler[events.CustomMessageRequest, events.CustomMessageResponse], error) {
	composer, err := messages.FromSettings(env)
	if err != nil {
		return nil, err
	}
	return newHandler(readConfig(env), composer), nil
}
