package deploy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"cognito-triggers/local/loopback"
	"cognito-triggers/local/stack"
)

// gate stands between the user pool and the emulator's Lambda, which lets everybody invoke everything. Like AWS's
// Lambda, it refuses an event of a pool that the function's policy does not name.
type gate struct {
	endpoint string // what the pool invokes functions at
	server   *http.Server
	emulator atomic.Pointer[destination] // known once the stack runs
}

type destination struct {
	endpoint, region string
	proxy            *httputil.ReverseProxy
}

// openGate serves a gate that refuses everything until it is led to the emulator.
func openGate() (*gate, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	g := &gate{endpoint: "http://" + listener.Addr().String()}
	g.server = loopback.Server(loopback.Named(g))
	go func() { _ = g.server.Serve(listener) }() // ends with close
	return g, nil
}

func (g *gate) close() error { return g.server.Close() }

func (g *gate) leadTo(s *stack.Stack) error {
	to, err := url.Parse(s.Emulator.Endpoint)
	if err != nil {
		return err
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = to.Host
	}}
	g.emulator.Store(&destination{endpoint: s.Emulator.Endpoint, region: s.Region, proxy: proxy})
	return nil
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	to := g.emulator.Load()
	body, err := io.ReadAll(r.Body)
	if err != nil || to == nil {
		http.Error(w, "the emulator is not ready", http.StatusBadGateway)
		return
	}
	var event struct{ UserPoolID string }
	err = json.Unmarshal(body, &event)
	if err == nil {
		pool := "arn:aws:cognito-idp:" + to.region + ":" + stack.Account + ":userpool/" + event.UserPoolID
		err = to.permits(r.Context(), r.URL.Path, pool)
	}
	if err != nil {
		w.Header().Set("X-Amzn-ErrorType", "AccessDeniedException")
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]string{"Message": err.Error()}) // the pool may have gone
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	to.proxy.ServeHTTP(w, r)
}

// permits returns an error unless the policy of the function in the path of Invoke lets the pool invoke it.
func (d *destination) permits(ctx context.Context, path, pool string) error {
	_, rest, _ := strings.Cut(path, ":function:")
	name, _, _ := strings.Cut(rest, "/")
	name, qualifier, _ := strings.Cut(name, ":")
	l := listing{service: "lambda", path: "/2015-03-31/functions/" + name + "/policy"}
	if qualifier != "" {
		l.path += "?Qualifier=" + qualifier
	}
	denied := errors.New("the function's policy does not let " + pool + " invoke " + name + ":" + qualifier)
	answer, err := l.call(ctx, d.endpoint, d.region)
	if err != nil { // no policy, or no function
		return errors.Join(denied, err)
	}
	var outer struct{ Policy string }
	var policy struct{ Statement []statement }
	if err := json.Unmarshal(answer, &outer); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(outer.Policy), &policy); err != nil {
		return err
	}
	if slices.ContainsFunc(policy.Statement, func(s statement) bool { return s.permits(pool) }) {
		return nil
	}
	return denied
}

// statement is a statement of a function's policy, as AddPermission writes it.
type statement struct {
	Effect, Action string
	Principal      struct{ Service string }
	Condition      map[string]map[string]string
}

func (s statement) permits(pool string) bool {
	return s.Effect == "Allow" && s.Action == "lambda:InvokeFunction" &&
		s.Principal.Service == "cognito-idp.amazonaws.com" &&
		s.Condition["ArnLike"]["AWS:SourceArn"] == pool &&
		s.Condition["StringEquals"]["AWS:SourceAccount"] == stack.Account
}
