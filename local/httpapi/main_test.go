package httpapi_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"cognito-triggers/local/httpapi"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/shared/manifest"
)

// fake stands in for a function and keeps its last event.
type fake struct {
	answer string
	err    error
	block  bool // until the caller gives up

	mu    sync.Mutex
	calls int
	event []byte
}

func (f *fake) Invoke(ctx context.Context, event []byte) (lambdaruntime.Result, error) {
	f.mu.Lock()
	f.calls, f.event = f.calls+1, event
	f.mu.Unlock()
	if f.block {
		<-ctx.Done()
		return lambdaruntime.Result{}, ctx.Err()
	}
	return lambdaruntime.Result{Payload: []byte(f.answer)}, f.err
}

// got returns the last event, decoded.
func (f *fake) got(t *testing.T) map[string]any {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	var event map[string]any
	if err := json.Unmarshal(f.event, &event); err != nil {
		t.Fatalf("%v in the event %q", err, f.event)
	}
	return event
}

func function(name string, invoker httpapi.Invoker, routes ...manifest.Route) httpapi.Function {
	return httpapi.Function{Function: manifest.Function{Name: name, Routes: routes}, Invoker: invoker}
}

// open returns routes without an authorizer.
func open(keys ...string) []manifest.Route {
	var list []manifest.Route
	for _, key := range keys {
		list = append(list, manifest.Route{Route: key})
	}
	return list
}

// serve starts an API and returns its URL.
func serve(t *testing.T, o httpapi.Options) string {
	t.Helper()
	api, err := httpapi.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	return server.URL
}

// reply is a response.
type reply struct {
	status int
	header http.Header
	body   string
}

// call sends a request; headers are alternating names and values.
func call(t *testing.T, method, url, body string, headers ...string) reply {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, url, reader)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{status: response.StatusCode, header: response.Header, body: string(text)}
}

func (r reply) wants(t *testing.T, status int, body string) {
	t.Helper()
	if r.status != status || r.body != body {
		t.Errorf("status %d, body %q; want %d, %q", r.status, r.body, status, body)
	}
}
