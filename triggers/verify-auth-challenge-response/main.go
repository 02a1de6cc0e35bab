package main

import (
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/challenge/dynamo"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.VerifyAuthChallengeResponse, setup) }

func setup(
	env *settings.Env,
) (trigger.Handler[events.VerifyAuthChallengeResponseRequest, events.VerifyAuthChallengeResponseResponse], error) {
	config := readConfig(env)
	aws := awsenv.Config(env, "DYNAMODB")
	client := sync.OnceValue(func() dynamo.API { return dynamodb.NewFromConfig(aws) })
	return handler{config, challenge.Desk{Store: dynamo.New(client, config.Table), Now: time.Now}}.handle, nil
}
