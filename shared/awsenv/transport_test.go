package awsenv

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/shared/settings"
)

// client makes a DynamoDB client for the endpoint, as a function would.
func client(t *testing.T, endpoint string, change func(aws.Config) aws.Config) *dynamodb.Client {
	t.Helper()
	env := lambda(map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": endpoint})
	cfg := Config(env, "DYNAMODB")
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	return dynamodb.NewFromConfig(change(cfg))
}

func call(ctx context.Context, c *dynamodb.Client) error {
	_, err := c.ListTables(ctx, &dynamodb.ListTablesInput{})
	return err
}

// quickAttempt is how long quick's first attempt lasts.
const quickAttempt = 60 * time.Millisecond

// quick shortens the first attempt, so that a test of time-outs is over soon.
func quick(cfg aws.Config) aws.Config {
	cfg.HTTPClient = newPatientClient(quickAttempt)
	return cfg
}

func same(cfg aws.Config) aws.Config { return cfg }

// server answers with the handler's status, after counting the request.
func server(t *testing.T, handler func(n int32, w http.ResponseWriter, r *http.Request)) (string, *atomic.Int32) {
	t.Helper()
	var requests atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler(requests.Add(1), w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, &requests
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func TestStalledAttemptLeavesRoomForAnother(t *testing.T) {
	release := make(chan struct{})
	url, requests := server(t, func(n int32, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			<-release
		}
		reply(w, http.StatusOK, `{"TableNames":[]}`)
	})
	defer close(release)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := call(ctx, client(t, url, quick)); err != nil {
		t.Fatal(err)
	}
	if n := requests.Load(); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

// A listener that accepts and then stays silent behaves like a dead network path.
func TestStalledEndpointEndsWithTheContext(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for name, change := range map[string]func(aws.Config) aws.Config{"repeatable": same, "once": Once} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			began := time.Now()
			err := call(ctx, client(t, "http://"+listener.Addr().String(), change))
			if err == nil {
				t.Fatal("the call succeeded")
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// A service that is slow but alive must not count as one that is down.
func TestLaterAttemptsAreWaitedFor(t *testing.T) {
	url, requests := server(t, func(_ int32, w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(3 * quickAttempt):
		case <-r.Context().Done():
		}
		reply(w, http.StatusOK, `{"TableNames":[]}`)
	})
	if err := call(t.Context(), client(t, url, quick)); err != nil {
		t.Fatal(err)
	}
	if n := requests.Load(); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

func TestFirstAttemptLeavesMostOfTheBudget(t *testing.T) {
	delay, err := backoff(0, nil)
	if err != nil || delay <= 0 {
		t.Fatalf("delay %v, error %v", delay, err)
	}
	if used := AttemptTimeout + 2*delay; used > 2*time.Second { // jitter halves the delay at most
		t.Errorf("a first attempt that hangs takes %v of the 4 s of an event", used)
	}
}

func TestRepeatsServerErrors(t *testing.T) {
	url, requests := server(t, func(_ int32, w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusInternalServerError, `{"__type":"InternalServerError"}`)
	})
	if err := call(t.Context(), client(t, url, same)); err == nil {
		t.Fatal("the call succeeded")
	}
	if n := requests.Load(); n != maxAttempts {
		t.Errorf("%d requests, want %d", n, maxAttempts)
	}
}

func TestOnceRepeatsOnlyWhatCannotHaveHappened(t *testing.T) {
	cases := []struct {
		name    string
		handler func(w http.ResponseWriter, r *http.Request)
		want    int32
	}{
		{name: "server error", handler: func(w http.ResponseWriter, _ *http.Request) {
			reply(w, http.StatusInternalServerError, `{"__type":"InternalServerError"}`)
		}, want: 1},
		{name: "connection cut after the request", handler: func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				conn.Close()
			}
		}, want: 1},
		{name: "throttled", handler: func(w http.ResponseWriter, _ *http.Request) {
			reply(w, http.StatusTooManyRequests, `{"__type":"TooManyRequestsException"}`)
		}, want: maxAttempts},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			url, requests := server(t, func(_ int32, w http.ResponseWriter, r *http.Request) { c.handler(w, r) })
			if err := call(t.Context(), client(t, url, Once)); err == nil {
				t.Fatal("the call succeeded")
			}
			if n := requests.Load(); n != c.want {
				t.Errorf("%d requests, want %d", n, c.want)
			}
		})
	}
}

func TestOnceTriesAgainAfterFailedDial(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close() // nothing listens there now
	err = call(t.Context(), client(t, "http://"+address, Once))
	if err == nil || !strings.Contains(err.Error(), "exceeded maximum number of attempts") {
		t.Errorf("error %v, want one after all attempts", err)
	}
}

func TestPermanent(t *testing.T) {
	cases := []struct {
		name   string
		status int
		code   string
		want   bool
	}{
		{name: "missing permission", status: 400, code: "AccessDeniedException", want: true},
		{name: "unknown table", status: 400, code: "ResourceNotFoundException", want: true},
		{name: "throttled", status: 400, code: "ThrottlingException", want: false},
		{name: "throttled by status", status: 429, code: "SomethingNew", want: false},
		{name: "server error", status: 500, code: "InternalServerError", want: false},
		{name: "unavailable", status: 503, want: false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			url, _ := server(t, func(_ int32, w http.ResponseWriter, _ *http.Request) {
				reply(w, c.status, `{"__type":"`+c.code+`"}`)
			})
			err := call(t.Context(), client(t, url, same))
			if got := Permanent(err); err == nil || got != c.want {
				t.Errorf("permanent %v, want %v, for %v", got, c.want, err)
			}
		})
	}
	if Permanent(context.DeadlineExceeded) {
		t.Error("a call without an answer counts as refused")
	}
}

func TestConnectionsAreKept(t *testing.T) {
	var mu sync.Mutex
	remotes := map[string]bool{}
	url, _ := server(t, func(_ int32, w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		remotes[r.RemoteAddr] = true
		reply(w, http.StatusOK, `{"TableNames":[]}`)
	})
	c := client(t, url, same)
	const calls = 20
	for range calls {
		if err := call(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	// The transport takes a connection back a moment after the answer, so a call may now and then find none idle.
	if len(remotes) > calls/2 {
		t.Errorf("%d connections for %d calls in a row", len(remotes), calls)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere, requests := server(t, func(_ int32, w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, `{}`)
	})
	url, _ := server(t, func(_ int32, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere, http.StatusFound)
	})
	if err := call(t.Context(), client(t, url, same)); err == nil {
		t.Error("the call succeeded")
	}
	if n := requests.Load(); n != 0 {
		t.Errorf("%d signed requests went to another host", n)
	}
}

// The client must be made from the environment alone, so that a function needs nothing else to find a local stack.
func TestConfigFromTheProcessEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret-example",
		"AWS_SESSION_TOKEN": "token-example",
	} {
		t.Setenv(name, value)
	}
	url, _ := server(t, func(_ int32, w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Amz-Security-Token") != "token-example" {
			t.Error("the session token was not sent")
		}
		reply(w, http.StatusOK, `{"TableNames":[]}`)
	})
	t.Setenv("AWS_ENDPOINT_URL", url)
	env := settings.FromEnvironment()
	c := dynamodb.NewFromConfig(Config(env, "DYNAMODB"))
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	if err := call(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}
