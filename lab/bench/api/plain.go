package api

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"

	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/loopback"
	"cognito-triggers/local/stack"
)

// plain is a reverse proxy in front of an HTTP server that does the minimum to call the function: no routes, tokens or
// limits, and one event of which only the body changes.
type plain struct {
	runner       *lambdaruntime.Runner
	event        map[string]any
	proxy, inner *http.Server
	url          string
}

func startPlain(s *stack.Stack, w world) (*plain, error) {
	runner, err := s.Runner(function, nil)
	if err != nil {
		return nil, err
	}
	p := &plain{runner: runner, event: map[string]any{
		"version": "2.0", "routeKey": "POST /post", "rawPath": "/post",
		"headers": map[string]string{"content-type": "application/json"},
		"requestContext": map[string]any{
			"requestId": "plain", "http": map[string]string{"method": "POST", "path": "/post"},
			"authorizer": map[string]any{"jwt": map[string]any{"claims": w.claims, "scopes": nil}},
		},
	}}
	var inner, outer string
	if p.inner, inner, err = listenAndServe(http.HandlerFunc(p.feed)); err != nil {
		return nil, err
	}
	target, err := url.Parse(inner)
	if err != nil {
		return nil, err
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: &http.Transport{MaxIdleConnsPerHost: 256},
		ErrorLog:  log.New(io.Discard, "", 0),
	}
	if p.proxy, outer, err = listenAndServe(proxy); err != nil {
		p.close()
		return nil, err
	}
	p.url = outer + "/post"
	return p, nil
}

func (p *plain) contestant(w world) *contestant {
	return &contestant{name: "plain reverse proxy", url: p.url, token: w.token}
}

func listenAndServe(h http.Handler) (*http.Server, string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	server := loopback.Server(h)
	go func() { _ = server.Serve(listener) }() // ends with Close
	return server, "http://" + listener.Addr().String(), nil
}

// feed passes the body to the function and its response to the client.
func (p *plain) feed(w http.ResponseWriter, r *http.Request) {
	status, body, err := p.answer(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // fails only if the client is gone
}

func (p *plain) answer(r *http.Request) (int, string, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return 0, "", err
	}
	event := make(map[string]any, len(p.event)+1)
	for name, value := range p.event {
		event[name] = value
	}
	event["body"] = string(body)
	text, err := json.Marshal(event)
	if err != nil {
		return 0, "", err
	}
	result, err := p.runner.Invoke(r.Context(), text)
	if err != nil {
		return 0, "", err
	}
	var answer struct {
		StatusCode int
		Body       string
	}
	if err := json.Unmarshal(result.Payload, &answer); err != nil {
		return 0, "", err
	}
	if answer.StatusCode == 0 {
		return 0, "", errors.New("the function gave no status")
	}
	return answer.StatusCode, answer.Body, nil
}

func (p *plain) close() {
	for _, server := range []*http.Server{p.proxy, p.inner} {
		if server != nil {
			_ = server.Close()
		}
	}
}
