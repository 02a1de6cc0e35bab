package main

import (
	_ "embed" // for rules.json

	"cognito-triggers/shared/inbound"
	"cognito-triggers/shared/settings"
)

// ownRules is the built-in rule file. ATTRIBUTE_RULES replaces it.
//
//go:embed rules.json
var ownRules []byte

// Config is the function's settings; README.md describes each.
type Config struct {
	Rules *inbound.Set
}

const rulesSetting = "ATTRIBUTE_RULES"

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	return Config{Rules: inbound.Read(env, rulesSetting, "rules.json", ownRules)}
}
