package secret

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"cognito-triggers/shared/settings"
)

const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf"

type fake struct {
	value *secretsmanager.GetSecretValueOutput
	err   error
	calls int
}

func (f *fake) GetSecretValue(_ context.Context, in *secretsmanager.GetSecretValueInput,
	_ ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error) {
	f.calls++
	if f.err != nil || *in.SecretId != arn {
		return nil, cause(f.err)
	}
	return f.value, nil
}

func cause(err error) error {
	if err == nil {
		return errors.New("another secret")
	}
	return err
}

func text(s string) *secretsmanager.GetSecretValueOutput {
	return &secretsmanager.GetSecretValueOutput{SecretString: aws.String(s)}
}

func TestValueIsReadOnceAndAgainAfterMaxAge(t *testing.T) {
	f := &fake{value: text(strings.Repeat("a", 32) + "\n")}
	s := newCached(arn, 32, func() api { return f })
	now := time.Unix(1_800_000_000, 0)
	s.now = func() time.Time { return now }
	want := func(value string, calls int) {
		t.Helper()
		got, err := s.get(t.Context())
		if err != nil || string(got) != value || f.calls != calls {
			t.Errorf("%q after %d calls, error %v; want %q after %d", got, f.calls, err, value, calls)
		}
	}
	want(strings.Repeat("a", 32), 1)
	f.value = text(strings.Repeat("b", 32))
	want(strings.Repeat("a", 32), 1)
	now = now.Add(maxAge)
	want(strings.Repeat("b", 32), 2)
	now, f.err = now.Add(maxAge), errors.New("down")
	want(strings.Repeat("b", 32), 3) // the one from before is better than none
}

func TestErrors(t *testing.T) {
	for name, f := range map[string]*fake{
		"down":      {err: errors.New("down")},
		"too short": {value: text("secret-value")},
		"empty":     {value: text("")},
		"no value":  {value: &secretsmanager.GetSecretValueOutput{}},
	} {
		if value, err := newCached(arn, 32, func() api { return f }).get(t.Context()); err == nil ||
			strings.Contains(err.Error(), "secret-value") {
			t.Errorf("%s: %q, error %v", name, value, err)
		}
	}
	bytes := &fake{value: &secretsmanager.GetSecretValueOutput{SecretBinary: make([]byte, 32)}}
	if value, err := newCached(arn, 32, func() api { return bytes }).get(t.Context()); err != nil || len(value) != 32 {
		t.Errorf("bytes: %q, error %v", value, err)
	}
}

func TestRegion(t *testing.T) {
	if region, err := regionOf(arn); err != nil || region != "eu-west-1" {
		t.Errorf("%s, error %v", region, err)
	}
	for _, wrong := range []string{"", "key", "arn:aws:ssm:eu-west-1:111122223333:parameter/key"} {
		if region, err := regionOf(wrong); err == nil {
			t.Errorf("%q: %s", wrong, region)
		}
	}
}

func TestWrongARNIsAProblemOfItsSetting(t *testing.T) {
	env := settings.FromMap(nil)
	get := FromSettings(env, "SIGNING_SECRET_ARN", "key", 32)
	if err := env.Err(); get != nil || err == nil ||
		!strings.Contains(err.Error(), "SIGNING_SECRET_ARN is not the ARN of a secret") {
		t.Errorf("secret: %t, error %v", get != nil, err)
	}
}
