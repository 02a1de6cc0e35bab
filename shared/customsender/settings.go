package customsender

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/secret"
	"cognito-triggers/shared/sendercode"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/sending/httpprovider"
	"cognito-triggers/shared/sendonce/dynamo"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger"
)

// The settings that both triggers have.
const (
	tableSetting     = "SENT_TABLE"
	windowSetting    = "LIMIT_WINDOW_MINUTES"
	recipientSetting = "MAX_PER_RECIPIENT"
	uncertainSetting = "WHEN_UNCERTAIN"
	unescapeSetting  = "UNESCAPE_PASSWORDS"

	urlSetting    = "HTTP_PROVIDER_URL"
	secretSetting = "HTTP_PROVIDER_SECRET_ARN"
)

// FromSettings returns a sender with the functions' own services. Problems are recorded in env.
func FromSettings(env *settings.Env) *Sender {
	const most = 100_000
	config := Config{
		Window:       time.Duration(env.Int(windowSetting, 60, 1, 24*60)) * time.Minute,
		PerRecipient: env.Int(recipientSetting, 10, 0, most),
		MayDouble:    env.OneOf(uncertainSetting, "send", "send", "queue") == "send",
		Unescape:     env.Bool(unescapeSetting, true),
	}
	table := env.Required(tableSetting, "name the DynamoDB table of what was sent")
	store := awsenv.Config(env, "DYNAMODB")
	return &Sender{
		Config: config, Codes: sendercode.FromSettings(env), Now: time.Now,
		Once: dynamo.New(sync.OnceValue(func() dynamo.API { return dynamodb.NewFromConfig(store) }), table),
	}
}

// FailOver returns when a second provider is asked.
func (s *Sender) FailOver() sending.FailOver {
	return sending.FailOver{SendAgain: s.MayDouble, Failed: func(ctx context.Context, err error) {
		trigger.Count(ctx, FailOvers)
		slog.WarnContext(ctx, "the first provider did not accept the message: asking the second", "error", err)
	}}
}

// HTTPProvider returns the provider of HTTP_PROVIDER_URL, or nil if that is empty. Its requests are signed if
// HTTP_PROVIDER_SECRET_ARN names a secret. Problems are recorded in env.
func HTTPProvider(env *settings.Env) *httpprovider.Sender {
	address, arn := env.Lookup(urlSetting), env.Lookup(secretSetting)
	if address == "" {
		if arn != "" {
			env.Fail(secretSetting, "is set and %s is not: set both, or none", urlSetting)
		}
		return nil
	}
	if err := httpprovider.CheckAddress(address); err != nil {
		env.Fail(urlSetting, "%v", err)
	}
	if arn == "" {
		return httpprovider.New(address, secret.Fixed(""))
	}
	const shortest = 32 // bytes
	return httpprovider.New(address, secret.FromSettings(env, secretSetting, arn, shortest))
}

// Providers returns who sends the messages: the first provider, with the HTTP provider as the second one if there is
// one, or that one alone if there is no first. has says whether first and http exist. join makes one of two. Without
// any provider, the problem with setting is recorded in env.
func Providers[T any](env *settings.Env, setting string, first, http T, has [2]bool, join func(first, second T) T) T {
	switch {
	case has[0] && has[1]:
		return join(first, http)
	case has[1]:
		return http
	case !has[0]:
		env.Fail(setting, "is off, and %s is not set: choose who sends the messages", urlSetting)
	}
	return first
}
