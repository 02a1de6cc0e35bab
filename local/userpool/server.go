// Package userpool is a local Amazon Cognito user pool: the cognito-idp JSON API over HTTP, with AWS's errors, and with
// the pool's Lambda triggers fired as Cognito fires them. Registry says operation by operation how far it goes; what it
// lacks it refuses by name.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html
package userpool

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

const (
	targetPrefix  = "AWSCognitoIdentityProviderService."
	maxRequest    = 1 << 20
	defaultRegion = "eu-west-1"
)

// Options of a server; the zero value is a server without functions.
type Options struct {
	Region  string
	BaseURL string // where clients reach the server, for issuer and links; empty: what each request's Host says
	// Issuer "aws" makes tokens carry AWS's form of the issuer; otherwise it is BaseURL/<pool id>, where the keys are.
	Issuer  string
	Now     func() time.Time
	Code    func() string     // a confirmation code of six digits
	Invoker fire.Invoker      // runs the functions that LambdaConfig names
	Store   state.Store       // nil: in memory
	Warn    func(text string) // told once about each setting that is stored but not enforced
}

// Server answers for all pools of one Region. It is safe for parallel use.
type Server struct {
	options Options
	store   state.Store
	firer   *fire.Firer
	inbox   Inbox
	keys    keyring
	decoy   []byte // makes what unknown users are shown
	tried   attempts

	mu     sync.Mutex
	calls  []string // operations in the order of their calls
	warned map[string]struct{}
}

// Open makes a server without pools. The keys that sign their tokens are made in the background.
func Open(o Options) *Server {
	token.Prepare()
	if o.Region == "" {
		o.Region = defaultRegion
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Code == nil {
		o.Code = sixDigits
	}
	if o.Store == nil {
		o.Store = state.NewMemory(o.Now)
	}
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	s := &Server{options: o, store: o.Store, decoy: make([]byte, 32), warned: map[string]struct{}{}}
	_, _ = rand.Read(s.decoy) // never fails
	s.firer = &fire.Firer{Invoker: o.Invoker, Now: o.Now, Log: &fire.Log{}}
	return s
}

// Store gives the server's data.
func (s *Server) Store() state.Store { return s.store }

// Events are the invocations of triggers so far.
func (s *Server) Events() *fire.Log { return s.firer.Log }

// Inbox holds the delivered messages.
func (s *Server) Inbox() *Inbox { return &s.inbox }

// call is one request to the API.
type call struct {
	*Server
	ctx  context.Context
	name string // of the operation
	base string // URL of the server
}

// ServeHTTP answers one request: an operation of the API, a pool's keys, or a look inside.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if fault := recover(); fault != nil {
			slog.Error("fault", "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
			respond(w, nil, fmt.Errorf("%v", fault))
		}
	}()
	switch {
	case strings.HasPrefix(r.URL.Path, "/local/"):
		s.inspect(w, r)
	case r.URL.Path == confirmPath:
		s.confirmByLink(w, r)
	case r.Method == http.MethodOptions:
		preflight(w, r)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		s.document(w, r)
	default:
		s.operation(w, r)
	}
}

func (s *Server) operation(w http.ResponseWriter, r *http.Request) {
	allowAnyOrigin(w, r)
	name, isTarget := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	op, known := registry[name]
	switch {
	case !isTarget || !known:
		respond(w, nil, &apiError{"UnknownOperationException", fmt.Sprintf("the local user pool has no operation %q", name)})
		return
	case op.run == nil:
		respond(w, nil, &apiError{"UnknownOperationException", fmt.Sprintf("the local user pool refuses %s: %s", name, op.Note)})
		return
	}
	input, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		respond(w, nil, serialization("the request cannot be read, or is too large"))
		return
	}
	s.mu.Lock()
	s.calls = append(s.calls, name)
	if len(s.calls) > 2*maxCalls {
		s.calls = append([]string(nil), s.calls[maxCalls:]...)
	}
	s.mu.Unlock()
	// A trigger runs to its end though the client goes away, as with Cognito.
	c := &call{Server: s, ctx: context.WithoutCancel(r.Context()), name: name, base: s.base(r)}
	input, warnings, err := op.check(input)
	if err != nil {
		respond(w, nil, err)
		return
	}
	output, err := op.run(c, input)
	if err == nil {
		s.warnOnce(warnings...)
	}
	respond(w, output, err)
}

// maxCalls is how many operations Calls remembers at least.
const maxCalls = 10_000

func (s *Server) base(r *http.Request) string {
	if s.options.BaseURL != "" {
		return strings.TrimSuffix(s.options.BaseURL, "/")
	}
	return "http://" + r.Host
}

// Issuer is the claim iss of a pool's tokens, for a client that reaches the server at base.
func (s *Server) Issuer(base, pool string) string {
	if s.options.Issuer == "aws" {
		region, _, _ := strings.Cut(pool, "_")
		return "https://cognito-idp." + region + ".amazonaws.com/" + pool
	}
	return base + "/" + pool
}

// maxWarnings bounds what is remembered of them: clients make up the names of members.
const maxWarnings = 1000

func (s *Server) warnOnce(texts ...string) {
	for _, text := range texts {
		s.mu.Lock()
		_, known := s.warned[text]
		known = known || len(s.warned) >= maxWarnings
		if !known {
			s.warned[text] = struct{}{}
		}
		s.mu.Unlock()
		if !known {
			s.options.Warn(text)
		}
	}
}

func sixDigits() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return fmt.Sprintf("%06d", n)
}
