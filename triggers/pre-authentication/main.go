package main

import (
	_ "time/tzdata" // the time zones of rules: Lambda's image does not promise to have them

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.PreAuthentication, setup) }

func setup(
	env *settings.Env,
) (trigger.Handler[events.PreAuthenticationRequest, events.PreAuthenticationResponse], error) {
	config := readConfig(env)
	return newHandler(newGate(env, config)), nil
}
