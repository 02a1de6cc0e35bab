// Package userpool is a local Amazon Cognito user pool: the cognito-idp JSON API over HTTP, with AWS's errors, and with
// the pool's Lambda triggers fired as Cognito fires them. Registry says operation by operation how far it goes; what it
// lacks it refuses by name.
//
// The package itself opens the server, lists the operations and wires the rooms beneath internal, whose imports point
// one way: accounts, signin and control serve the operations; directory and delivery serve these; wire is the API as
// bytes; fault is the ground floor. Managed login and federation are to be rooms of their own beside them.
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
	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/ring"
	"cognito-triggers/local/userpool/internal/wire"
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

// Inbox holds the latest delivered messages.
type Inbox = delivery.Inbox

// Message is an e-mail or SMS that a pool has delivered.
type Message = delivery.Message

// Server answers for all pools of one Region. It is safe for parallel use.
type Server struct {
	options    Options
	firer      *fire.Firer
	inbox      *Inbox
	rooms      rooms
	operations map[string]*Operation
	calls      ring.Buffer[string]

	mu     sync.Mutex
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
	s := &Server{options: o, inbox: &Inbox{}, warned: map[string]struct{}{}}
	s.firer = &fire.Firer{Invoker: o.Invoker, Now: o.Now, Log: &fire.Log{}}
	var err error
	if s.rooms, err = openRooms(o, s.firer, s.inbox); err != nil {
		panic(err) // openRooms has left a dependency out: no options lead here
	}
	s.operations = wire.Index(s.rooms.operations())
	return s
}

// Store gives the server's data.
func (s *Server) Store() state.Store { return s.options.Store }

// Events are the invocations of triggers so far.
func (s *Server) Events() *fire.Log { return s.firer.Log }

// Inbox holds the delivered messages.
func (s *Server) Inbox() *Inbox { return s.inbox }

// Calls lists the latest operations that were called, in order.
func (s *Server) Calls() []string { return s.calls.After(0) }

// ServeHTTP answers one request: an operation of the API, a pool's keys, or a look inside.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if problem := recover(); problem != nil {
			slog.Error("fault", "fault", fmt.Sprint(problem), "stack", string(debug.Stack()))
			wire.Respond(w, "", nil, fmt.Errorf("%v", problem))
		}
	}()
	switch {
	case strings.HasPrefix(r.URL.Path, "/local/"):
		s.inspect(w, r)
	case r.URL.Path == delivery.ConfirmPath:
		s.confirmByLink(w, r)
	case r.Method == http.MethodOptions:
		wire.Preflight(w, r)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		s.document(w, r)
	default:
		s.operation(w, r)
	}
}

func (s *Server) operation(w http.ResponseWriter, r *http.Request) {
	wire.AllowAnyOrigin(w, r)
	name, isTarget := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	out, err := s.run(w, r, name, isTarget)
	wire.Respond(w, name, out, err)
}

func (s *Server) run(w http.ResponseWriter, r *http.Request, name string, isTarget bool) (any, error) {
	op := s.operations[name]
	switch {
	case !isTarget || op == nil:
		return nil, fault.New(fault.UnknownOperation, fmt.Sprintf("the local user pool has no operation %q", name))
	case !op.Served():
		return nil, fault.New(fault.UnknownOperation, fmt.Sprintf("the local user pool refuses %s: %s", name, op.Note))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return nil, fault.New(fault.Malformed, "the request cannot be read, or is too large")
	}
	s.calls.Add(func(int) string { return name })
	// A trigger runs to its end though the client goes away, as with Cognito.
	out, warnings, err := op.Run(context.WithoutCancel(r.Context()), wire.Request{BaseURL: s.base(r)}, body)
	if err == nil {
		s.warnOnce(warnings...)
	}
	return out, err
}

func (s *Server) base(r *http.Request) string {
	if s.options.BaseURL != "" {
		return strings.TrimSuffix(s.options.BaseURL, "/")
	}
	return "http://" + r.Host
}

// Issuer is the claim iss of a pool's tokens, for a client that reaches the server at base.
func (s *Server) Issuer(base, pool string) string { return s.options.issuer(base, pool) }

func (o Options) issuer(base, pool string) string {
	if o.Issuer == "aws" {
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
