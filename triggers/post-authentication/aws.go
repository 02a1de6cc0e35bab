package main

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/awsjson"
	"cognito-triggers/shared/profile/dynamo"
	"cognito-triggers/shared/sending/seslight"
	"cognito-triggers/shared/settings"
)

// newServices checks the environment at cold start. The store's client is made at its first use.
func newServices(env *settings.Env, config Config) services {
	var s services
	if config.ProfileTable != "" {
		aws := awsenv.Config(env, "DYNAMODB")
		client := sync.OnceValue(func() dynamo.API { return dynamodb.NewFromConfig(aws) })
		s.profiles = dynamo.New(client, config.ProfileTable)
	}
	if config.NoticeFrom != "" {
		s.mail = seslight.FromSettings(env)
	}
	if config.EventBus != "" {
		s.bus = eventBus{awsjson.New(env, awsjson.EventBridge()), config.EventBus}
	}
	return s
}

// eventBus puts events on a bus of EventBridge.
type eventBus struct {
	client *awsjson.Client
	arn    string
}

// Put implements bus. See https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
func (b eventBus) Put(ctx context.Context, s signIn) error {
	detail, err := json.Marshal(s)
	if err != nil {
		return err
	}
	type entry struct{ EventBusName, Source, DetailType, Detail string }
	var out struct{ FailedEntryCount int }
	err = b.client.Call(ctx, awsjson.Request{Operation: "PutEvents", Body: map[string][]entry{
		"Entries": {{EventBusName: b.arn, Source: "cognito-triggers", DetailType: "Sign-in", Detail: string(detail)}},
	}}, &out)
	if err == nil && out.FailedEntryCount > 0 {
		err = errors.New("EventBridge did not take the event")
	}
	return err
}
