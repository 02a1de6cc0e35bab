package pooltest

import (
	"errors"
	"io"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/repository"
	"cognito-triggers/shared/trigger"
)

// config collects the options.
type config struct {
	handlers  map[cognito.Hook]lambda.Handler
	from      source // nil for an ordinary pool
	pool      []func(*cip.CreateUserPoolInput)
	client    []func(*cip.CreateUserPoolClientInput)
	appClient string // "" for the only one
	groups    []string
	domain    bool // whether to add one
	limit     time.Duration
	attempts  int
	key       SenderKey
	version   string // of the events of pre token generation
	problems  []error
}

func (c *config) err() error { return errors.Join(c.problems...) }

// Option adds a trigger or changes a default of Start.
type Option func(*config)

// On attaches a handler to its hook, with the runtime around it that trigger.Start would serve. It discards the
// metrics.
func On[Req, Resp any](hook events.Hook[Req, Resp], handle trigger.Handler[Req, Resp]) Option {
	return OnBytes(hook.Name(), trigger.New(hook, handle, io.Discard))
}

// OnBytes attaches any lambda.Handler to a hook, for example lambda.NewHandler of a function that uses the event types
// of aws-lambda-go.
func OnBytes(hook cognito.Hook, handler lambda.Handler) Option {
	return func(c *config) { c.handlers[hook] = handler }
}

// FromRepository makes the pool, with its app clients and groups, from the settings of the repository that the test
// runs in: the file that Terraform deploys, terraform/pool.auto.tfvars.json unless poolctl.json names another. What
// local.tfvars.json beside it has for local runs is left out.
func FromRepository() Option {
	return func(c *config) {
		repo, err := repository.Find()
		if err != nil {
			c.problems = append(c.problems, err)
			return
		}
		spec, err := poolspec.Deployed(repo.Root)
		c.problems = append(c.problems, err)
		c.from = ofSpec(spec)
	}
}

// FromDescriptions makes the pool and its app clients as an existing pool is, from files with what the AWS CLI prints
// for it: describe-user-pool, describe-user-pool-client for each app client, and get-user-pool-mfa-config for its
// second factors (without it, the local pool offers TOTP where the pool has MFA). The triggers are those of On.
//
// Start fails if a file has a setting that the local pool refuses. Take the setting out of the file or change it with
// WithPool or WithClient. Groups, resource servers and identity providers are not part of a description.
func FromDescriptions(files ...string) Option {
	return func(c *config) {
		var all descriptions
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err == nil {
				err = all.add(file, text)
			}
			c.problems = append(c.problems, err)
		}
		if c.err() == nil {
			c.problems = append(c.problems, all.check())
		}
		c.from = all.create
	}
}

// WithAppClient chooses the app client that users sign in with, by its name in the settings. It is needed only for
// settings with more than one.
func WithAppClient(name string) Option { return func(c *config) { c.appClient = name } }

// WithPool changes the pool's settings before it is created. By default it verifies e-mail addresses, and the rest is
// as Cognito has it.
func WithPool(change func(*cip.CreateUserPoolInput)) Option {
	return func(c *config) { c.pool = append(c.pool, change) }
}

// WithClient changes the settings of each app client before it is created. By default there is one, which allows every
// flow and tells who has no account.
func WithClient(change func(*cip.CreateUserPoolClientInput)) Option {
	return func(c *config) { c.client = append(c.client, change) }
}

// WithCustomAttributes adds custom attributes to the pool: strings that can be changed. Names are without "custom:".
func WithCustomAttributes(names ...string) Option {
	return WithPool(func(in *cip.CreateUserPoolInput) {
		for _, name := range names {
			in.Schema = append(in.Schema, types.SchemaAttributeType{
				Name: &name, AttributeDataType: types.AttributeDataTypeString, Mutable: aws.Bool(true),
			})
		}
	})
}

// WithGroups adds groups to the pool.
func WithGroups(names ...string) Option {
	return func(c *config) { c.groups = append(c.groups, names...) }
}

// WithTimeLimit sets how long the pool waits for a handler, in real time, instead of Cognito's 5 seconds. A test of a
// late handler need not be slow.
func WithTimeLimit(limit time.Duration) Option { return func(c *config) { c.limit = limit } }

// WithAttempts sets how often the pool calls a handler that is late; 0 means 3, as Cognito was seen to do.
func WithAttempts(attempts int) Option { return func(c *config) { c.attempts = attempts } }

// WithEventVersion sets the version of the events of pre token generation: V1_0, V2_0 (the default) or V3_0.
func WithEventVersion(version string) Option { return func(c *config) { c.version = version } }
