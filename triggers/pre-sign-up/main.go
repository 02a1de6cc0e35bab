package main

import (
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.PreSignUp, setup) }

func setup(env *settings.Env) (trigger.Handler[events.PreSignUpRequest, events.PreSignUpResponse], error) {
	config := readConfig(env)
	return newHandler(config, newCognitoPool(env, config)), nil
}
