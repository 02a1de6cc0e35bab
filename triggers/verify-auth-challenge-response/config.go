package main

import (
	"time"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/settings"
)

// Config is the function's settings; README.md describes each.
type Config struct {
	Table string
	Wrong challenge.Rolling
}

const (
	tableSetting  = "CHALLENGES_TABLE"
	mostSetting   = "MAX_WRONG_ANSWERS"
	withinSetting = "WRONG_ANSWERS_MINUTES"
)

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	// The window is at least as long as a link lives, so that no code or link outlives its limit.
	const shortest, longest = int(challenge.MaxLinkLasts / time.Minute), 24 * 60
	return Config{
		Table: env.Required(tableSetting, "name the DynamoDB table that the challenges are kept in"),
		Wrong: challenge.Rolling{
			Most:   env.Int(mostSetting, 5, 1, 20),
			Within: time.Duration(env.Int(withinSetting, 60, shortest, longest)) * time.Minute,
		},
	}
}
