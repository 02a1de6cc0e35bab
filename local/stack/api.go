package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"cognito-triggers/local/httpapi"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/runtime"
	"cognito-triggers/shared/manifest"
	postsdynamo "cognito-triggers/shared/posts/dynamo/dynamotest"
)

// AppClient is the app client of the shared settings that the HTTP API signs users in with, and whose tokens it takes.
const AppClient = "app"

// ErrAPIPortTaken is Start's error where something else listens at the address that was asked for.
var ErrAPIPortTaken = errors.New("the HTTP API's address is taken")

// apiServer listens from Start on, so that a port that is taken is known at once, and serves from Deploy on.
type apiServer struct {
	listener net.Listener
	server   *http.Server
	api      atomic.Pointer[httpapi.API]
}

// apiFunctions are those that an HTTP API serves.
func (s *Stack) apiFunctions() []manifest.Function {
	return slices.DeleteFunc(slices.Clone(s.Functions), func(f manifest.Function) bool { return f.Hook != "" })
}

// listenAPI takes the HTTP API's address, where there is anything to serve.
func (s *Stack) listenAPI(o Options) error {
	if o.NoProfiles || len(s.apiFunctions()) == 0 {
		return nil
	}
	listener, err := listen(o.ListenAPI, ErrAPIPortTaken)
	if err != nil {
		return err
	}
	s.api = &apiServer{listener: listener}
	s.APIEndpoint = "http://" + listener.Addr().String()
	return nil
}

// openPosts makes the posts table, where there are functions that want one.
func (s *Stack) openPosts(ctx context.Context) error {
	if s.api == nil {
		return nil
	}
	s.PostsTable = "posts-" + time.Now().UTC().Format(tableSuffix)
	return postsdynamo.CreateTable(ctx, s.DynamoDB, s.PostsTable)
}

// serveAPI puts the functions of api/ behind the deployed pool.
func (s *Stack) serveAPI(spec poolspec.Spec, pool poolspec.Pool) error {
	if s.api == nil {
		return nil
	}
	client, there := pool.Clients[AppClient]
	if !there {
		return fmt.Errorf("%s: app_clients has no %q, which the HTTP API signs users in with", poolspec.FileName, AppClient)
	}
	s.mu.Lock()
	s.apiSettings = map[string]string{"USER_POOL_ID": pool.ID, "CLIENT_ID": client, "POSTS_TABLE": s.PostsTable}
	s.mu.Unlock()
	var functions []httpapi.Function
	for _, f := range s.apiFunctions() {
		if _, err := s.Runner(f.Name, nil); err != nil { // one that is not built is known at once
			return err
		}
		functions = append(functions, httpapi.Function{Function: f, Invoker: apiInvoker{s, f.Name}})
	}
	api, err := httpapi.New(httpapi.Options{
		Functions: functions, CORS: corsOf(spec), AccessLog: s.logs,
		Authorizer: &httpapi.Authorizer{
			Issuer: s.Pool.Issuer(s.Endpoint, pool.ID), Audience: []string{client},
			// Also where the issuer is AWS's form of it: the pool that signs is this one.
			Keys: httpapi.NewKeys(s.Endpoint + "/" + pool.ID + "/.well-known/jwks.json"),
		},
	})
	if err != nil {
		return err
	}
	if first := s.api.api.Swap(api) == nil; first {
		s.api.start()
	}
	return nil
}

func (a *apiServer) start() {
	a.server = &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.api.Load().ServeHTTP(w, r) }),
		ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 64 << 10, ErrorLog: log.New(io.Discard, "", 0),
	}
	go func() { _ = a.server.Serve(a.listener) }() // ends with close
}

func (a *apiServer) close() error {
	switch {
	case a == nil:
		return nil
	case a.server == nil: // it never served
		return a.listener.Close()
	}
	return a.server.Close()
}

// corsOf is what terraform/modules/http-api configures.
func corsOf(spec poolspec.Spec) httpapi.CORS {
	if len(spec.API.CORSOrigins) == 0 {
		return httpapi.CORS{}
	}
	return httpapi.CORS{
		AllowOrigins: spec.API.CORSOrigins, AllowMethods: []string{"GET", "POST", "PUT", "PATCH", "DELETE"},
		AllowHeaders:  []string{"authorization", "content-type", "idempotency-key", "if-match"},
		ExposeHeaders: []string{"etag", "location", "retry-after"}, MaxAgeSeconds: 300,
	}
}

// apiInvoker finds the function's runner anew for each request: CloseRunners may have ended the last one.
type apiInvoker struct {
	stack *Stack
	name  string
}

func (i apiInvoker) Invoke(ctx context.Context, event []byte) (runtime.Result, error) {
	runner, err := i.stack.Runner(i.name, nil)
	if err != nil {
		return runtime.Result{}, err
	}
	return runner.Invoke(ctx, event)
}

// settingsOf are what the deployment gives a function over its manifest's settings, with a caller's own over them.
func (s *Stack) settingsOf(function manifest.Function, overrides map[string]string) map[string]string {
	if function.Hook != "" {
		return overrides
	}
	s.mu.Lock()
	all := maps.Clone(s.apiSettings)
	s.mu.Unlock()
	if all == nil {
		return overrides
	}
	maps.Copy(all, overrides)
	return all
}

// timeout is a function's: Cognito waits for a trigger no longer than its 5 s, API Gateway as long as the manifest says.
func timeout(function manifest.Function) time.Duration {
	own := time.Duration(function.TimeoutSeconds) * time.Second
	if function.Hook == "" {
		return own
	}
	return min(own, runtime.DefaultTimeout)
}
