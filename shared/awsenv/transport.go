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

// AttemptTimeout limits the first attempt at a call, connecting included, so that a hanging attempt leaves time for
// another one in the 4 s of an event. Only the context limits later attempts: a service that is slow but alive gets its
// time.
const AttemptTimeout = 1200 * time.Millisecond

const (
	maxAttempts = 3
	baseBackoff = 30 * time.Millisecond // doubles with every attempt, with jitter
)

// Once returns cfg for calls that must not be made twice, such as sending mail. An attempt is only repeated if the
// service cannot have acted on it: no connection was made, or the call was throttled. Only the context limits the
// attempt.
func Once(cfg aws.Config) aws.Config {
	cfg = cfg.Copy()
	cfg.HTTPClient = newHTTPClient()
	cfg.Retryer = newOnceRetryer
	return cfg
}

// patientClient limits the time of a call's first attempt only.
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
			// a custom dialer turns HTTP/2 off, so that a timed-out request closes its connection
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: time.Second,
			MaxIdleConns:        10,
			MaxIdleConnsPerHost: 10,
			// Lambda freezes the process between events, and the other side may close idle connections. The wall clock counts,
			// so a thawed process does not use a connection that has died in the meantime.
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

// backoff waits between half and all of the doubled base. The SDK's default delays of seconds are too long for an
// event.
func backoff(attempt int, _ error) (time.Duration, error) {
	longest := baseBackoff << min(max(attempt, 0), 4)
	return longest/2 + rand.N(longest/2), nil
}

func newOnceRetryer() aws.Retryer {
	return retry.NewStandard(bounded, func(o *retry.StandardOptions) {
		o.Retryables = []retry.IsErrorRetryable{
			retry.NoRetryCanceledError{},
			retry.IsErrorRetryableFunc(func(err error) aws.Ternary {
				if NotConnected(err) {
					return aws.TrueTernary
				}
				return aws.UnknownTernary
			}),
			retry.RetryableErrorCode{Codes: retry.DefaultThrottleErrorCodes},
		}
	})
}

// NotConnected recognizes errors of dialling: nothing was sent.
func NotConnected(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// Permanent reports whether repeating the call cannot help, because the service refused the call itself, for a missing
// permission or an unknown table for example, and not for load.
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
