// Package sns sends text messages through Amazon SNS.
//
// See https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html
package sns

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/settings"
)

// API is the part of the SNS client that the sender uses.
type API interface {
	Publish(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)
}

// Sender is a sending.SMSSender. SNS has no time to live and no configuration set for text messages.
type Sender struct{ client func() API }

var _ sending.SMSSender = (*Sender)(nil)

// New returns a sender that calls client at its first use; see sync.OnceValue. The client must not repeat a call that
// may have succeeded; see awsenv.Once.
func New(client func() API) *Sender { return &Sender{client} }

// FromSettings returns a sender with the credentials, Region and endpoint of the environment. Problems are recorded in
// env.
func FromSettings(env *settings.Env) *Sender {
	config := awsenv.Once(awsenv.Config(env, "SNS"))
	return New(sync.OnceValue(func() API { return sns.NewFromConfig(config) }))
}

const provider = "sns"

// SendSMS implements sending.SMSSender. It sends as Transactional, which SNS delivers with the highest reliability.
// Refusals of the number or the text are permanent, also for a number whose owner opted out.
func (s *Sender) SendSMS(ctx context.Context, message sending.SMS) (string, error) {
	if err := sending.Prepared(ctx, provider); err != nil {
		return "", err
	}
	out, err := s.client().Publish(ctx, &sns.PublishInput{
		PhoneNumber:       &message.To,
		Message:           &message.Text,
		MessageAttributes: attributes(message),
	})
	if err != nil {
		return "", sending.ServiceError(provider, err,
			"InvalidParameter", "ParameterValueInvalid", "InvalidParameterValue", "OptedOut")
	}
	return aws.ToString(out.MessageId), nil
}

// attributes are those of https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html
func attributes(message sending.SMS) map[string]types.MessageAttributeValue {
	all := map[string]types.MessageAttributeValue{"AWS.SNS.SMS.SMSType": value("String", "Transactional")}
	for name, text := range map[string]string{
		"AWS.SNS.SMS.SenderID":         message.SenderID,
		"AWS.MM.SMS.OriginationNumber": message.OriginationID,
		"AWS.MM.SMS.EntityId":          message.EntityID,
		"AWS.MM.SMS.TemplateId":        message.TemplateID,
	} {
		if text != "" {
			all[name] = value("String", text)
		}
	}
	if message.MaxPrice != "" {
		all["AWS.SNS.SMS.MaxPrice"] = value("Number", message.MaxPrice)
	}
	return all
}

func value(kind, text string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: &kind, StringValue: &text}
}
