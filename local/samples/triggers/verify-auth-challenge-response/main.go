package main

import (
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.VerifyAuthChallengeResponse, setup) }

func setup(
	*settings.Env,
) (trigger.Handler[events.VerifyAuthChallengeResponseRequest, events.VerifyAuthChallengeResponseResponse], error) {
	return handle, nil
}
