package main

import (
	"time"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.CreateAuthChallenge, setup) }

func setup(
	env *settings.Env,
) (trigger.Handler[events.CreateAuthChallengeRequest, events.CreateAuthChallengeResponse], error) {
	config, err := readConfig(env)
	if err != nil {
		return nil, err
	}
	return newHandler(config, newServices(env, config), time.Now), nil
}
