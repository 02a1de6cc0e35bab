package main

import (
	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/migration/sources"
	"cognito-triggers/shared/settings"
)

// Config is the function's settings; README.md describes each. The source has its own, see package sources.
type Config struct {
	Rules   migration.Rules
	Welcome bool // whether Cognito sends the migrated user a message
}

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	env.Required(sources.Setting, "name where the users are: service, table or user-pool")
	return Config{Rules: sources.ReadRules(env), Welcome: env.Bool("WELCOME_MESSAGE", false)}
}
