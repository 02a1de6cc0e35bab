package emulator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/smithy-go"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/awsjson"
)

// Email is a message that SES accepted.
type Email struct {
	MessageID   string
	From        string
	To, CC, BCC []string
	Subject     string
	HTML, Text  string // empty if the message has no such part
	SentAt      time.Time
}

// SentEmails returns all messages that SES accepted since the start, oldest first, in any Region and account. It
// returns an error if the user's own emulator has no such page.
func (e *Emulator) SentEmails(ctx context.Context) ([]Email, error) {
	var page struct {
		Messages map[string][]struct {
			MessageID string `json:"MessageId"`
			Source    string
			To        []string
			CC        []string
			BCC       []string
			Subject   string
			BodyText  string
			BodyHTML  string `json:"BodyHtml"`
			Timestamp float64
		} `json:"messages"`
	}
	if err := getJSON(ctx, e.Endpoint+"/_ministack/ses/messages", &page); err != nil {
		return nil, fmt.Errorf("emulator: reading the sent e-mails: %w", err)
	}
	var all []Email
	for _, account := range page.Messages {
		for _, m := range account {
			all = append(all, Email{
				MessageID: m.MessageID,
				From:      m.Source,
				To:        m.To,
				CC:        m.CC,
				BCC:       m.BCC,
				Subject:   m.Subject,
				HTML:      m.BodyHTML,
				Text:      m.BodyText,
				SentAt:    time.UnixMicro(int64(m.Timestamp * 1e6)),
			})
		}
	}
	slices.SortStableFunc(all, func(a, b Email) int { return cmp.Compare(a.SentAt.UnixMicro(), b.SentAt.UnixMicro()) })
	return all, nil
}

// VerifyEmailIdentity lets SES send from an address or a domain. Verifying it again is not an error.
func (e *Emulator) VerifyEmailIdentity(ctx context.Context, identity string) error {
	return e.verifyIn(ctx, e.region, identity)
}

// verifyIn is VerifyEmailIdentity in a Region, since identities belong to one.
func (e *Emulator) verifyIn(ctx context.Context, region, identity string) error {
	cfg, err := e.Config("SESV2")
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	cfg.Region = cmp.Or(region, cfg.Region)
	ses, err := awsjson.At(awsenv.Once(cfg), awsjson.SESV2())
	if err != nil {
		return fmt.Errorf("emulator: %w", err)
	}
	err = ses.Call(ctx, awsjson.Request{
		Operation: "CreateEmailIdentity", Path: "/v2/email/identities", Body: map[string]string{"EmailIdentity": identity},
	}, nil)
	var answer smithy.APIError
	if err != nil && (!errors.As(err, &answer) || answer.ErrorCode() != "AlreadyExistsException") {
		return fmt.Errorf("emulator: verifying an e-mail identity: %w", err)
	}
	return nil
}
