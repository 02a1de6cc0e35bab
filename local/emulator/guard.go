package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"cognito-triggers/local/hint"
	"cognito-triggers/local/loopback"
)

const (
	// socketName is the name of ministack's socket in its working folder, which only this user can enter.
	socketName = "socket"
	// longestSocket is the longest path of a socket that every system accepts.
	longestSocket = 100
	// maxConnections to ministack; further requests wait.
	maxConnections = 256
	idleConnection = time.Minute // less than ministack's, so that it closes no connection that is about to be used
)

// guardHint is what a caller without the secret reads.
func guardHint() string {
	return "this is the AWS emulator of a local stack, and the URL lacks the stack's secret: use the whole " +
		"endpoint URL that `" + hint.Run() + "` prints, which is awsEndpoint in build/local.json"
}

// guard is what listens in ministack's place. It passes on requests that carry the secret and come from no web page.
type guard struct {
	url       string // with the secret
	listener  net.Listener
	server    *http.Server
	transport *http.Transport
	socket    string                     // ministack's
	tell      atomic.Pointer[func(Sent)] // see Emulator.Observe
	senders   atomic.Pointer[senders]    // nil means that SES decides who may send; see Options.AnySender
	link      string                     // a folder with a short way to the socket, or empty
}

func startGuard(socket string) (*guard, error) {
	g := &guard{}
	var err error
	if g.socket, err = g.shorten(socket); err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	if g.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, errors.Join(fmt.Errorf("emulator: %w", err), g.close())
	}
	g.transport = &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", g.socket)
		},
		MaxConnsPerHost: maxConnections, MaxIdleConnsPerHost: maxConnections, IdleConnTimeout: idleConnection,
		DisableCompression: true,
	}
	secret := loopback.NewSecret()
	g.url = "http://" + g.listener.Addr().String() + "/" + string(secret)
	g.server = loopback.Server(secret.Handler(g.observe(g.proxy()), guardHint()))
	go func() { _ = g.server.Serve(g.listener) }() // ends with close
	return g, nil
}

// shorten returns a way to the socket that is short enough for its address.
func (g *guard) shorten(socket string) (string, error) {
	if len(socket) <= longestSocket {
		return socket, nil
	}
	var err error
	if g.link, err = os.MkdirTemp("", "emulator-"); err != nil {
		return "", err
	}
	link := filepath.Join(g.link, "run")
	if err := os.Symlink(filepath.Dir(socket), link); err != nil {
		return "", errors.Join(err, os.RemoveAll(g.link))
	}
	return filepath.Join(link, filepath.Base(socket)), nil
}

func (g *guard) proxy() http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: "ministack"})
			r.Out.Host = r.In.Host // it is in URLs of answers
		},
		Transport: g.transport,
		ModifyResponse: func(r *http.Response) error { // ministack allows every page to read its answers
			for name := range r.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					r.Header.Del(name)
				}
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "the emulator does not answer: "+err.Error(), http.StatusBadGateway)
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
}

func (g *guard) port() string {
	_, port, _ := net.SplitHostPort(g.listener.Addr().String())
	return port
}

func (g *guard) close() error {
	var errs []error
	if g.server != nil {
		errs = append(errs, g.server.Close())
		g.transport.CloseIdleConnections()
	}
	if g.link != "" {
		errs = append(errs, os.RemoveAll(g.link))
	}
	return errors.Join(errs...)
}
