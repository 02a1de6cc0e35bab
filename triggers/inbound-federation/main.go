package main

import (
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.InboundFederation, setup) }

func setup(
	env *settings.Env,
) (trigger.Handler[events.InboundFederationRequest, events.InboundFederationResponse], error) {
	return newHandler(readConfig(env)), nil
}
