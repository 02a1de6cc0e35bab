package sources

import (
	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/signup"
)

// Defaults of the rules: the attributes that most systems have, and the policy of terraform/pool.auto.tfvars.json.
const (
	DefaultAttributes = `{"email":"email","name":"name","given_name":"given_name","family_name":"family_name",` +
		`"locale":"locale"}`
	DefaultPolicy = `{"minimum_length":8,"require_lowercase":true,"require_uppercase":true,"require_numbers":true,` +
		`"require_symbols":true}`
)

// ReadRules reads the rules by which accounts become users. Problems are recorded in env.
func ReadRules(env *settings.Env) migration.Rules {
	const attributes, policy = "ATTRIBUTES", "PASSWORD_POLICY"
	r := migration.Rules{DropSecondFactor: env.Bool("DROP_SECOND_FACTOR", false)}
	var err error
	if r.Mapping, err = migration.ParseMapping(env.String(attributes, DefaultAttributes),
		signup.ProtectedAttributes(env)); err != nil {
		env.Fail(attributes, "%v", err)
	}
	if r.Policy, err = migration.ParsePolicy(env.String(policy, DefaultPolicy)); err != nil {
		env.Fail(policy, "%v", err)
	}
	return r
}
