// Package seslight sends mail through Amazon SES like package ses, without linking its client; see package awsjson. It
// is for functions whose cold start every sign-in pays, and which send a mail once in a while.
//
// See https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
package seslight

import (
	"context"
	"maps"
	"slices"

	"cognito-triggers/shared/awsjson"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/settings"
)

// Sender is a sending.EmailSender.
type Sender struct{ client *awsjson.Client }

var _ sending.EmailSender = (*Sender)(nil)

// FromSettings returns a sender with the credentials, Region and endpoint of the environment. Problems are recorded in
// env.
func FromSettings(env *settings.Env) *Sender { return &Sender{awsjson.NewOnce(env, awsjson.SESV2())} }

const provider = "ses"

type content struct{ Data, Charset string }

func utf8(text string) *content {
	if text == "" {
		return nil
	}
	return &content{text, "UTF-8"}
}

type tag struct{ Name, Value string }

type input struct {
	FromEmailAddress     string
	Destination          struct{ ToAddresses []string }
	ReplyToAddresses     []string `json:",omitempty"`
	ConfigurationSetName string   `json:",omitempty"`
	EmailTags            []tag    `json:",omitempty"`
	Content              struct {
		Simple struct {
			Subject *content
			Body    struct {
				Html *content `json:",omitempty"`
				Text *content `json:",omitempty"`
			}
		}
	}
}

// SendEmail implements sending.EmailSender. SES's MessageRejected and BadRequestException are permanent.
func (s *Sender) SendEmail(ctx context.Context, mail sending.Email) (string, error) {
	if err := sending.Prepared(ctx, provider); err != nil {
		return "", err
	}
	in := input{FromEmailAddress: mail.From, ConfigurationSetName: mail.ConfigurationSet}
	in.Destination.ToAddresses = []string{mail.To}
	if mail.ReplyTo != "" {
		in.ReplyToAddresses = []string{mail.ReplyTo}
	}
	for _, name := range slices.Sorted(maps.Keys(mail.Tags)) {
		in.EmailTags = append(in.EmailTags, tag{name, mail.Tags[name]})
	}
	in.Content.Simple.Subject = utf8(mail.Subject)
	in.Content.Simple.Body.Html, in.Content.Simple.Body.Text = utf8(mail.HTML), utf8(mail.Text)
	var out struct{ MessageId string }
	request := awsjson.Request{Operation: "SendEmail", Path: "/v2/email/outbound-emails", Body: in}
	if err := s.client.Call(ctx, request, &out); err != nil {
		return "", sending.ServiceError(provider, err, "MessageRejected", "BadRequestException")
	}
	return out.MessageId, nil
}
