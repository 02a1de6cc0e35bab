// Package emulator gives the local stack the rest of AWS: DynamoDB, SES, KMS,
// SNS and SQS on this machine. It installs ministack, pinned with hashes, into
// a virtual environment of Python below the build folder, starts it on a free
// loopback port and stops it. Where AWS_ENDPOINT_URL names an emulator of the
// user's own, that one is used and nothing is started; AWS_ENDPOINT_URL_DYNAMODB
// and its like replace one service.
//
// Nothing that runs against an Emulator can reach AWS by accident: the
// environment that it gives to functions holds dummy credentials, and an
// endpoint for every service.
package emulator

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"cognito-triggers/local/wholehttp"
	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/settings"
)

// defaultRegion is where the user's environment names none.
const defaultRegion = "us-east-1"

// services are those that ministack is asked for. It has no user pools, so
// that nothing mistakes them for the local pool.
var services = []string{"dynamodb", "ses", "kms", "sns", "sqs"}

// Options are how an emulator is started.
type Options struct {
	// BuildDir is the folder for the installation and for what the emulator
	// writes; "build" where it is empty.
	BuildDir string
	// Logs receives what the installation and the emulator print, line by line.
	Logs io.Writer
	// Services names the services to have, as ministack names them, where they
	// are not DynamoDB, SES, KMS, SNS and SQS.
	Services []string
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
	Endpoint string // URL, for example http://127.0.0.1:40001
	External bool   // it is the user's own, and Stop leaves it alone

	region  string
	named   map[string]string // the AWS_ENDPOINT_URL* variables of the user's environment
	server  *server           // nil where it is External
	stop    sync.Once
	stopErr error
}

// Start starts the emulator and returns when it answers. The first start
// installs it, which takes some seconds and a package index; pip runs with the
// user's environment, so that their proxies, certificates and mirrors hold.
// Start may be called from several programs at once. ctx bounds the start only.
//
// An emulator that AWS_ENDPOINT_URL or AWS_ENDPOINT_URL_DYNAMODB names must
// answer, and must not be AWS.
func Start(ctx context.Context, o Options) (*Emulator, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	named, err := namedEndpoints(os.Environ())
	if err != nil {
		return nil, err
	}
	e := &Emulator{region: regionOf(os.Getenv), named: named}
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"} {
		if err := checkAnswers(ctx, name, named[name]); err != nil {
			return nil, err
		}
	}
	if url := named["AWS_ENDPOINT_URL"]; url != "" {
		e.Endpoint, e.External = url, true
		return e, nil
	}
	if e.server, err = startServer(ctx, o, e.region, freePort); err != nil {
		return nil, err
	}
	e.Endpoint = e.server.url
	return e, nil
}

// Stop ends the emulator and waits until it has ended. It fails where the
// emulator was dead already. Stopping again does nothing.
func (e *Emulator) Stop() error {
	if e.server == nil {
		return nil
	}
	e.stop.Do(func() { e.stopErr = e.server.stop() })
	return e.stopErr
}

// Environment is what a function or client needs to reach the emulator: the
// endpoint, dummy credentials and the Region. Endpoints of single services
// that the user's environment names are in it too.
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

// Config is the configuration of a service's client for the emulator. The
// service is named as in its endpoint variable, such as "DYNAMODB".
func (e *Emulator) Config(service string) (aws.Config, error) {
	env := settings.FromMap(e.Environment())
	cfg := awsenv.Config(env, service)
	// awsenv's own client ends an attempt after a second or so, as a function must. Here a slow answer is awaited: what is
	// asked again meanwhile, such as making a function, is refused the second time.
	cfg.HTTPClient = wholehttp.Client(awshttp.NewBuildableClient())
	return cfg, env.Err()
}

// namedEndpoints are the AWS_ENDPOINT_URL* variables that are set. One that
// names AWS itself is an error: the local stack would write to an account.
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
