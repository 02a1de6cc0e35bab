package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/settings"
)

// Email is one message that SES took.
type Email struct {
	From    string   `json:"Source"`
	To      []string `json:"To"`
	Subject string   `json:"Subject"`
	Text    string   `json:"BodyText"`
	HTML    string   `json:"BodyHtml"`
}

// ErrNoMailbox tells that the endpoint is an emulator that does not list what it sent.
var ErrNoMailbox = errors.New("this emulator does not list the mail that it sent")

// SentEmails lists every message that SES took, oldest first.
func (e *Emulator) SentEmails(ctx context.Context) ([]Email, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, e.Endpoint+"/_ministack/ses/messages", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("list the sent mail: %w", err)
	}
	defer response.Body.Close()
	var body struct{ Messages map[string][]Email } // by account
	if response.StatusCode != http.StatusOK || json.NewDecoder(response.Body).Decode(&body) != nil {
		return nil, ErrNoMailbox
	}
	var all []Email
	for _, account := range slices.Sorted(maps.Keys(body.Messages)) {
		all = append(all, body.Messages[account]...)
	}
	return all, nil
}

// VerifyEmailIdentity lets an address send mail.
func (e *Emulator) VerifyEmailIdentity(ctx context.Context, address string) error {
	env := settings.FromMap(e.Environment())
	client := sesv2.NewFromConfig(awsenv.Config(env, "SESV2"))
	if err := env.Err(); err != nil {
		return err
	}
	_, err := client.CreateEmailIdentity(ctx, &sesv2.CreateEmailIdentityInput{EmailIdentity: &address})
	var exists *types.AlreadyExistsException
	if errors.As(err, &exists) {
		return nil
	}
	return err
}
