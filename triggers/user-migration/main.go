package main

import (
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/migration/sources"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

func main() { trigger.Start(events.UserMigration, setup) }

func setup(env *settings.Env) (trigger.Handler[events.UserMigrationRequest, events.UserMigrationResponse], error) {
	return newHandler(readConfig(env), sources.Read(env)), nil
}
