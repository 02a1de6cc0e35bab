// Package ses sends mail through Amazon SES.
//
// See https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
package ses

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/settings"
)

// API is the part of the SES client that the sender uses.
type API interface {
	SendEmail(context.Context, *sesv2.SendEmailInput, ...func(*sesv2.Options)) (*sesv2.SendEmailOutput, error)
}

// Sender is a sending.EmailSender.
type Sender struct{ client func() API }

var _ sending.EmailSender = (*Sender)(nil)

// New returns a sender that calls client at its first use; see sync.OnceValue. The client must not repeat a call that
// may have succeeded; see awsenv.Once.
func New(client func() API) *Sender { return &Sender{client} }

// FromSettings returns a sender with the credentials, Region and endpoint of the environment. Problems are recorded in
// env.
func FromSettings(env *settings.Env) *Sender {
	config := awsenv.Once(awsenv.Config(env, "SESV2"))
	return New(sync.OnceValue(func() API { return sesv2.NewFromConfig(config) }))
}

const provider = "ses"

// SendEmail implements sending.EmailSender. SES's MessageRejected and BadRequestException are permanent.
func (s *Sender) SendEmail(ctx context.Context, mail sending.Email) (string, error) {
	if err := sending.Prepared(ctx, provider); err != nil {
		return "", err
	}
	input := &sesv2.SendEmailInput{
		FromEmailAddress: &mail.From,
		Destination:      &types.Destination{ToAddresses: []string{mail.To}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: utf8(mail.Subject),
			Body:    &types.Body{Html: utf8(mail.HTML), Text: utf8(mail.Text)},
		}},
		EmailTags: tags(mail.Tags),
	}
	if mail.ReplyTo != "" {
		input.ReplyToAddresses = []string{mail.ReplyTo}
	}
	if mail.ConfigurationSet != "" {
		input.ConfigurationSetName = &mail.ConfigurationSet
	}
	out, err := s.client().SendEmail(ctx, input)
	if err != nil {
		return "", sending.ServiceError(provider, err, "MessageRejected", "BadRequestException")
	}
	return aws.ToString(out.MessageId), nil
}

func utf8(text string) *types.Content {
	if text == "" {
		return nil
	}
	return &types.Content{Data: &text, Charset: aws.String("UTF-8")}
}

// tags returns the tags in the order of their names.
func tags(values map[string]string) []types.MessageTag {
	var list []types.MessageTag
	for _, name := range slices.Sorted(maps.Keys(values)) {
		list = append(list, types.MessageTag{Name: &name, Value: aws.String(values[name])})
	}
	return list
}
