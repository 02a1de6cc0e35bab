package main

import (
	_ "embed" // for rules.json
	"log/slog"

	"cognito-triggers/shared/admission"
	"cognito-triggers/shared/settings"
)

// ownRules is the built-in rule file. SIGN_IN_RULES replaces it.
//
//go:embed rules.json
var ownRules []byte

// Config is the function's settings; README.md describes each.
type Config struct {
	Rules        *admission.Set
	ProfileTable string
	PoolGroups   bool // whether a user's groups are the pool's, not the profile's
}

const (
	rulesSetting  = "SIGN_IN_RULES"
	tableSetting  = "PROFILE_TABLE"
	groupsSetting = "READ_GROUPS_FROM_POOL"
)

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	config := Config{ProfileTable: env.Lookup(tableSetting), PoolGroups: env.Bool(groupsSetting, false)}
	rules, own := admission.Read(env, rulesSetting, "rules.json", ownRules)
	config.Rules = rules
	needs := rules.Needs()
	switch {
	case config.ProfileTable != "":
	case needs.Groups && !config.PoolGroups:
		env.Fail(groupsSetting, "is not true, and %s is not set: rules in %s look at groups, so switch one on", tableSetting,
			rulesSetting)
	case needs.Profile && own: // rules that could never refuse anybody
		env.Fail(tableSetting, "is not set: rules in %s look at the profile, so name the DynamoDB table of the profiles",
			rulesSetting)
	case needs.Profile: // the built-in rules must work before anything is set up
		slog.Warn(tableSetting + " is not set: the built-in rules have no effect")
	}
	return config
}
