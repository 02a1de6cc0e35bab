// Package httpprovider sends through any HTTP service that takes a message as JSON, for example a small adapter in
// front of a mail service, or a gateway for text messages.
//
// It posts one object: the members of Email or SMS below. Each request has the headers Idempotency-Key, which is the
// same in every attempt at a message, and, with a secret, X-Signature-Timestamp (seconds since 1970) and X-Signature:
// the hexadecimal HMAC-SHA-256, under the secret, of the timestamp, a full stop and the body. Any answer of 200 to 299
// means that the message is accepted; its member id, if any, is the message's id.
package httpprovider

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/internal/weburl"
	"cognito-triggers/shared/sending"
)

// Email is the body of a request that sends a mail.
type Email struct {
	From    string            `json:"from"`
	To      string            `json:"to"`
	ReplyTo string            `json:"replyTo,omitempty"`
	Subject string            `json:"subject"`
	HTML    string            `json:"html,omitempty"`
	Text    string            `json:"text,omitempty"`
	Tags    map[string]string `json:"tags,omitempty"`
}

// SMS is the body of a request that sends a text message.
type SMS struct {
	To       string `json:"to"`
	Text     string `json:"text"`
	SenderID string `json:"senderId,omitempty"`
}

// Sender is a sending.EmailSender and a sending.SMSSender. Its zero value is not usable.
type Sender struct {
	address string
	secret  func(context.Context) ([]byte, error)
	client  *http.Client
	now     func() time.Time
}

var (
	_ sending.EmailSender = (*Sender)(nil)
	_ sending.SMSSender   = (*Sender)(nil)
)

// New returns a sender to the address. secret returns the key of the signature, none if it is empty; it is called at
// every message, so that it can be fetched at the first one and kept.
func New(address string, secret func(context.Context) ([]byte, error)) *Sender {
	return &Sender{address: address, secret: secret, now: time.Now, client: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // what was signed for one host goes to no other
		},
	}}
}

// CheckAddress returns an error that says what to do if the address cannot be one of a provider: it must be https,
// without a user; http is accepted on this machine.
func CheckAddress(address string) error {
	u, err := url.Parse(address)
	if err == nil && u.Host != "" && u.User == nil && u.Fragment == "" && weburl.SecureOrLocal(u) {
		return nil
	}
	return errors.New("is not the address of a provider: use one such as https://mail.example.org/v1/send")
}

// SendEmail implements sending.EmailSender. See Sender for the classes of errors.
func (s *Sender) SendEmail(ctx context.Context, mail sending.Email) (string, error) {
	return s.post(ctx, mail.ID, Email{mail.From, mail.To, mail.ReplyTo, mail.Subject, mail.HTML, mail.Text, mail.Tags})
}

// SendSMS implements sending.SMSSender.
func (s *Sender) SendSMS(ctx context.Context, message sending.SMS) (string, error) {
	return s.post(ctx, message.ID, SMS{message.To, message.Text, message.SenderID})
}

const (
	provider  = "http provider"
	maxAnswer = 64 << 10
)

func (s *Sender) post(ctx context.Context, id string, message any) (string, error) {
	if err := sending.Prepared(ctx, provider); err != nil {
		return "", err
	}
	request, err := s.request(ctx, id, message)
	if err != nil {
		return "", failed(sending.Temporary, err)
	}
	response, err := s.client.Do(request)
	if err != nil {
		class := sending.Unknown
		if awsenv.NotConnected(err) {
			class = sending.Temporary
		}
		return "", failed(class, errors.Unwrap(err)) // the outer error repeats the address
	}
	defer response.Body.Close()
	var answer struct{ ID string }
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	switch class, accepted := classOf(response.StatusCode); {
	case !accepted:
		return "", failed(class, fmt.Errorf("status %d", response.StatusCode))
	case err == nil:
		_ = json.Unmarshal(body, &answer) // an id is optional
	}
	return answer.ID, nil
}

// classOf reads a status. 400, 413, 415 and 422 are about the message; 401, 403, 404 are about the settings; 429 and
// 5xx pass.
func classOf(status int) (class sending.Class, accepted bool) {
	switch {
	case status/100 == 2:
		return 0, true
	case status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge,
		status == http.StatusUnsupportedMediaType, status == http.StatusUnprocessableEntity:
		return sending.Permanent, false
	case status == http.StatusGatewayTimeout:
		return sending.Unknown, false
	}
	return sending.Temporary, false
}

func (s *Sender) request(ctx context.Context, id string, message any) (*http.Request, error) {
	secret, err := s.secret(ctx)
	if err != nil {
		return nil, fmt.Errorf("get the secret: %w", err)
	}
	body, err := json.Marshal(message)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.GetBody = nil // or the transport would send it again on a new connection
	request.Header.Set("Content-Type", "application/json")
	if id != "" {
		request.Header.Set("Idempotency-Key", id)
	}
	if len(secret) > 0 {
		stamp := strconv.FormatInt(s.now().Unix(), 10)
		mac := hmac.New(sha256.New, secret)
		mac.Write(append([]byte(stamp+"."), body...))
		request.Header.Set("X-Signature-Timestamp", stamp)
		request.Header.Set("X-Signature", hex.EncodeToString(mac.Sum(nil)))
	}
	return request, nil
}

func failed(class sending.Class, err error) error {
	return &sending.Error{Provider: provider, Class: class, Err: err}
}
