package main

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/challenge/dynamo"
	"cognito-triggers/shared/sending/ses"
	"cognito-triggers/shared/sending/sns"
	"cognito-triggers/shared/settings"
)

// newServices checks the environment at cold start. Each client is made at its first use.
func newServices(env *settings.Env, config Config) services {
	table := awsenv.Config(env, "DYNAMODB")
	s := services{store: dynamo.New(sync.OnceValue(func() dynamo.API { return dynamodb.NewFromConfig(table) }),
		config.Table)}
	if config.mails() {
		s.mail = ses.FromSettings(env)
	}
	if config.offers(smsCode) {
		s.sms = sns.FromSettings(env)
	}
	return s
}
