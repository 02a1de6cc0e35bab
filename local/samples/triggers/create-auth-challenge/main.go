package main

import (
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.CreateAuthChallenge, setup) }

func setup(
	*settings.Env,
) (trigger.Handler[events.CreateAuthChallengeRequest, events.CreateAuthChallengeResponse], error) {
	return handle, nil
}
