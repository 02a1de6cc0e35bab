// Package sources makes the source of a migration from a function's settings, which have the same names in
// user-migration, in pre-sign-up and for poolctl migrate check. A trigger with a source of its own needs only package
// migration.
package sources

import (
	"context"
	"sync"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/migration/oldpool"
	"cognito-triggers/shared/migration/passwordhash"
	"cognito-triggers/shared/migration/service"
	"cognito-triggers/shared/migration/table"
	"cognito-triggers/shared/secret"
	"cognito-triggers/shared/settings"
)

// Setting names the source: one of the kinds, or nothing.
const Setting = "MIGRATION_SOURCE"

// Kinds of sources.
const (
	Service = "service"
	Table   = "table"
	Pool    = "user-pool"
)

// Memory that a function needs besides a password hash, and what is kept if Lambda does not say how much there is.
const (
	ownMemoryMiB     = 64
	defaultMemoryMiB = 512
)

// Read makes the source that the settings describe. Problems are recorded in env. It returns nil if MIGRATION_SOURCE is
// empty or there are problems.
func Read(env *settings.Env) migration.Source {
	if env.Lookup(Setting) == "" {
		return nil
	}
	switch env.OneOf(Setting, "", Service, Table, Pool) {
	case Service:
		return readService(env)
	case Table:
		return readTable(env)
	case Pool:
		return readPool(env)
	}
	return nil
}

// Limits returns what a password hash may cost in this function's memory.
func Limits(env *settings.Env) passwordhash.Limits {
	memory := env.Int("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", defaultMemoryMiB, 1, 1<<20)
	return passwordhash.Limits{MemoryKiB: max(memory-ownMemoryMiB, 0) << 10}
}

func readService(env *settings.Env) migration.Source {
	const urlSetting, caSetting = "MIGRATION_URL", "MIGRATION_CA"
	o := service.Options{
		URL: env.Required(urlSetting, "name the service, for example https://accounts.example.org/migration"),
	}
	if o.Key = readSecret(env, service.MinKey); o.Key == nil {
		env.Fail("MIGRATION_SECRET_ARN", "is not set: name the secret with the key that signs requests to the service")
	}
	var wrongCA error
	if text := env.Lookup(caSetting); text != "" {
		o.CA, wrongCA = service.ParseCA(text)
	}
	source, err := service.New(o)
	if err != nil && o.URL != "" {
		env.Fail(urlSetting, "%v", err)
	}
	if wrongCA != nil {
		env.Fail(caSetting, "%v", wrongCA)
	}
	if env.Err() != nil {
		return nil
	}
	return source
}

func readTable(env *settings.Env) migration.Source {
	const arnSetting, descriptionSetting = "MIGRATION_TABLE_ARN", "MIGRATION_TABLE"
	place, problem := table.ParseARN(env.Required(arnSetting, "name the table or the index with the users"))
	if problem != nil && env.Lookup(arnSetting) != "" {
		env.Fail(arnSetting, "%v", problem)
	}
	limits := Limits(env)
	var description table.Description
	if text := env.Required(descriptionSetting, "describe the table as user-migration's README.md says"); text != "" {
		var err error
		if description, err = table.ParseDescription(text, limits); err != nil {
			env.Fail(descriptionSetting, "%v", err)
		}
	}
	cfg := awsenv.Config(env, "DYNAMODB")
	if env.Err() != nil {
		return nil
	}
	cfg.Region = place.Region
	return table.New(place, description, limits,
		sync.OnceValue(func() table.API { return dynamodb.NewFromConfig(cfg) }))
}

func readPool(env *settings.Env) migration.Source {
	const arnSetting, clientSetting = "MIGRATION_POOL_ARN", "MIGRATION_CLIENT_ID"
	place, problem := oldpool.ParseARN(env.Required(arnSetting, "name the old user pool"))
	if problem != nil && env.Lookup(arnSetting) != "" {
		env.Fail(arnSetting, "%v", problem)
	}
	source := &oldpool.Source{
		Place:    place,
		ClientID: env.Required(clientSetting, "name an app client of the old pool"),
		Secret:   readSecret(env, 1),
		Public:   env.Bool("MIGRATION_AS_APP", false),
	}
	cfg := awsenv.Config(env, "COGNITO_IDENTITY_PROVIDER")
	if env.Err() != nil {
		return nil
	}
	cfg.Region = place.Region
	source.API = sync.OnceValue(func() oldpool.API { return cip.NewFromConfig(cfg) })
	return source
}

// readSecret returns what the setting with a key, or with the ARN of a secret, holds; nil without either.
func readSecret(env *settings.Env, shortest int) func(context.Context) ([]byte, error) {
	const keySetting, arnSetting = "MIGRATION_KEY", "MIGRATION_SECRET_ARN"
	key, arn := env.Lookup(keySetting), env.Lookup(arnSetting)
	switch {
	case key != "" && arn != "":
		env.Fail(keySetting, "is set, and so is %s: set one of them", arnSetting)
		return nil
	case key != "" && len(key) < shortest:
		env.Fail(keySetting, "is too short: use at least %d characters", shortest)
		return nil
	case key != "":
		return secret.Fixed(key)
	case arn == "":
		return nil
	}
	return secret.FromSettings(env, arnSetting, arn, shortest)
}
