package main

import (
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.PreTokenGeneration, setup) }

func setup(
	env *settings.Env,
) (trigger.Handler[events.PreTokenGenerationRequest, events.PreTokenGenerationResponse], error) {
	config := readConfig(env)
	return newHandler(config, newProfiles(env, config)), nil
}
