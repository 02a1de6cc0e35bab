// Package endusermessaging sends text messages through AWS End User Messaging.
//
// See https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html
package endusermessaging

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/settings"
)

// API is the part of the client that the sender uses.
type API interface {
	SendTextMessage(context.Context, *api.SendTextMessageInput, ...func(*api.Options)) (*api.SendTextMessageOutput, error)
}

// Sender is a sending.SMSSender. A message's SenderID counts only without an OriginationID: the service has one member
// for both.
type Sender struct{ client func() API }

var _ sending.SMSSender = (*Sender)(nil)

// New returns a sender that calls client at its first use; see sync.OnceValue. The client must not repeat a call that
// may have succeeded; see awsenv.Once.
func New(client func() API) *Sender { return &Sender{client} }

// FromSettings returns a sender with the credentials, Region and endpoint of the environment. Problems are recorded in
// env.
func FromSettings(env *settings.Env) *Sender {
	config := awsenv.Once(awsenv.Config(env, "PINPOINT_SMS_VOICE_V2"))
	return New(sync.OnceValue(func() API { return api.NewFromConfig(config) }))
}

const provider = "end user messaging"

// SendSMS implements sending.SMSSender. It sends as TRANSACTIONAL. What the service calls a validation error or a
// conflict with the number is permanent, such as a number whose owner opted out.
func (s *Sender) SendSMS(ctx context.Context, message sending.SMS) (string, error) {
	if err := sending.Prepared(ctx, provider); err != nil {
		return "", err
	}
	input := &api.SendTextMessageInput{
		DestinationPhoneNumber: &message.To,
		MessageBody:            &message.Text,
		MessageType:            types.MessageTypeTransactional,
		OriginationIdentity:    optional(message.OriginationID),
		ConfigurationSetName:   optional(message.ConfigurationSet),
		MaxPrice:               optional(message.MaxPrice),
	}
	if input.OriginationIdentity == nil {
		input.OriginationIdentity = optional(message.SenderID)
	}
	if message.TimeToLive > 0 {
		input.TimeToLive = aws.Int32(int32(message.TimeToLive.Seconds()))
	}
	if message.EntityID != "" {
		input.DestinationCountryParameters = map[string]string{
			"IN_ENTITY_ID": message.EntityID, "IN_TEMPLATE_ID": message.TemplateID,
		}
	}
	out, err := s.client().SendTextMessage(ctx, input)
	if err != nil {
		return "", sending.ServiceError(provider, err, "ValidationException", "ConflictException")
	}
	return aws.ToString(out.MessageId), nil
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
