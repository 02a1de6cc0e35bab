package main

import "cognito-triggers/shared/settings"

// Config is the function's settings about the pool; README.md describes each. messages.FromSettings reads the others.
type Config struct {
	Email  bool // the pool sends mail through SES, so it accepts subject and mail from a trigger
	ByLink bool // the pool verifies addresses by link
}

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	return Config{
		Email:  env.OneOf("EMAIL_SENDING_ACCOUNT", "COGNITO_DEFAULT", "COGNITO_DEFAULT", "DEVELOPER") == "DEVELOPER",
		ByLink: env.OneOf("VERIFICATION", "code", "code", "link") == "link",
	}
}
