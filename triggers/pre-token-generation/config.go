package main

import (
	_ "embed" // for rules.json
	"errors"
	"log/slog"

	"cognito-triggers/shared/claims"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/settings"
)

// ownRules is the built-in rule file. CLAIM_RULES replaces it.
//
//go:embed rules.json
var ownRules []byte

// Config is the function's settings; README.md describes each.
type Config struct {
	Rules        *claims.Set
	BudgetBytes  int // per token
	ProfileTable string
	Profile      profile.Builder
}

const (
	rulesSetting = "CLAIM_RULES"
	tableSetting = "PROFILE_TABLE"
)

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	config := Config{
		BudgetBytes:  env.Int("CLAIMS_BUDGET_BYTES", 4096, 256, 65536),
		ProfileTable: env.Lookup(tableSetting),
		Profile:      profile.NewBuilder(env),
	}
	origin, file := "rules.json", ownRules
	if text := env.Lookup(rulesSetting); text != "" {
		origin, file = rulesSetting, []byte(text)
	}
	config.Rules = readRules(env, origin, file)
	if config.Rules.ReadsProfile() && config.ProfileTable == "" {
		withoutTable(env, origin)
	}
	return config
}

// readRules compiles a rule file. For an invalid one it returns an empty set and records the problems in env.
func readRules(env *settings.Env, origin string, file []byte) *claims.Set {
	rules, err := claims.Compile(file, claims.Options{
		Version:             eventVersion(env),
		AdminOnlyAttributes: env.List("ADMIN_ONLY_ATTRIBUTES"),
		MappedAttributes:    env.List("MAPPED_ATTRIBUTES"),
	})
	var wrong *claims.FileError
	if errors.As(err, &wrong) {
		for _, problem := range wrong.Problems {
			env.Fail(origin, "is wrong: %s", problem)
		}
		return &claims.Set{}
	}
	return rules
}

// eventVersion returns the event version in the pool's pre_token_generation_config.
func eventVersion(env *settings.Env) cognito.TokenVersion {
	switch env.OneOf("EVENT_VERSION", "V2_0", "V1_0", "V2_0", "V3_0") {
	case "V1_0":
		return cognito.V1
	case "V3_0":
		return cognito.V3
	}
	return cognito.V2
}

// withoutTable refuses an operator's rules that could never have a value. The built-in rules must work before anything
// is set up.
func withoutTable(env *settings.Env, origin string) {
	if origin == rulesSetting {
		env.Fail(tableSetting, "is not set: %s takes claims from the profile, so name the DynamoDB table of the profiles",
			origin)
		return
	}
	slog.Warn(tableSetting + " is not set: rules that take claims from the profile have no effect")
}
