// Package service is a source of users behind an HTTP service. The trigger posts a signed request, and the service,
// which checks the password itself, answers with what it knows. triggers/user-migration/README.md describes both.
package service

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"

	"cognito-triggers/shared/migration"
	"cognito-triggers/shared/strictjson"
)

// Operations of a request.
const (
	SignIn = "sign-in" // check the password
	LookUp = "look-up" // tell about a user without a password
)

// Request is what the service gets as JSON.
type Request struct {
	Operation string `json:"operation"`
	UserName  string `json:"userName"`           // as it was typed
	Password  string `json:"password,omitempty"` // for SignIn
}

// Results of a Response.
const (
	Found         = "found"          // and, for SignIn, the password is right
	WrongPassword = "wrong-password" // for SignIn
	Unknown       = "unknown"        // no such user
)

// Response is what the service answers with status 200, as JSON. Members that are not here are an error.
type Response struct {
	Result        string            `json:"result"`
	Attributes    map[string]string `json:"attributes,omitempty"` // for Found
	Verified      []string          `json:"verified,omitempty"`   // which attributes are verified addresses
	Disabled      bool              `json:"disabled,omitempty"`
	SecondFactor  bool              `json:"secondFactor,omitempty"`
	ResetRequired bool              `json:"resetRequired,omitempty"`
}

// maxResponse is how many bytes of an answer are read.
const maxResponse = 64 << 10

// Options describe the service.
type Options struct {
	URL string // with https
	// Key returns the key of the signatures.
	Key func(context.Context) ([]byte, error)
	CA  *x509.CertPool   // the only authorities to trust, or nil for the system's; see ParseCA
	Now func() time.Time // nil for the clock
}

// Source asks the service once per call. The context alone bounds the time.
type Source struct {
	url    string
	key    func(context.Context) ([]byte, error)
	client *http.Client
	now    func() time.Time
}

// New returns a source for the service. The error says what is wrong with the URL.
func New(o Options) (*Source, error) {
	if err := checkURL(o.URL); err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.CA}
	if o.Now == nil {
		o.Now = time.Now
	}
	dialer := &net.Dialer{Timeout: 2 * time.Second, KeepAlive: 15 * time.Second}
	return &Source{o.URL, o.Key, &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, TLSClientConfig: config,
			TLSHandshakeTimeout: 2 * time.Second, MaxIdleConnsPerHost: 2, MaxResponseHeaderBytes: maxResponse,
			IdleConnTimeout: 20 * time.Second, // Lambda freezes the process between events
		},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a password is for the service that the settings name
		},
	}, o.Now}, nil
}

// checkURL returns an error unless the URL has https, a host, and no user.
func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" {
		return errors.New("is not a URL with https: passwords travel to it, so write https://host/path, without a user name")
	}
	return nil
}

// ParseCA reads certificates in PEM. The error says what to write.
func ParseCA(text string) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(text)) {
		return nil, errors.New("has no certificate in PEM: begin with -----BEGIN CERTIFICATE-----")
	}
	return pool, nil
}

// SignIn implements migration.Source.
func (s *Source) SignIn(ctx context.Context, name, password string) (migration.Account, error) {
	return s.ask(ctx, Request{Operation: SignIn, UserName: name, Password: password})
}

// LookUp implements migration.Source.
func (s *Source) LookUp(ctx context.Context, name string) (migration.Account, error) {
	return s.ask(ctx, Request{Operation: LookUp, UserName: name})
}

func (s *Source) ask(ctx context.Context, request Request) (migration.Account, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return migration.Account{}, fmt.Errorf("ask the migration service: %w", err)
	}
	key, err := s.key(ctx)
	if err != nil {
		return migration.Account{}, err
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return migration.Account{}, errors.New("ask the migration service: the URL cannot be called")
	}
	post.GetBody = nil // the client must not send the password twice
	post.Header.Set("Content-Type", "application/json")
	post.Header.Set("Accept", "application/json")
	sign(post.Header, key, body, s.now())
	answer, err := s.client.Do(post)
	if err != nil {
		return migration.Account{}, fmt.Errorf("ask the migration service: %w", cause(err))
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxResponse+1))
	if err != nil {
		return migration.Account{}, fmt.Errorf("read the migration service's answer: %w", cause(err))
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	switch {
	case answer.StatusCode != http.StatusOK:
		return migration.Account{}, fmt.Errorf("the migration service answered with status %d", answer.StatusCode)
	case kind != "application/json":
		return migration.Account{}, errors.New("the migration service's answer is not of the type application/json")
	case len(text) > maxResponse:
		return migration.Account{}, fmt.Errorf("the migration service's answer has more than %d bytes", maxResponse)
	}
	return read(request.Operation, text)
}

// errAnswer has nothing of the answer, which may repeat the request.
var errAnswer = errors.New("the migration service's answer is not what triggers/user-migration/README.md describes")

func read(operation string, text []byte) (migration.Account, error) {
	var r Response
	if err := strictjson.Unmarshal(text, &r); err != nil {
		return migration.Account{}, errAnswer
	}
	bare := len(r.Attributes) == 0 && len(r.Verified) == 0 && !r.Disabled && !r.SecondFactor && !r.ResetRequired
	switch {
	case r.Result == Unknown && bare:
		return migration.Account{}, migration.ErrUnknown
	case r.Result == WrongPassword && bare && operation == SignIn:
		return migration.Account{}, migration.ErrWrongPassword
	case r.Result != Found:
		return migration.Account{}, errAnswer
	}
	a := migration.Account{
		Attributes: r.Attributes, Verified: map[string]bool{},
		Disabled: r.Disabled, SecondFactor: r.SecondFactor, ResetRequired: r.ResetRequired,
	}
	for _, name := range r.Verified {
		a.Verified[name] = true
	}
	return a, nil
}

// cause returns the reason why a request failed without its URL, which may hold a key.
func cause(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
