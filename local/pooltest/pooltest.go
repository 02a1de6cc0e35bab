// Package pooltest runs a Cognito user pool inside a test, in the spirit of net/http/httptest. Triggers are Go
// functions, so that a test needs no binaries and can set breakpoints. The pool fires them with Cognito's events,
// limits and attempts, checks their answers by Cognito's rules, and answers every AWS SDK over loopback.
//
//	p := pooltest.Start(t, pooltest.On(events.PreSignUp, handle))
//	err := p.SignUp(pooltest.User{Name: "ines", Password: "Sunny100%"})
//
// The pool of a failed test stays for a look at it with
//
//	go test -run TestSignUp -pooltest.keep 10m
//
// Package local/e2e's tests do the same with compiled binaries.
package pooltest

import (
	"context"
	"net/http/httptest"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/domains"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/clock"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/poolclient"
	"cognito-triggers/shared/cognito"
)

const (
	region         = "eu-west-1"
	defaultVersion = "V2_0"
)

// Pool is a user pool with one app client. Its methods are safe for concurrent use.
type Pool struct {
	Endpoint     string      // the pool's URL, for any client of the user pools API; Region eu-west-1, any credentials
	ID           string      // of the pool
	ClientID     string      // of the app client
	ClientSecret string      // of the app client; "" if it has none, which is the default
	Client       *cip.Client // for operations that Pool has no method for
	Clock        *Clock      // the pool's time

	pool     *userpool.Server
	listener *httptest.Server
	domains  *domains.Domains
	app      appClient
	owners   sync.Map // user name by refresh token

	mu       sync.Mutex
	warnings []string
}

// Start returns a pool that ends with the test. It fails the test if the pool or the client cannot be created, for
// example because Cognito would refuse the settings.
func Start(t testing.TB, options ...Option) *Pool {
	t.Helper()
	p, err := Open(options...)
	if err != nil {
		t.Fatal(err)
	}
	for _, warning := range p.Warnings() {
		t.Log(warning)
	}
	t.Cleanup(func() {
		if t.Failed() {
			p.keep(os.Stderr, t.Name(), *keepFailed)
		}
		p.Close()
	})
	return p
}

// Open is Start for programs that are not tests. Close the pool when it is no longer needed.
func Open(options ...Option) (*Pool, error) {
	c := &config{handlers: map[cognito.Hook]lambda.Handler{}, limit: lambdaruntime.DefaultTimeout}
	for _, set := range options {
		set(c)
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	if c.key == nil && (c.handlers[cognito.CustomEmailSender] != nil || c.handlers[cognito.CustomSMSSender] != nil) {
		return nil, errNoKey
	}
	p := &Pool{Clock: clock.New(time.Now().UTC().Truncate(time.Second))}
	o := userpool.Options{
		Region: region, Now: p.Clock.Now, Attempts: c.attempts, Invoker: &invoker{c.handlers, c.limit}, Warn: p.warn,
		Waits: []time.Duration{0, 0},
	}
	if c.key != nil {
		o.Seal = c.key.Seal
	}
	p.listener = httptest.NewUnstartedServer(nil)
	p.Endpoint = "http://" + p.listener.Listener.Addr().String()
	var err error
	if p.domains, err = domains.Open(domains.Options{}); err != nil {
		p.listener.Close()
		return nil, err
	}
	o.BaseURL, o.Domains = p.Endpoint, p.domains
	p.pool = userpool.Open(o)
	p.listener.Config.Handler = p.pool
	p.listener.Start()
	p.Client = poolclient.New(p.Endpoint, region)
	if err := p.create(context.Background(), c); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// Close ends the pool and forgets its users.
func (p *Pool) Close() {
	_ = p.domains.Close() // what remains open is of no use to the test
	p.listener.Close()
	p.pool.Close()
}

// Message is an e-mail or SMS that the pool sent, with the code or temporary password in it.
type Message = userpool.Message

// Inbox lists the messages so far, oldest first.
func (p *Pool) Inbox() []Message { return p.pool.Inbox().Messages(0) }

// Fired is one call of a trigger: the request it got, what it answered, and what came of it.
type Fired = fire.Record

// Fired lists the calls of triggers so far, oldest first.
func (p *Pool) Fired() []Fired { return p.pool.Events().Records(0) }

// Warnings lists what the pool's settings and calls contain that has no effect in the local pool. Start logs those of
// the settings.
func (p *Pool) Warnings() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.warnings)
}

func (p *Pool) warn(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.warnings = append(p.warnings, text)
}

// Sources lists the trigger sources of the calls so far, oldest first, such as PreSignUp_SignUp.
func (p *Pool) Sources() []string {
	var sources []string
	for _, f := range p.Fired() {
		sources = append(sources, f.Source)
	}
	return sources
}
