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
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/loopback"
	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/tables"
)

// ErrAPIPortTaken is wrapped by Start's error if Options.ListenAPI is in use.
var ErrAPIPortTaken = errors.New("the HTTP API's address is in use")

// apiServer listens from Start on, so that a port conflict is reported at once, and serves from Deploy on.
type apiServer struct {
	listener net.Listener
	server   *http.Server
	api      atomic.Pointer[httpapi.API]
}

// apiFunctions returns the functions that have routes.
func (s *Stack) apiFunctions() []manifest.Function {
	return slices.DeleteFunc(slices.Clone(s.Functions), func(f manifest.Function) bool { return f.Hook != "" })
}

// listenAPI binds the HTTP API's address if there is anything to serve.
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

// openPosts creates the posts table if any function needs one.
func (s *Stack) openPosts(ctx context.Context, n needs) error {
	if s.api == nil {
		return nil
	}
	if n.posts {
		s.PostsTable = s.tableName("posts")
	}
	for _, f := range s.apiFunctions() { // replay runs them without a deployment
		s.setAPI(f, nil, poolspec.Pool{ID: s.Region + "_NoPool000"}, "no-client")
	}
	if s.PostsTable == "" {
		return nil
	}
	return tables.CreatePosts(ctx, s.DynamoDB, s.PostsTable)
}

// setAPI decides the settings of a function of the API: its own, overridden by those that follow from the deployment,
// if the manifest has them.
func (s *Stack) setAPI(f manifest.Function, own map[string]string, pool poolspec.Pool, client string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apiSettings[f.Name] = s.apiSettingsOf(f, own, pool, client)
}

func (s *Stack) apiSettingsOf(f manifest.Function, own map[string]string, pool poolspec.Pool,
	client string) map[string]string {
	own = maps.Clone(own)
	if own == nil {
		own = map[string]string{}
	}
	for name, value := range map[string]string{
		"USER_POOL_ID": pool.ID, "CLIENT_ID": client, "POSTS_TABLE": s.PostsTable,
	} {
		if _, has := f.Environment[name]; has {
			own[name] = value
		}
	}
	return own
}

// serveAPI serves the functions of api/ with the deployed pool as their issuer.
func (s *Stack) serveAPI(spec poolspec.Spec, pool poolspec.Pool) error {
	if s.api == nil || spec.API.Off {
		s.APIEndpoint = ""
		return nil
	}
	client := spec.API.Client(pool)
	if client == "" {
		return fmt.Errorf(
			"%s: api.app_client: the HTTP API signs users in with this app client, and app_clients does not have it",
			spec.File)
	}
	s.mu.Lock()
	s.served = served{pool, client}
	s.mu.Unlock()
	functions, err := s.assignAPI(spec, pool, client)
	if err != nil {
		return err
	}
	api, err := httpapi.New(httpapi.Options{
		Functions: functions, CORS: corsOf(spec, functions, s.loopback), AccessLog: s.logs, Timeout: s.code.apiTimeout(),
		Authorizer: &httpapi.Authorizer{
			Issuer: s.Pool.Issuer(s.Endpoint, pool.ID), Audience: spec.API.Audience(pool),
			// The keys are this pool's, even if the issuer has AWS's form.
			Keys: httpapi.NewKeys(s.Endpoint + "/" + pool.ID + "/.well-known/jwks.json"),
		},
	})
	if err != nil {
		return err
	}
	if first := s.api.api.Swap(api) == nil; first {
		s.api.start(s.patient)
	}
	return nil
}

// assignAPI decides which functions the API has and their settings.
func (s *Stack) assignAPI(spec poolspec.Spec, pool poolspec.Pool, client string) ([]httpapi.Function, error) {
	var functions []httpapi.Function
	for _, f := range s.apiFunctions() {
		if !spec.API.Enabled(f.Name) {
			continue
		}
		if err := checkTableSettings(spec, f, spec.API.Functions[f.Name].Environment); err != nil {
			return nil, err
		}
		s.setAPI(f, spec.API.Functions[f.Name].Environment, pool, client)
		if _, err := s.Runner(f.Name, nil); err != nil { // report a missing binary at once
			return nil, err
		}
		functions = append(functions, httpapi.Function{Function: f, Invoker: &apiInvoker{stack: s, name: f.Name}})
	}
	return functions, nil
}

func (a *apiServer) start(patient func(http.Handler) http.Handler) {
	a.server = loopback.Server(patient(loopback.Named(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.api.Load().ServeHTTP(w, r) }))))
	a.server.ErrorLog = log.New(io.Discard, "", 0)
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

// corsOf returns the CORS configuration of terraform/modules/http-api. If loopback is set, it allows origins on this
// machine as well.
func corsOf(spec poolspec.Spec, functions []httpapi.Function, loopback bool) httpapi.CORS {
	methods := map[string]bool{}
	for _, f := range functions {
		for _, r := range f.Routes {
			methods[r.Method()] = true
		}
	}
	return httpapi.CORS{
		AllowOrigins: spec.API.CORSOrigins, AllowLoopback: loopback, AllowMethods: slices.Sorted(maps.Keys(methods)),
		AllowHeaders:  []string{"authorization", "content-type", "idempotency-key", "if-match"},
		ExposeHeaders: []string{"apigw-requestid", "etag", "location", "retry-after"}, MaxAgeSeconds: 600,
	}
}

// apiInvoker caches the function's runner until CloseRunners closes it, because looking it up takes as long as some
// functions run.
type apiInvoker struct {
	stack *Stack
	name  string
	last  atomic.Pointer[pastRunner]
}

type pastRunner struct {
	*lambdaruntime.Runner
	generation int64
}

func (i *apiInvoker) Invoke(ctx context.Context, event []byte) (lambdaruntime.Result, error) {
	if ready := i.stack.code.Ready; ready != nil {
		_ = ready(ctx, i.name) // it has no record; Ready itself tells the user
	}
	generation := i.stack.generation.Load()
	last := i.last.Load()
	if last == nil || last.generation != generation {
		runner, err := i.stack.Runner(i.name, nil)
		if err != nil {
			return lambdaruntime.Result{}, err
		}
		last = &pastRunner{runner, generation}
		i.last.Store(last)
	}
	return last.Runner.Invoke(ctx, event)
}

// settingsOf returns the deployment's settings for a function of the API, overridden by the caller's. The caller of
// settingsOf holds the mutex.
func (s *Stack) settingsOf(function manifest.Function, overrides map[string]string) map[string]string {
	all := maps.Clone(s.apiSettings[function.Name])
	if all == nil {
		return overrides
	}
	maps.Copy(all, overrides)
	return all
}

// timeout returns a function's timeout: Cognito's 5 s for a trigger that it waits for, the manifest's for all others.
func timeout(function manifest.Function) time.Duration {
	own := time.Duration(function.TimeoutSeconds) * time.Second
	if function.Hook == "" || function.Hook.Contract().Asynchronous {
		return own
	}
	return min(own, lambdaruntime.DefaultTimeout)
}
