// Package stack runs the compiled functions on this machine together with what they call (the emulator, the tables and
// the local user pool) and what calls them (that pool and an HTTP API).
package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/local/build"
	"cognito-triggers/local/codesealer"
	"cognito-triggers/local/domains"
	"cognito-triggers/local/emulator"
	"cognito-triggers/local/identitypool"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/loopback"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/poolclient"
	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/profile/dynamo"
	"cognito-triggers/shared/repository"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/tables"
)

// Choices are what the pool does where AWS's behaviour is not known; see userpool.Options.
type Choices struct {
	PreAuthenticationAtChoice, PostConfirmationByCode, ReuseRevokes, RefreshIsAuthentication bool
	LinkingContinues, NonceOfAppAlone                                                        bool
}

// Options configure Start.
type Options struct {
	Root      string    // the repository; its functions must be built for this machine
	Logs      io.Writer // output of functions and emulator; nil discards it
	Listen    string    // the user pool's address; empty means a free port of 127.0.0.1
	ListenAPI string    // the HTTP API's address; empty means a free port of 127.0.0.1
	Issuer    string    // "aws" for AWS's form of the issuer, see userpool.Options
	Choices   Choices
	Domains   domains.Options // of the pools' domains; Around is the stack's own
	// RelyingParty is the domain of all passkeys in place of the pool's own, see userpool.Options.
	RelyingParty string
	Warn         func(text string) // called once for each pool setting that is stored but not enforced; may be nil
	Attempts     int               // of a function that is late or dies, see userpool.Options; 0 means 3
	// Loopback lets pages of this machine call the HTTP API, besides the origins in the settings file.
	Loopback bool
	// Lambda is the endpoint of a Lambda API that runs functions from outside this repository, or EmulatorsLambda; empty
	// for none.
	Lambda string
	// Emulating is called before the emulator starts, which takes a while the first time; may be nil.
	Emulating func()
	// Disabled has what functions need that the settings turn off, too: for callers that run them without a deployment.
	Disabled bool
	// NoProfiles skips the tables and the HTTP API, for callers that create them.
	NoProfiles bool
	// Services are the emulator's services; nil means emulator.Options' default, and what the functions call besides.
	Services []string
	// Region is the Region of the emulator and of the pool, if there is an emulator; empty means that of the environment.
	Region string
	// Code is where the functions' binaries come from and how they are run; its zero value runs what `make build-local`
	// compiled.
	Code Code
	// Keep makes the stack the same in every run, and what it holds outlive it.
	Keep Keep
	// Readable makes functions' lines in Logs those of functionlog, with time, function and request ID; by default they
	// are as the functions print them.
	Readable bool
}

// EmulatorsLambda as Options.Lambda selects the emulator's own Lambda; Options.Services must contain lambda.
const EmulatorsLambda = "emulator"

// Stack is a running stack; stop it with Close.
type Stack struct {
	Root       string
	Repository repository.Repository // at Root
	Functions  []manifest.Function
	Emulator   *emulator.Emulator // nil if no function needs it
	Pool       *userpool.Server
	Identities *identitypool.Server // at the user pool's address
	Endpoint   string               // of the user pool
	Domains    *domains.Domains
	Region     string
	Cognito    *cip.Client // of the user pool
	DynamoDB   *dynamodb.Client
	Profiles   *dynamo.Store // nil if no function needs them
	Table      string        // this stack's profile table; empty for none

	APIEndpoint string // of the HTTP API, which serves from Deploy on; empty if no function has routes
	PostsTable  string // this stack's posts table; empty for none

	logs        io.Writer
	keep        Keep
	loopback    bool // Options.Loopback
	code        Code
	readable    bool // Options.Readable
	environment map[string]string
	poolServer  *http.Server
	mu          sync.Mutex
	runners     map[runnerKey]*lambdaruntime.Runner
	retired     map[*lambdaruntime.Runner]struct{} // their last events run
	spec        poolspec.Spec                      // since Deploy
	served      served                             // since Deploy
	generation  atomic.Int64                       // of the runners; CloseRunners starts a new one
	deployed    map[string]deployment
	shown       map[string]deployment        // by the pool of Demonstrate
	api         *apiServer                   // nil if no function has routes
	apiSettings map[string]map[string]string // by function with routes; Deploy replaces them
	tables      map[string]string            // that manifests declare: their names here by their names there
	codes       codes                        // for custom senders
	servers     []*http.Server               // key services, and what stands in the emulator's place; see serve
}

