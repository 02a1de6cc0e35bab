// Package pooltest runs a Cognito user pool inside a test, in the spirit of net/http/httptest. Triggers are Go
// functions, so that a test needs no binaries and can set breakpoints. The pool fires them with Cognito's events,
// limits and attempts, checks their answers by Cognito's rules, and answers every AWS SDK over loopback.
//
//	p := pooltest.Start(t, pooltest.On(events.PreSignUp, handle))
//	err := p.SignUp(pooltest.User{Name: "ines", Password: "Sunny100%"})
//
// Package local/e2e's tests do the same with compiled binaries.
package pooltest

import (
	"cmp"
	"context"
	"io"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/poolclient"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/sdkconfig"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/trigger"
)

const (
	region         = "eu-west-1"
	defaultVersion = "V2_0"
)

// Pool is a user pool with one app client. Its methods are safe for concurrent use.
type Pool struct {
	Endpoint string      // the pool's URL, for any client of the user pools API; Region eu-west-1, any credentials
	ID       string      // of the pool
	ClientID string      // of the app client, which has no secret
	Client   *cip.Client // for operations that Pool has no method for
	Clock    *Clock      // the pool's time

	pool     *userpool.Server
	listener *httptest.Server
}

// config collects the options.
type config struct {
	handlers map[cognito.Hook]lambda.Handler
	pool     []func(*cip.CreateUserPoolInput)
	client   []func(*cip.CreateUserPoolClientInput)
	limit    time.Duration
	attempts int
	version  string // of the events of pre token generation
}

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

// WithPool changes the pool's settings before it is created. By default it verifies e-mail addresses, and the rest is
// as Cognito has it.
func WithPool(change func(*cip.CreateUserPoolInput)) Option {
	return func(c *config) { c.pool = append(c.pool, change) }
}

// WithClient changes the app client's settings before it is created. By default it allows every flow and tells who has
// no account.
func WithClient(change func(*cip.CreateUserPoolClientInput)) Option {
	return func(c *config) { c.client = append(c.client, change) }
}

// WithTimeLimit sets how long the pool waits for a handler, in real time, instead of Cognito's 5 seconds. A test of a
// late handler need not be slow.
func WithTimeLimit(limit time.Duration) Option { return func(c *config) { c.limit = limit } }

// WithAttempts sets how often the pool calls a handler that is late; 0 means 3, as Cognito was seen to do.
func WithAttempts(attempts int) Option { return func(c *config) { c.attempts = attempts } }

// WithEventVersion sets the version of the events of pre token generation: V1_0, V2_0 (the default) or V3_0.
func WithEventVersion(version string) Option { return func(c *config) { c.version = version } }

// Start returns a pool that ends with the test. It fails the test if the pool or the client cannot be created, for
// example because Cognito would refuse the settings.
func Start(t testing.TB, options ...Option) *Pool {
	t.Helper()
	p, err := Open(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// Open is Start for programs that are not tests. Close the pool when it is no longer needed.
func Open(options ...Option) (*Pool, error) {
	c := &config{handlers: map[cognito.Hook]lambda.Handler{}, limit: lambdaruntime.DefaultTimeout}
	for _, set := range options {
		set(c)
	}
	p := &Pool{Clock: &Clock{now: time.Now().UTC().Truncate(time.Second)}}
	p.pool = userpool.Open(userpool.Options{
		Region: region, Now: p.Clock.Now, Attempts: c.attempts, Invoker: &invoker{c.handlers, c.limit},
	})
	p.listener = httptest.NewServer(p.pool)
	p.Endpoint, p.Client = p.listener.URL, poolclient.New(p.listener.URL, region)
	if err := p.create(context.Background(), c); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// Close ends the pool and forgets its users.
func (p *Pool) Close() { p.listener.Close() }

// lambdas returns the pool's LambdaConfig: each handler at its hook.
func (c *config) lambdas() cognito.LambdaConfig {
	var lambdas cognito.LambdaConfig
	for hook := range c.handlers {
		attached := cognito.Function{ARN: arnOf(hook)}
		if len(hook.Versions()) > 0 {
			attached.Version = cmp.Or(c.version, defaultVersion)
		}
		lambdas.Set(hook, attached)
	}
	return lambdas
}

func (p *Pool) create(ctx context.Context, c *config) error {
	pool := &cip.CreateUserPoolInput{
		PoolName:               aws.String("test"),
		AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		UsernameConfiguration:  &types.UsernameConfigurationType{CaseSensitive: aws.Bool(false)},
	}
	for _, change := range c.pool {
		change(pool)
	}
	lambdas, err := sdkconfig.To(c.lambdas())
	if err != nil {
		return err
	}
	pool.LambdaConfig = lambdas
	made, err := p.Client.CreateUserPool(ctx, pool)
	if err != nil {
		return err
	}
	p.ID = *made.UserPool.Id
	client := &cip.CreateUserPoolClientInput{
		UserPoolId: &p.ID, ClientName: aws.String("test"), ExplicitAuthFlows: []types.ExplicitAuthFlowsType{
			types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowUserSrpAuth,
			types.ExplicitAuthFlowsTypeAllowCustomAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth,
			types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth,
		},
	}
	for _, change := range c.client {
		change(client)
	}
	added, err := p.Client.CreateUserPoolClient(ctx, client)
	if err != nil {
		return err
	}
	p.ClientID = *added.UserPoolClient.ClientId
	return nil
}

// Message is an e-mail or SMS that the pool sent, with the code or temporary password in it.
type Message = userpool.Message

// Inbox lists the messages so far, oldest first.
func (p *Pool) Inbox() []Message { return p.pool.Inbox().Messages(0) }

// Fired is one call of a trigger: the request it got, what it answered, and what came of it.
type Fired = fire.Record

// Fired lists the calls of triggers so far, oldest first.
func (p *Pool) Fired() []Fired { return p.pool.Events().Records(0) }
