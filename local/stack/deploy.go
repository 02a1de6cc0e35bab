package stack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/hint"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/samples"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/cognito/sdkconfig"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/settings"
)

// Sender is the address that the deployed functions and the pool send mail from, verified at the emulator's SES.
const Sender = "welcome@example.com"

// deployment is a deployed function.
type deployment struct {
	function  manifest.Function
	bootstrap string
	settings  map[string]string // override the manifest's; nil for a sample
}

// Deploy creates the pool that the repository's settings describe and, like Terraform, attaches every enabled function;
// the samples serve the custom challenge if nothing else does. The pool sends mail through SES, so that Cognito accepts
// custom messages. The HTTP API serves from then on.
func (s *Stack) Deploy(ctx context.Context) (poolspec.Pool, error) {
	spec, err := poolspec.Read(s.Root)
	if err != nil {
		return poolspec.Pool{}, err
	}
	if err := errors.Join(s.assign(spec), s.checkBuilt()); err != nil {
		return poolspec.Pool{}, err
	}
	if s.Emulator != nil {
		if err := s.Emulator.VerifyEmailIdentity(ctx, Sender); err != nil {
			return poolspec.Pool{}, fmt.Errorf("verify the sender's address: %w", err)
		}
	}
	var config cognito.LambdaConfig
	for name, d := range s.deployed {
		config.Set(d.function.Hook, cognito.Function{ARN: s.ARN(name), Version: d.function.EventVersion})
	}
	if err := s.keyed(ctx, &config, s.deployed); err != nil {
		return poolspec.Pool{}, err
	}
	pool, err := s.poolOf(ctx, spec, config)
	if err != nil {
		return pool, err
	}
	return pool, s.serveAPI(spec, pool)
}

// poolOf makes a pool that sends mail through SES.
func (s *Stack) poolOf(ctx context.Context, spec poolspec.Spec, config cognito.LambdaConfig) (poolspec.Pool, error) {
	lambdas, err := sdkconfig.To(config)
	if err != nil {
		return poolspec.Pool{}, err
	}
	return s.makePool(ctx, spec, lambdas, &types.EmailConfigurationType{
		EmailSendingAccount: types.EmailSendingAccountTypeDeveloper, From: aws.String(Sender),
		SourceArn: aws.String("arn:aws:ses:" + s.Region + ":" + Account + ":identity/" + Sender),
	})
}

// assign decides which functions the pool runs and their settings.
func (s *Stack) assign(spec poolspec.Spec) error {
	var triggers []manifest.Function
	var names []string
	for _, f := range s.Functions {
		if f.Hook != "" {
			names = append(names, f.Name)
			if spec.Enabled(f.Name) {
				triggers = append(triggers, f)
			}
		}
	}
	if err := errors.Join(spec.CheckTriggers(names), spec.CheckSettings(s.Functions)); err != nil {
		return err
	}
	extra, err := samples.Find(s.Root, triggers)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range triggers {
		if err := checkTableSettings(spec, f, spec.Triggers[f.Name].Environment); err != nil {
			return err
		}
		s.deployed[f.Name] = deploymentBy(spec, f, s.bootstrap(f))
	}
	for _, f := range extra {
		s.deployed[f.Name] = deployment{f, s.sample(f), nil}
	}
	s.spec = spec
	return nil
}

// checkBuilt returns an error for a function without a binary. On invocation Cognito would report it as missing
// permission.
func (s *Stack) checkBuilt() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(s.deployed)) {
		if s.deployed[name].bootstrap == "" {
			continue // somebody else starts it
		}
		if _, err := os.Stat(s.deployed[name].bootstrap); err != nil {
			return fmt.Errorf("%s is not built; run `%s`: %w", name, hint.BuildLocal(), err)
		}
	}
	return nil
}

// deploymentBy returns how a trigger of the repository runs by the settings; withKey adds the key of a pool's senders.
func deploymentBy(spec poolspec.Spec, f manifest.Function, bootstrap string) deployment {
	return deployment{spec.WithMemory(f), bootstrap, deployedSettings(f, spec)}
}

// deployedSettings returns the settings file's environment plus what Terraform derives from the SES identity.
func deployedSettings(f manifest.Function, spec poolspec.Spec) map[string]string {
	over := map[string]string{}
	maps.Copy(over, spec.Environment)
	for name, value := range map[string]string{
		"EMAIL_SENDING_ACCOUNT": "DEVELOPER", "WELCOME_EMAIL_FROM": Sender, "EMAIL_FROM": Sender, "SEND_WITH_SES": "true",
	} {
		if _, taken := f.Environment[name]; taken {
			over[name] = value
		}
	}
	maps.Copy(over, spec.Triggers[f.Name].Environment)
	return over
}

// Account is the account ID of everything on this machine.
const Account = "000000000000"

// ARN returns the ARN of a function on this machine.
func (s *Stack) ARN(function string) string {
	return "arn:aws:lambda:" + s.Region + ":" + Account + ":function:" + function
}

// invoker runs the repository's functions and the samples here, and all others at a Lambda endpoint if there is one.
func (s *Stack) invoker(endpoint string) (fire.Invoker, error) {
	extra, err := samples.Find(s.Root, s.Functions)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range append(extra, s.Functions...) {
		names = append(names, f.Name)
	}
	if endpoint == "" {
		return fire.Choose(fire.Runners(s.byARN), names, nil), nil
	}
	if endpoint == EmulatorsLambda {
		endpoint = s.Emulator.Endpoint
	}
	env := s.Environment()
	env["AWS_ENDPOINT_URL_LAMBDA"] = endpoint
	loaded := settings.FromMap(env)
	remote := fire.NewLambda(loaded)
	return fire.Choose(fire.Runners(s.byARN), names, remote), loaded.Err()
}

// byARN returns the runner of a deployed function.
func (s *Stack) byARN(arn string) (*lambdaruntime.Runner, error) {
	name, err := fire.FunctionName(arn)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d, deployed := s.deploymentOf(arn, name)
	if !deployed {
		return nil, fmt.Errorf("%s is disabled in %s", name, s.Repository.Relative(s.Repository.Settings))
	}
	return s.runner(d.function, d.bootstrap, d.settings)
}