// Start starts the local user pool, and the emulator and the tables if functions need them: if a manifest has a grant
// or a statement for another service than Cognito, or a table. AWS_ENDPOINT_URL in the environment is used in any case.
func Start(ctx context.Context, o Options) (*Stack, error) {
	repo, err := repository.Open(o.Root)
	if err != nil {
		return nil, err
	}
	functions, err := manifest.Find(o.Root)
	if err != nil {
		return nil, err
	}
	if o.Logs == nil {
		o.Logs = io.Discard
	}
	o.Logs = OneAtATime(o.Logs)                     // shared by processes and the HTTP API
	listener, err := listen(o.Listen, ErrPortTaken) // first, to report a port conflict at once
	if err != nil {
		return nil, err
	}
	s := &Stack{
		Root: o.Root, Repository: repo, Functions: functions, logs: o.Logs,
		keep:    o.Keep,
		runners: map[runnerKey]*lambdaruntime.Runner{}, deployed: map[string]deployment{},
		retired: map[*lambdaruntime.Runner]struct{}{}, code: o.Code,
		apiSettings: map[string]map[string]string{}, loopback: o.Loopback, tables: map[string]string{},
		readable: o.Readable,
	}
	n := s.needs(o)
	if err := s.listenAPI(o); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := s.openDomains(o.Domains); err != nil {
		return nil, errors.Join(err, listener.Close(), s.api.close())
	}
	if err := s.startEmulator(ctx, o, n); err != nil {
		return nil, errors.Join(err, listener.Close(), s.api.close(), s.Domains.Close())
	}
	if n.profiles {
		s.Table = s.tableName("profiles")
	}
	err = errors.Join(s.servePool(listener, o), s.openProfiles(ctx))
	if err == nil {
		err = errors.Join(s.openPosts(ctx, n), s.openTables(ctx, o))
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// startEmulator starts the emulator, or what stands in its place, and decides the environment of the functions.
func (s *Stack) startEmulator(ctx context.Context, o Options, n needs) (err error) {
	if !n.emulator {
		return s.withoutAnEmulator(n.keys)
	}
	if o.Emulating != nil {
		o.Emulating()
	}
	if s.Emulator, err = emulator.Start(ctx, emulator.Options{
		BuildDir: s.Repository.Build, Logs: o.Logs, Services: servicesOf(o, n), State: o.Keep.Emulator,
		AnySender: true, Region: o.Region,
	}); err != nil {
		return err
	}
	s.environment = s.Emulator.Environment()
	return nil
}

// openDomains takes the ports that are given to domains. The domains themselves are opened by the pool.
func (s *Stack) openDomains(o domains.Options) (err error) {
	o.Around = s.patient
	s.Domains, err = domains.Open(o)
	return err
}

func listen(address string, taken error) (net.Listener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%w: %s", taken, address)
	}
	return listener, err
}

// ErrPortTaken is wrapped by Start's error if Options.Listen is in use.
var ErrPortTaken = errors.New("the user pool's address is in use")

func (s *Stack) servePool(listener net.Listener, o Options) error {
	s.Endpoint, s.Region = "http://"+listener.Addr().String(), s.environment["AWS_REGION"]
	s.environment["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"] = s.Endpoint
	s.environment["AWS_ENDPOINT_URL_COGNITO_IDENTITY"] = s.Endpoint
	s.environment["PROFILE_TABLE"] = s.Table
	s.codes.sealer = codesealer.New(codesealer.Options{Program: s.sealer, Environment: s.Environment})
	invoker, err := s.invoker(o.Lambda)
	s.Pool = userpool.Open(userpool.Options{
		Region:   s.Region,
		BaseURL:  s.Endpoint,
		Issuer:   o.Issuer,
		Invoker:  invoker,
		Attempts: o.Attempts,
		Warn:     o.Warn,
		Ready:    s.readyByARN,
		Seal:     s.codes.sealer.Seal,
		Failed:   s.failed,
		Store:    o.Keep.Store,
		IDs:      o.Keep.IDs,
		Keys:     o.Keep.Keys,
		Domains:  s.Domains,

		RelyingParty: o.RelyingParty,
		ReuseRevokes: o.Choices.ReuseRevokes, RefreshIsAuthentication: o.Choices.RefreshIsAuthentication,
		PreAuthenticationAtChoice: o.Choices.PreAuthenticationAtChoice,
		PostConfirmationByCode:    o.Choices.PostConfirmationByCode,
		LinkingContinues:          o.Choices.LinkingContinues,
		NonceOfAppAlone:           o.Choices.NonceOfAppAlone,
	})
	s.Emulator.Observe(s.deliver)
	s.noteUnseen(o.Warn)
	s.Cognito = poolclient.New(s.Endpoint, s.Region)
	identities, opened := s.openIdentities(o)
	s.poolServer = loopback.Server(s.patient(loopback.Named(s.withConsole(identities))))
	go func() { _ = s.poolServer.Serve(listener) }() // ends with Close
	return errors.Join(err, opened)
}

// openProfiles creates the profile table if a function needs it.
func (s *Stack) openProfiles(ctx context.Context) error {
	env := settings.FromMap(s.environment)
	s.DynamoDB = dynamodb.NewFromConfig(awsenv.Config(env, "DYNAMODB"))
	if err := env.Err(); err != nil {
		return err
	}
	if s.Table == "" {
		return nil
	}
	s.Profiles = dynamo.New(func() dynamo.API { return s.DynamoDB }, s.Table)
	return tables.CreateProfiles(ctx, s.DynamoDB, s.Table)
}

// AWSEndpoint returns the URL of the emulator, "" if there is none.
func (s *Stack) AWSEndpoint() string {
	if s.Emulator == nil {
		return ""
	}
	return s.Emulator.Endpoint
}

// Environment returns the variables that every function gets besides its own settings.
func (s *Stack) Environment() map[string]string { return maps.Clone(s.environment) }

// Function returns the function with a name.
func (s *Stack) Function(name string) (manifest.Function, error) {
	var names []string
	for _, function := range s.Functions {
		if function.Name == name {
			return function, nil
		}
		names = append(names, function.Name)
	}
	return manifest.Function{}, fmt.Errorf("no function named %q; choose one of %s", name, strings.Join(names, ", "))
}

// Bootstrap returns the path of a function's binary for this machine in a build folder.
func Bootstrap(folder, function string) string {
	return filepath.Join(folder, build.Host().Folder(), function, "bootstrap")
}

// Runner returns the runner of a function with settings that override its manifest's. Equal settings give the same
// runner, so that its processes stay warm.
func (s *Stack) Runner(name string, overrides map[string]string) (*lambdaruntime.Runner, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	function, err := s.Function(name)
	if err != nil {
		return nil, err
	}
	return s.runner(function, s.bootstrap(function), s.settingsOf(function, overrides))
}

// runner finds or starts a runner. The caller holds the mutex.
func (s *Stack) runner(function manifest.Function, bootstrap string,
	overrides map[string]string) (*lambdaruntime.Runner, error) {
	env, key, err := s.settled(function, overrides)
	if err != nil {
		return nil, err
	}
	if runner := s.runners[key]; runner != nil {
		return runner, nil
	}
	runner, err := s.start(function, bootstrap, env, overrides)
	if err != nil {
		return nil, err
	}
	s.runners[key] = runner
	return runner, nil
}

// settled returns a function's whole environment with settings that override its manifest's, and the runner's key.
func (s *Stack) settled(f manifest.Function, overrides map[string]string) (map[string]string, runnerKey, error) {
	env := s.environmentOf(f)
	maps.Copy(env, overrides)
	text, err := json.Marshal(env)
	return env, runnerKey{function: f.Name, environment: string(text)}, err
}

// start starts a runner with a settled environment.
func (s *Stack) start(f manifest.Function, bootstrap string, env,
	overrides map[string]string) (*lambdaruntime.Runner, error) {
	fn := s.observed(lambdaruntime.Function{
		Name: f.Name, Bootstrap: bootstrap, Environment: env, MemoryMB: f.MemoryMB, Timeout: timeout(f),
	}, f, overrides)
	if s.code.Debug != nil { // last: a process that somebody else starts needs the whole environment
		fn.Debug = s.code.Debug(fn)
	}
	return lambdaruntime.Start(fn)
}

// runnerKey identifies a runner by function and settings.
type runnerKey struct {
	function    string
	environment string // as JSON with sorted members
}

// CloseRunners stops every function's processes; the next event starts new ones.
func (s *Stack) CloseRunners() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, runner := range s.runners {
		errs = append(errs, runner.Close())
	}
	for runner := range s.retired {
		errs = append(errs, runner.Close())
	}
	clear(s.runners)
	s.generation.Add(1)
	return errors.Join(errs...)
}

// Close stops the functions, deletes the tables unless they are kept, and stops the emulator if this stack started it.
func (s *Stack) Close() error {
	errs := []error{s.api.close(), s.Domains.Close()}
	if s.Pool != nil {
		s.Pool.Close() // before the runners, which would fail what it still invokes
		s.codes.sealer.Close()
	}
	errs = append(errs, s.CloseRunners())
	if s.poolServer != nil {
		errs = append(errs, s.poolServer.Close())
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if !s.keep.tables() {
		errs = append(errs, s.deleteTables(ctx))
	}
	for _, server := range s.takeServers() {
		errs = append(errs, server.Close())
	}
	if s.Emulator != nil {
		errs = append(errs, s.Emulator.Stop())
	}
	return errors.Join(errs...)
}
