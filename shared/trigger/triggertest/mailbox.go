package triggertest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"cognito-triggers/shared/golden"
)

// Mailbox stands for Amazon SES and SNS in a test: it accepts mail through SendEmail of SES's version 2 and SMS through
// Publish of SNS, and lists them as an Instance's Outbox. It is safe for concurrent use.
//
// See https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
type Mailbox struct {
	url string

	mu    sync.Mutex
	mails []golden.Mail
	sms   []golden.SMS
}

// NewMailbox returns a mailbox that is open until the test ends.
func NewMailbox(t *testing.T) *Mailbox {
	t.Helper()
	m := &Mailbox{}
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	m.url = server.URL
	return m
}

// Settings returns the endpoint variables that lead a handler's clients to the mailbox.
func (m *Mailbox) Settings() map[string]string {
	return map[string]string{"AWS_ENDPOINT_URL_SESV2": m.url, "AWS_ENDPOINT_URL_SNS": m.url}
}

// Mails implements golden.Outbox.
func (m *Mailbox) Mails(context.Context) ([]golden.Mail, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.mails), nil
}

// SMS implements golden.Outbox.
func (m *Mailbox) SMS(context.Context) ([]golden.SMS, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.sms), nil
}

// ServeHTTP implements the two calls and refuses others.
func (m *Mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 40<<20))
	form, _ := url.ParseQuery(string(body))
	switch {
	case err == nil && r.URL.Path == "/v2/email/outbound-emails" && m.mail(body):
		_, _ = io.WriteString(w, `{"MessageId":"0"}`)
	case err == nil && form.Get("Action") == "Publish" && form.Get("PhoneNumber") != "":
		m.mu.Lock()
		m.sms = append(m.sms, golden.SMS{To: form.Get("PhoneNumber"), Text: form.Get("Message")})
		m.mu.Unlock()
		_, _ = io.WriteString(w, "<PublishResponse><PublishResult><MessageId>0</MessageId></PublishResult></PublishResponse>")
	default:
		refuse(w, r)
	}
}

// content is the text of a part of a mail.
type content struct{ Data string }

// mail keeps a mail and reports whether it is one that SES would take: with a sender, a recipient and a plain content.
func (m *Mailbox) mail(body []byte) bool {
	var in struct {
		FromEmailAddress string
		Destination      struct{ ToAddresses, CcAddresses, BccAddresses []string }
		Content          struct {
			Simple *struct {
				Subject content
				Body    struct{ Text, Html content }
			}
		}
	}
	if json.Unmarshal(body, &in) != nil || in.Content.Simple == nil || strings.TrimSpace(in.FromEmailAddress) == "" {
		return false
	}
	to := slices.Concat(in.Destination.ToAddresses, in.Destination.CcAddresses, in.Destination.BccAddresses)
	if len(to) == 0 {
		return false
	}
	simple := in.Content.Simple
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mails = append(m.mails, golden.Mail{
		From: in.FromEmailAddress, To: to, Subject: simple.Subject.Data, Text: simple.Body.Text.Data,
		HTML: simple.Body.Html.Data,
	})
	return true
}
