// Package secret reads a key that a function shares with another system: from a setting, or from AWS Secrets Manager,
// which the grant secrets:read allows.
package secret

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/settings"
)

// api is the part of a Secrets Manager client that a cached secret needs.
type api interface {
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput,
		...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
}

// maxAge is how long a value from Secrets Manager is used before it is read again, so that a rotation takes effect.
const maxAge = 5 * time.Minute

// Fixed returns the secret that a setting holds.
func Fixed(value string) func(context.Context) ([]byte, error) {
	return func(context.Context) ([]byte, error) { return []byte(value), nil }
}

// FromSettings returns the secret whose ARN the setting holds: text or bytes of at least shortest bytes. It is read in
// the ARN's Region at the first use, and again a few minutes later, so that a rotation takes effect. For a wrong ARN it
// records the problem in env and returns nil.
func FromSettings(env *settings.Env, setting, arn string, shortest int) func(context.Context) ([]byte, error) {
	region, err := regionOf(arn)
	if err != nil {
		env.Fail(setting, "%v", err)
		return nil
	}
	cfg := awsenv.Config(env, "SECRETS_MANAGER")
	cfg.Region = region
	return newCached(arn, shortest, sync.OnceValue(func() api { return secretsmanager.NewFromConfig(cfg) })).get
}

// cached is a value in Secrets Manager. It is read at the first use and after maxAge; while it cannot be read again,
// the value from before is used.
type cached struct {
	client func() api
	arn    string
	min    int
	now    func() time.Time

	mu    sync.Mutex
	value []byte
	read  time.Time
}

func newCached(arn string, min int, client func() api) *cached {
	return &cached{client: client, arn: arn, min: min, now: time.Now}
}

// get returns the secret. The error has nothing of it.
func (s *cached) get(ctx context.Context) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.value != nil && s.now().Sub(s.read) < maxAge {
		return s.value, nil
	}
	value, err := s.fetch(ctx)
	switch {
	case err == nil:
		s.value, s.read = value, s.now()
	case s.value == nil:
		return nil, err
	}
	return s.value, nil
}

func (s *cached) fetch(ctx context.Context) ([]byte, error) {
	out, err := s.client().GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &s.arn})
	if err != nil {
		return nil, fmt.Errorf("read the secret: %w", err)
	}
	value := out.SecretBinary
	if out.SecretString != nil {
		value = []byte(strings.TrimSpace(aws.ToString(out.SecretString)))
	}
	if len(value) < s.min || len(value) == 0 {
		return nil, errTooShort
	}
	return value, nil
}

var errTooShort = errors.New(
	"the secret is too short: store one of at least 32 random bytes as text or bytes, not as JSON")

// regionOf returns the Region in a secret's ARN. The error says what to write.
func regionOf(arn string) (string, error) {
	parts := strings.Split(arn, ":")
	if len(parts) < 7 || parts[0] != "arn" || parts[2] != "secretsmanager" || parts[3] == "" || parts[5] != "secret" {
		return "", errors.New("is not the ARN of a secret: write arn:aws:secretsmanager:<Region>:<account>:secret:<name>")
	}
	return parts[3], nil
}
