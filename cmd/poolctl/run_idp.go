package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"time"

	"cognito-triggers/local/devidp"
	"cognito-triggers/local/loopback"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/userpool"
)

// runningIDP is the identity provider of poolctl run --idp.
type runningIDP struct {
	url    string
	server *http.Server
}

func (r runningIDP) close() { _ = r.server.Close() } // closes a listener, and nothing waits for its answers

// startIDP starts the identity provider at a free port and registers it in the pool.
func startIDP(ctx context.Context, s *stack.Stack, pool, client string) (r runningIDP, err error) {
	listener, err := net.Listen("tcp", loopbackAt(0))
	if err != nil {
		return r, err
	}
	r.url = "http://" + listener.Addr().String()
	provider, err := devidp.New(devidp.Options{
		URL: r.url, ClientID: pool, ClientSecret: rand.Text(), RedirectPath: userpool.ProviderAnswerPath, Now: time.Now,
	})
	if err != nil {
		return r, errors.Join(err, listener.Close())
	}
	r.server = loopback.Server(provider.Handler())
	go func() { _ = r.server.Serve(listener) }() // ends with close
	if err := provider.Register(ctx, s.Cognito, pool, client); err != nil {
		r.close()
		return r, err
	}
	return r, nil
}
