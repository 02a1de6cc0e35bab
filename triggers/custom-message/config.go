package main

import "cognito-triggers/shared/settings"

// Config is what the function's settings say about the pool; README.md describes each. What its messages look like is
// read by messages.FromSettings.
type Config struct {
	Email  bool // the pool sends mail through the team's own SES, so that it takes subject and mail from a trigger
	ByLink bool // the pool verifies addresses by link
}

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	return Config{
		Email:  env.OneOf("EMAIL_SENDING_ACCOUNT", "COGNITO_DEFAULT", "COGNITO_DEFAULT", "DEVELOPER") == "DEVELOPER",
		ByLink: env.OneOf("VERIFICATION", "code", "code", "link") == "link",
	}
}
