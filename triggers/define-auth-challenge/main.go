package main

import (
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.DefineAuthChallenge, setup) }

func setup(
	env *settings.Env,
) (trigger.Handler[events.DefineAuthChallengeRequest, events.DefineAuthChallengeResponse], error) {
	return handler{tries: readTries(env)}.handle, nil
}
