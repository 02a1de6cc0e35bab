package main

import (
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.PostAuthentication, setup) }

func setup(
	env *settings.Env,
) (trigger.Handler[events.PostAuthenticationRequest, events.PostAuthenticationResponse], error) {
	config, err := readConfig(env)
	if err != nil {
		return nil, err
	}
	return newHandler(config, newServices(env, config)), nil
}
