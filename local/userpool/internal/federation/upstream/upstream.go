// Package upstream is what all ways to identity providers have in common: calls with bounds on what an address that
// somebody has entered, or that a provider's document names, can make the pool do; errors that the app gets; and lists.
package upstream

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

const (
	// maxBody bounds what an identity provider may answer, in bytes.
	maxBody = 1 << 20
	// maxRedirects is how many redirects Cognito follows.
	maxRedirects = 20
	// agent is the User-Agent of Cognito's requests to identity providers.
	agent = "Amazon/Cognito"
)

// Wait is how long one request to an identity provider may take. AWS documents only the five minutes of a sign-in.
const Wait = 10 * time.Second

// ErrAddress is the error of a request to an address that no identity provider has.
var ErrAddress = errors.New("the address belongs to no identity provider")

// Client returns a client for requests to identity providers. It speaks http and https on every port, which AWS does
// not, so that a provider can run on this machine; it refuses link-local addresses, where clouds keep credentials.
func Client(wait time.Duration) *http.Client {
	dialer := &net.Dialer{Timeout: wait, Control: allowed}
	return &http.Client{
		Timeout:       wait,
		CheckRedirect: follow,
		Transport: bounded{&http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: wait, MaxResponseHeaderBytes: maxBody,
			DisableKeepAlives: true, // a sign-in makes few requests, and the next may be hours away
		}},
	}
}

// allowed refuses a connection to an address after names are resolved, so that no name can hide it.
func allowed(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if ip := to.Addr().Unmap(); ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return fmt.Errorf("%s: %w", ip, ErrAddress)
	}
	return nil
}

// follow follows redirects of GET requests, but not from https to http. Other requests carry the client's secret.
func follow(r *http.Request, via []*http.Request) error {
	switch last := via[len(via)-1]; {
	case len(via) > maxRedirects:
		return fmt.Errorf("more than %d redirects", maxRedirects)
	case last.Method != http.MethodGet || r.Method != http.MethodGet:
		return http.ErrUseLastResponse
	case last.URL.Scheme == "https" && r.URL.Scheme != "https":
		return errors.New("a redirect leads from https to " + r.URL.Scheme)
	case last.URL.Host != r.URL.Host || last.URL.Scheme != r.URL.Scheme:
		r.Header.Del("Authorization") // net/http keeps it for other ports of the host
	}
	return nil
}

// bounded bounds the answers.
type bounded struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", agent)
	answer, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = &limited{ReadCloser: answer.Body, left: maxBody}
	return answer, nil
}

// limited fails where a body is longer than it may be, so that a part of it is never taken for the whole.
type limited struct {
	io.ReadCloser
	left int
}

// Read implements io.Reader.
func (l *limited) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if l.left -= n; l.left < 0 {
		return 0, fmt.Errorf("the answer has more than %d bytes", maxBody)
	}
	return n, err
}

// Error is an error of a sign-in at an identity provider. The app gets its text at its callback.
type Error struct{ Text string }

// Error implements error.
func (e *Error) Error() string { return e.Text }

// maxProblem bounds the text of an error that is not our own, in bytes.
const maxProblem = 300

// Brief returns the text of an error that is not our own.
func Brief(err error) string {
	text := err.Error()
	return text[:min(len(text), maxProblem)]
}

// List returns an attribute's values as the one text that Cognito makes of them: [a,b], with each value form-encoded.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html
func List(values []string) string {
	encoded := make([]string, len(values))
	for i, value := range values {
		// Java's form encoding, which AWS's rule describes: it leaves * and encodes ~.
		encoded[i] = strings.NewReplacer("%2A", "*", "~", "%7E").Replace(url.QueryEscape(value))
	}
	return "[" + strings.Join(encoded, ",") + "]"
}
