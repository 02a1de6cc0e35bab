// Package emulator provides the AWS services besides Cognito on this machine: DynamoDB, SES, KMS, SNS, SQS, IAM and
// STS. It installs ministack, pinned with hashes, into a Python virtual environment below the build folder, starts it
// and stops it. ministack itself answers everybody, so it listens at a Unix socket only, behind a guard of ours at a
// free port. If AWS_ENDPOINT_URL names the user's own emulator, that one is used and nothing is started; variables such
// as AWS_ENDPOINT_URL_DYNAMODB replace a single service. Nothing that uses an Emulator can reach AWS by accident: its
// environment for functions has dummy credentials and an endpoint for every service.
package emulator

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"cognito-triggers/local/wholehttp"
	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/settings"
)

// defaultRegion applies if the user's environment names no Region.
const defaultRegion = "us-east-1"

// Services returns the services that Start enables by default, by ministack's names.
func Services() []string { return slices.Clone(services) }

// Without returns the environment of functions in a stack that runs no emulator: dummy credentials, the Region, the
// endpoints of single services in the user's environment, and url for all others.
func Without(url string) (map[string]string, error) {
	named, err := namedEndpoints(os.Environ())
	if err != nil {
		return nil, err
	}
	return (&Emulator{Endpoint: url, region: regionOf(os.Getenv), named: named}).Environment(), nil
}

// services are ministack's default services. Its user pools and identity pools are not enabled, so that nothing
// mistakes them for the local ones, whose credentials come from its STS.
var services = []string{"dynamodb", "ses", "kms", "sns", "sqs", "iam", "sts"}

// Options configure Start.
type Options struct {
	// BuildDir is the folder for the installation and the emulator's files; empty means "build".
	BuildDir string
	// Logs receives the output of the installation and the emulator, line by line.
	Logs io.Writer
	// Services are the services to enable, by ministack's names; nil means DynamoDB, SES, KMS, SNS, SQS, IAM and
	// STS.
	Services []string
	// Region is the functions' Region; empty means that of the environment.
	Region string
	// State is the folder for what the services hold, which they write when Stop stops them, and read at the start; ""
	// means that it is lost. What a killed emulator held since its start is lost, too.
	State string
	// AnySender makes SES send from every address. Otherwise it refuses those that VerifyEmailIdentity was not given.
	AnySender bool
}

func (o Options) withDefaults() (Options, error) {
	if o.BuildDir == "" {
		o.BuildDir = "build"
	}
	if len(o.Services) == 0 {
		o.Services = services
	}
	dir, err := filepath.Abs(o.BuildDir)
	if err != nil {
		return o, fmt.Errorf("emulator: BuildDir: %w", err)
	}
	o.BuildDir = dir
	return o, nil
}

// Emulator is a running emulator.
type Emulator struct {
	// Endpoint is the URL, for example http://127.0.0.1:40001/SECRET. The secret is new for each start, and requests
	// without it are refused; the user's own emulator has none.
	Endpoint string
	External bool // the user's own, which Stop leaves running

	region  string
	named   map[string]string // the AWS_ENDPOINT_URL* variables of the user's environment
	server  *server           // nil if External
	stop    sync.Once
	stopErr error
}

// Start starts the emulator and returns when it responds. The first start installs it from a package index, which takes
// some seconds; pip runs with the user's environment, so their proxies, certificates and mirrors apply. Several
// programs may call Start at once. ctx bounds only the start. Start returns an error if AWS_ENDPOINT_URL or
// AWS_ENDPOINT_URL_DYNAMODB names an emulator that does not respond, or AWS itself.
func Start(ctx context.Context, o Options) (*Emulator, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	named, err := namedEndpoints(os.Environ())
	if err != nil {
		return nil, err
	}
	e := &Emulator{region: cmp.Or(o.Region, regionOf(os.Getenv)), named: named}
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"} {
		if err := checkAnswers(ctx, name, named[name]); err != nil {
			return nil, err
		}
	}
	if url := named["AWS_ENDPOINT_URL"]; url != "" {
		e.Endpoint, e.External = url, true
		return e, nil
	}
	if e.server, err = startServer(ctx, o, e.region); err != nil {
		return nil, err
	}
	e.Endpoint = e.server.guard.url
	if o.AnySender {
		e.server.guard.senders.Store(newSenders(e.verifyIn))
	}
	return e, nil
}

// Stop stops the emulator and waits for it to exit. It returns an error if the emulator had already exited. A second
// Stop does nothing.
func (e *Emulator) Stop() error {
	if e.server == nil {
		return nil
	}
	e.stop.Do(func() { e.stopErr = e.server.stop() })
	return e.stopErr
}

// Environment returns the variables that a function or client needs to reach the emulator: endpoint, dummy credentials
// and Region, and the single services' endpoints in the user's environment.
func (e *Emulator) Environment() map[string]string {
	all := map[string]string{
		"AWS_ENDPOINT_URL":      e.Endpoint,
		"AWS_ACCESS_KEY_ID":     "test",
		"AWS_SECRET_ACCESS_KEY": "test",
		"AWS_REGION":            e.region,
		"AWS_DEFAULT_REGION":    e.region,
	}
	maps.Copy(all, e.named)
	return all
}

// Config returns a client configuration for one service of the emulator, named as in its endpoint variable, for example
// "DYNAMODB".
func (e *Emulator) Config(service string) (aws.Config, error) {
	env := settings.FromMap(e.Environment())
	cfg := awsenv.Config(env, service)
	// awsenv's client times out after about a second, as functions need. Here a slow response must be awaited: retrying a
	// call that creates something would fail.
	cfg.HTTPClient = wholehttp.Client(awshttp.NewBuildableClient())
	return cfg, env.Err()
}

// namedEndpoints returns the AWS_ENDPOINT_URL* variables that are set. It returns an error for one that names AWS
// itself, because the local stack would write to a real account.
func namedEndpoints(environment []string) (map[string]string, error) {
	named := map[string]string{}
	for _, entry := range environment {
		name, value, _ := strings.Cut(entry, "=")
		if value == "" || (name != "AWS_ENDPOINT_URL" && !strings.HasPrefix(name, "AWS_ENDPOINT_URL_")) {
			continue
		}
		if err := checkLocal(value); err != nil {
			return nil, fmt.Errorf("emulator: %s: %w", name, err)
		}
		named[name] = strings.TrimSuffix(value, "/")
	}
	return named, nil
}

func regionOf(getenv func(string) string) string {
	for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if region := getenv(name); region != "" {
			return region
		}
	}
	return defaultRegion
}
