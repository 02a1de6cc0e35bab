package awsenv

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// AttemptTimeout bounds the first attempt at a call, connecting included: one that hangs must leave room for another in
// the 4 s or so of an event. The attempts after it last as long as their context lets them, so that a service which is
// slow but alive is waited for.
const AttemptTimeout = 1200 * time.Millisecond

const (
	maxAttempts = 3
	baseBackoff = 30 * time.Millisecond // doubled with every attempt, and jittered
)

// Once is cfg for calls that must not be done twice, such as sending mail: an attempt is repeated only where the
// service cannot have acted on it, because no connection came about or because it throttled the call. The one attempt
// lasts as long as its context lets it.
func Once(cfg aws.Config) aws.Config {
	cfg = cfg.Copy()
	cfg.HTTPClient = newHTTPClient()
	cfg.Retryer = newOnceRetryer
	return cfg
}

// patientClient cuts a call's first attempt short, and no later one.
type patientClient struct{ first, later *http.Client }

// Do implements aws.HTTPClient. The SDK says in a header which attempt it is.
func (c patientClient) Do(r *http.Request) (*http.Response, error) {
	if strings.HasPrefix(r.Header.Get("Amz-Sdk-Request"), "attempt=1;") {
		return c.first.Do(r)
	}
	return c.later.Do(r)
}

func newPatientClient(attempt time.Duration) patientClient {
	later := newHTTPClient()
	first := *later
	first.Timeout = attempt
	return patientClient{&first, later}
}

// newHTTPClient makes a client whose requests last as long as their context. A plain http.Client keeps the service
// clients from replacing its timeouts by their own defaults, which are longer than a trigger lives.
func newHTTPClient() *http.Client {
	dialer := &net.Dialer{Timeout: time.Second, KeepAlive: 15 * time.Second}
	return &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment,
			// a dialer of one's own leaves HTTP/2 off: a timed-out request closes its connection
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: time.Second,
			MaxIdleConns:        10,
			MaxIdleConnsPerHost: 10,
			// Between events Lambda freezes the process, and the other side may close what idles. This is measured by the wall
			// clock, so a thawed process does not try a connection that died meanwhile.
			IdleConnTimeout: 20 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a signed request is for the host that it was signed for
		},
	}
}

func newRetryer() aws.Retryer {
	return retry.NewStandard(bounded)
}

func bounded(o *retry.StandardOptions) {
	o.MaxAttempts = maxAttempts
	o.Backoff = retry.BackoffDelayerFunc(backoff)
}

// backoff waits between half and all of the doubled base. The SDK's own delay counts in seconds, which is too long for
// an event.
func backoff(attempt int, _ error) (time.Duration, error) {
	longest := baseBackoff << min(max(attempt, 0), 4)
	return longest/2 + rand.N(longest/2), nil
}

func newOnceRetryer() aws.Retryer {
	return retry.NewStandard(bounded, func(o *retry.StandardOptions) {
		o.Retryables = []retry.IsErrorRetryable{
			retry.NoRetryCanceledError{},
			retry.IsErrorRetryableFunc(notConnected),
			retry.RetryableErrorCode{Codes: retry.DefaultThrottleErrorCodes},
		}
	})
}

// notConnected tells errors of dialling, after which nothing was sent.
func notConnected(err error) aws.Ternary {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// Permanent tells whether a call failed in a way that trying again cannot change: the service answered, and refused the
// call for what it is, such as a missing permission or an unknown table, and not for load.
func Permanent(err error) bool {
	var response interface{ HTTPStatusCode() int }
	if !errors.As(err, &response) || response.HTTPStatusCode()/100 != 4 ||
		response.HTTPStatusCode() == http.StatusTooManyRequests {
		return false
	}
	var code interface{ ErrorCode() string }
	if !errors.As(err, &code) {
		return true
	}
	_, throttled := retry.DefaultThrottleErrorCodes[code.ErrorCode()]
	_, late := retry.DefaultRetryableErrorCodes[code.ErrorCode()]
	return !throttled && !late
}
