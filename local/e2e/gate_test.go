package e2e

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// killOnce kills the function's processes at the first call of an operation, and then sets killed.
func killOnce(f function, operation string) func(called string) bool {
	var done atomic.Bool
	return func(called string) bool {
		if called != operation || !done.CompareAndSwap(false, true) {
			return false
		}
		f.Kill()
		return true
	}
}

// gate is a proxy to the emulator that can kill the caller before or after a call is carried out.
type gate struct {
	url           string
	before, after func(operation string) (died bool)
}

func newGate(t *testing.T) *gate {
	t.Helper()
	var g gate
	to := map[bool]*httputil.ReverseProxy{true: proxyTo(t, "DYNAMODB"), false: proxyTo(t, "SESV2")}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		_, operation, isDynamoDB := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if !isDynamoDB {
			operation = "SendEmail"
		}
		if err != nil || g.before(operation) {
			panic(http.ErrAbortHandler) // the caller is dead
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer := httptest.NewRecorder()
		to[isDynamoDB].ServeHTTP(answer, r)
		if g.after(operation) {
			panic(http.ErrAbortHandler)
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	g.url = server.URL
	return &g
}

// proxyTo returns a proxy to the service at the address that the stack's functions use.
func proxyTo(t *testing.T, service string) *httputil.ReverseProxy {
	t.Helper()
	environment := local.Environment()
	endpoint := environment["AWS_ENDPOINT_URL_"+service]
	if endpoint == "" {
		endpoint = environment["AWS_ENDPOINT_URL"]
	}
	target, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return httputil.NewSingleHostReverseProxy(target)
}
