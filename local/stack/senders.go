package stack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"cognito-triggers/local/codesealer"
	"cognito-triggers/local/emulator"
	"cognito-triggers/local/kms"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/awsjson"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/settings"
)

// codes is what encrypts the codes for custom senders, and where events go that these failed on.
type codes struct {
	sealer *codesealer.Sealer

	mu        sync.Mutex
	goldenURL string            // of a key service for golden events; "" until one needs it
	key       string            // the ARN of the deployed pool's key
	queues    map[string]string // URLs of dead-letter queues, by function
}

// serveKeys starts a key service for custom senders in a stack without an emulator.
func (s *Stack) serveKeys() (string, error) {
	key := kms.NewKey(s.environment["AWS_REGION"])
	s.codes.key = key.ARN
	return s.serve(kms.New(key))
}

// config returns the configuration of a client of this stack for a service, which has time to wait.
func (s *Stack) config(service string) (aws.Config, error) {
	if s.Emulator != nil {
		return s.Emulator.Config(service)
	}
	env := settings.FromMap(s.environment)
	return awsenv.Config(env, service), env.Err()
}

// codeKey returns the ARN of the key for the codes of the deployed pool, which it makes once.
func (s *Stack) codeKey(ctx context.Context) (string, error) {
	s.codes.mu.Lock()
	defer s.codes.mu.Unlock()
	if s.codes.key != "" {
		return s.codes.key, nil
	}
	config, err := s.config("KMS")
	if err != nil {
		return "", err
	}
	var made struct{ KeyMetadata struct{ Arn string } }
	keys, err := awsjson.At(awsenv.Once(config), awsjson.KMS())
	if err != nil {
		return "", err
	}
	if err := keys.Call(ctx, awsjson.Request{
		Operation: "CreateKey", Body: map[string]string{"Description": "codes for custom senders of the local user pool"},
	}, &made); err != nil {
		return "", fmt.Errorf("make a key for the codes of custom senders: %w", err)
	}
	s.codes.key = made.KeyMetadata.Arn
	return s.codes.key, nil
}

// sealer returns the path of the program that encrypts codes.
func (s *Stack) sealer(ctx context.Context) (string, error) {
	if s.code.Sealer != nil {
		return s.code.Sealer(ctx)
	}
	return codesealer.Built(s.Repository.Build)
}

// poolKey returns the ARN of the key that codeKey made; "" if no pool has needed one.
func (s *Stack) poolKey() string {
	s.codes.mu.Lock()
	defer s.codes.mu.Unlock()
	return s.codes.key
}

// senderKey is the setting of the toolkit's own senders for the ARN of the pool's key. Terraform derives it, too.
const senderKey = "SENDER_KEY_ARN"

// keyed adds the key of custom senders to a pool's configuration and to the settings of its senders' functions: to
// SENDER_KEY_ARN, or, in a function without it, to the settings for which a grant says that the function may decrypt
// with the key. What somebody has set stays.
func (s *Stack) keyed(ctx context.Context, config *cognito.LambdaConfig, functions map[string]deployment) error {
	if !needsKey(*config) {
		return nil
	}
	key, err := s.codeKey(ctx)
	if err != nil {
		return err
	}
	config.SetKey(key)
	s.codes.sealer.Prepare()
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, d := range functions {
		functions[name] = d.withKey(key)
	}
	return nil
}

// withKey returns the deployment with the pool's key in those settings that keyed names; an empty key changes nothing.
func (d deployment) withKey(key string) deployment {
	d.settings = maps.Clone(d.settings)
	for _, setting := range keySettings(d.function) {
		if key != "" && d.function.Environment[setting] == "" && d.settings[setting] == "" {
			d.settings[setting] = key
		}
	}
	return d
}

// keySettings returns the settings of a sender that hold the ARN of the pool's key.
func keySettings(f manifest.Function) (names []string) {
	if !f.Hook.Contract().NeedsKey {
		return nil
	}
	if _, own := f.Environment[senderKey]; own {
		return []string{senderKey}
	}
	for _, grant := range f.Grants {
		if slices.Contains(manifest.Actions(grant.Name), "kms:Decrypt") {
			names = append(names, grant.Resource)
		}
	}
	return names
}

func needsKey(config cognito.LambdaConfig) bool {
	for _, hook := range cognito.Hooks() {
		if _, attached := config.Function(hook); attached && hook.Contract().NeedsKey {
			return true
		}
	}
	return false
}

// failureLimit bounds what is done with an event whose function failed.
const failureLimit = 5 * time.Second

// failed puts the event of an asynchronous function that failed into the function's dead-letter queue, under the name
// that Terraform gives it. Without an emulator it is only logged.
func (s *Stack) failed(f fire.Failure) {
	ctx, cancel := context.WithTimeout(context.Background(), failureLimit)
	defer cancel()
	if err := s.bury(ctx, f); err != nil {
		slog.New(slog.NewJSONHandler(s.logs, nil)).Warn("an event of a custom sender is lost",
			"function", f.Function, "error", err.Error())
	}
}

func (s *Stack) bury(ctx context.Context, f fire.Failure) error {
	if s.Emulator == nil {
		return errors.New("there is no emulator with a queue for it")
	}
	name, err := fire.FunctionName(f.Function)
	if err != nil {
		return err
	}
	config, err := s.config("SQS")
	if err != nil {
		return err
	}
	record, err := f.Destination()
	if err != nil {
		return err
	}
	client := sqs.NewFromConfig(config)
	url, err := s.deadLetters(ctx, client, name)
	if err != nil {
		return err
	}
	_, err = client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String(string(record))})
	return err
}

// DeadLetters is the name of a function's dead-letter queue; see terraform/modules/function/async.tf.
func DeadLetters(function string) string { return function + "-dead-letters" }

func (s *Stack) deadLetters(ctx context.Context, client *sqs.Client, function string) (string, error) {
	s.codes.mu.Lock()
	defer s.codes.mu.Unlock()
	if url := s.codes.queues[function]; url != "" {
		return url, nil
	}
	made, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(DeadLetters(function))})
	if err != nil {
		return "", fmt.Errorf("make the queue %s: %w", DeadLetters(function), err)
	}
	if s.codes.queues == nil {
		s.codes.queues = map[string]string{}
	}
	s.codes.queues[function] = aws.ToString(made.QueueUrl)
	return s.codes.queues[function], nil
}

// withoutAnEmulator returns the environment of functions in a stack that has none: a key service if custom senders need
// one, and what stands in the emulator's place for everything else.
func (s *Stack) withoutAnEmulator(keys bool) error {
	url, err := s.serveAbsence()
	if err != nil {
		return err
	}
	if s.environment, err = emulator.Without(url); err != nil || !keys || s.environment["AWS_ENDPOINT_URL_KMS"] != "" {
		return err
	}
	s.environment["AWS_ENDPOINT_URL_KMS"], err = s.serveKeys()
	return err
}
