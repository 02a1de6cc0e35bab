// Package userpool implements a local Amazon Cognito user pool: the cognito-idp JSON API over HTTP, with AWS's errors,
// and Lambda triggers fired as Cognito fires them. Registry lists the level of support of every operation; unsupported
// ones are rejected by name.
//
// This package opens the server, lists the operations and connects the packages under internal. Their imports point one
// way: accounts, signin and control serve the operations, and build on directory and delivery; wire decodes requests
// and encodes responses; fault, at the bottom, defines the errors.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html
package userpool

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"cognito-triggers/local/loopback"
	"cognito-triggers/local/userpool/calls"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/control"
	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/loginpages"
	"cognito-triggers/local/userpool/internal/passkeys"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
	"cognito-triggers/shared/cognito"
)

const (
	targetPrefix  = "AWSCognitoIdentityProviderService."
	maxRequest    = 1 << 20
	defaultRegion = "eu-west-1"
)

// Options configures a Server. The zero value gives a server without functions.
type Options struct {
	Region  string
	BaseURL string // the server's URL, for issuer and links; empty: taken from each request's Host
	// Issuer "aws" puts AWS's issuer into tokens, in the form that the pool's IssuerConfiguration chooses. Otherwise the
	// issuer is BaseURL/<pool id>, which also serves the keys.
	Issuer string
	// RelyingParty is the domain that the passkeys of all pools belong to, in place of the pools' own: localhost, so that
	// a page there can use a pool with the settings that it has at AWS. Empty: the pools' own.
	RelyingParty string
	// KeepOmitted makes UpdateUserPool keep MfaConfiguration and each member of Policies that a request omits, as two
	// public reports saw it. By default they return to their defaults, as AWS documents.
	KeepOmitted bool
	Now         func() time.Time
	// Code returns a code of so many digits: six, or eight for the first factor of a choice-based sign-in. Nil: random.
	Code    func(digits int) string
	Invoker fire.Invoker // runs the functions in LambdaConfig
	// Attempts is how often a function is called for one event if it is late or dies; 0 means 3. AWS documents that it
	// may call again, without a number.
	// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
	Attempts int
	// Ready is asked before a function gets an event, by its ARN; see fire.Firer. May be nil.
	Ready func(ctx context.Context, arn string) (problem string)
	// Seal encrypts a code for the custom senders of a pool, under the KMS key with this ARN; package sealedcode does it
	// as Cognito does. Without it, such a code is reported as one that cannot be encrypted.
	Seal func(ctx context.Context, key, poolID, code string) (string, error)
	// CustomMessageToo fires custom message also for messages that a custom sender delivers, without using its answer.
	// AWS does not say whether it does.
	CustomMessageToo bool
	// ReuseRevokes revokes a sign-in whose refresh token is presented after it was rotated away and its grace period has
	// ended. By default only that token is refused. AWS does not say which it does.
	ReuseRevokes bool
	// RefreshIsAuthentication fires pre token generation for GetTokensFromRefreshToken with the source
	// TokenGeneration_Authentication, as one of AWS's tables has it, and not with TokenGeneration_RefreshTokens.
	RefreshIsAuthentication bool
	// PreAuthenticationAtChoice fires pre authentication in USER_AUTH once a first factor is chosen, not before
	// SELECT_CHALLENGE. AWS does not say when it does.
	PreAuthenticationAtChoice bool
	// PostConfirmationByCode fires post confirmation when a one-time code of a sign-in confirms a user. AWS does not say
	// whether it does.
	PostConfirmationByCode bool
	// LinkingContinues lets a first federated sign-in, in which pre sign-up links the identity to a user, go on as that
	// user's. By default it fails with "Already found an entry for username", as it does on AWS.
	LinkingContinues bool
	// NonceOfAppAlone leaves the nonce out of ID tokens whose app sent none. By default, the first one after a federated
	// sign-in has one, as on AWS, which strict clients refuse.
	NonceOfAppAlone bool
	// Waits are the times before the second attempt of a custom sender that failed, the third, and so on; nil means
	// fire.Waits(). On AWS, Lambda waits one minute and two minutes.
	Waits []time.Duration
	// Failed is told of an event for a custom sender whose last attempt failed; may be nil.
	Failed func(fire.Failure)
	// KeepBytes is how many bytes of events, and as many of messages, are kept to be looked at; 0 means 64 MiB.
	KeepBytes int
	// Store holds the data; nil: in memory. No answer leaves before a state.Durable has what it depends on.
	Store state.Store
	IDs   IDs // of new pools and app clients; zero: random ones, as on AWS
	// Keys returns the signing keys of pools that have none yet; nil: a pair that is made once per process.
	Keys func() (*token.Pair, error)
	// Domains opens the addresses of pools' domains, also of those in Store, and needs BaseURL. Nil: domains are only
	// settings, and their endpoints have no addresses.
	Domains Domains
	Warn    func(text string) // called once for each setting that has no effect
}

// Inbox holds the most recently delivered messages.
type Inbox = delivery.Inbox

// Message is an e-mail or SMS that a pool delivered, or that a function sent.
type Message = delivery.Message

// Sent is a message that a function sent by itself.
type Sent = delivery.Sent

// Server serves all pools of one Region. It is safe for concurrent use.
type Server struct {
	options    Options
	firer      *fire.Firer
	queue      *fire.Queue
	inbox      *Inbox
	lines      *fire.Lines
	rooms      rooms
	operations map[string]*Operation
	public     map[string]struct{} // names of those that need no AWS credentials on AWS
	calls      calls.Log
	faults     *fire.Faults

	mu     sync.Mutex
	warned map[string]struct{}
}

// IDs choose the ids and secrets of new pools and app clients.
type IDs = control.IDs

// StableIDs returns ids that are the same for the same owner, a module's path for example, and the same names of pool
// and client. Client secrets are the same for the same key.
func StableIDs(owner string, key []byte) IDs { return control.StableIDs(owner, key) }

// Open returns a server with the pools in Options.Store. It generates the signing keys in the background.
func Open(o Options) *Server {
	if o.Keys == nil {
		o.Keys = token.Shared
	}
	go func() { _, _ = o.Keys() }() // whoever needs them gets the error
	if o.IDs.Pool == nil {
		o.IDs = control.RandomIDs()
	}
	if o.Region == "" {
		o.Region = defaultRegion
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Code == nil {
		o.Code = randomCode
	}
	if o.Store == nil {
		o.Store = state.NewMemory(o.Now)
	}
	if o.Seal == nil {
		o.Seal = func(context.Context, string, string, string) (string, error) {
			return "", errors.New("this pool has nothing to encrypt it with: set Options.Seal")
		}
	}
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	s := &Server{options: o, inbox: delivery.NewInbox(o.KeepBytes), warned: map[string]struct{}{}}
	s.calls.Now, s.faults = o.Now, fire.WithFaults(o.Invoker)
	s.lines = fire.NewLines(o.KeepBytes)
	s.firer = &fire.Firer{
		Invoker: s.faults, Attempts: o.Attempts, Ready: o.Ready, Now: o.Now, Log: fire.NewLog(o.KeepBytes),
	}
	s.queue = fire.NewQueue(s.firer, fire.QueueOptions{Waits: o.Waits, Failed: o.Failed})
	var err error
	if s.rooms, err = openRooms(o, s.firer, s.queue, s.inbox, addresses{s}); err != nil {
		panic(err) // unreachable: a room lacks a dependency, which no Options can cause
	}
	s.inbox.KeepIn(s.durable())
	s.operations, s.public = wire.Index(s.rooms.operations()), map[string]struct{}{}
	for _, op := range s.rooms.selfService() {
		s.public[op.Name] = struct{}{}
	}
	s.openDomains()
	return s
}

// Settle waits until the invocations of custom senders that are due have ended, with all their attempts.
func (s *Server) Settle(ctx context.Context) error { return s.queue.Wait(ctx) }

// Close stops what runs in the background. The server must get no requests any more.
func (s *Server) Close() { s.queue.Close() }

// Store returns the store that holds the server's data.
func (s *Server) Store() state.Store { return s.options.Store }

// Events returns the log of trigger invocations.
func (s *Server) Events() *fire.Log { return s.firer.Log }

// Faults returns the faults that somebody may choose for the functions.
func (s *Server) Faults() *fire.Faults { return s.faults }

// Replay calls the function of a recorded event again, with its present code; see fire.Firer.
func (s *Server) Replay(ctx context.Context, recorded fire.Record) (fire.Record, error) {
	pool, err := s.options.Store.Pool(recorded.PoolID)
	if err != nil {
		return fire.Record{}, errors.New("the pool of the event is gone")
	}
	return s.firer.Replay(ctx, recorded, triggers.SendsThroughSES(pool))
}

// Lines returns the list of lines that functions printed. Whoever runs them adds the lines.
func (s *Server) Lines() *fire.Lines { return s.lines }

// Inbox returns the delivered messages.
func (s *Server) Inbox() *Inbox { return s.inbox }

// Calls returns the log of what clients called.
func (s *Server) Calls() *calls.Log { return &s.calls }

// ServeHTTP serves the API's operations, the documents of each pool, and the /local routes.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.guarded(w, r, s.serve) }

// guarded serves a request so that no answer leaves before what it depends on is kept, and a panic is an answer.
func (s *Server) guarded(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
	if durable := s.durable(); durable != nil {
		w = &answer{ResponseWriter: w, sync: durable.Sync}
	}
	defer func() {
		if problem := recover(); problem != nil {
			slog.Error("fault", "fault", fmt.Sprint(problem), "stack", string(debug.Stack()))
			wire.Respond(w, "", nil, fmt.Errorf("%v", problem))
		}
	}()
	serve(w, r)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/local/"):
		s.inspect(w, r)
	case r.URL.Path == delivery.ConfirmPath:
		s.rooms.login.ConfirmUser(w, r)
	case strings.HasPrefix(r.URL.Path, loginpages.Assets):
		loginpages.ServeAsset(w, r)
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
	if _, public := s.public[name]; !public && loopback.IsForeignPage(r) {
		loopback.Refuse(w, "pages of other sites may only call operations that need no AWS credentials on AWS; serve your "+
			"page at localhost to call others")
		return
	}
	out, err := s.run(w, r, name, isTarget)
	wire.Respond(unhurry(w, r), name, out, err)
}

func (s *Server) run(w http.ResponseWriter, r *http.Request, name string, isTarget bool) (any, error) {
	op := s.operations[name]
	switch {
	case !isTarget || op == nil:
		return nil, fault.New(fault.UnknownOperation, fmt.Sprintf("the local user pool has no operation %q", name))
	case !op.Served():
		return nil, fault.New(fault.UnknownOperation,
			fmt.Sprintf("the local user pool does not support %s: %s", name, op.Note))
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return nil, fault.New(fault.Malformed, "the request cannot be read or is too large")
	}
	// As on AWS, a trigger runs to its end even if the client disconnects.
	ctx, ended := s.calls.Begin(context.WithoutCancel(r.Context()), callOf(name, body))
	out, warnings, err := op.Run(ctx, s.request(r), body)
	ended(exception(name, err))
	if err == nil {
		s.warnOnce(warnings...)
	}
	return out, err
}

func (s *Server) request(r *http.Request) wire.Request {
	ip, _, _ := net.SplitHostPort(r.RemoteAddr) // empty without a connection, as in tests
	return wire.Request{BaseURL: s.base(r), IP: ip, Agent: r.UserAgent()}
}

func (s *Server) base(r *http.Request) string {
	if s.options.BaseURL != "" {
		return strings.TrimSuffix(s.options.BaseURL, "/")
	}
	return "http://" + r.Host
}

// KeySet returns the JSON Web Key Set of a pool, which verifies its tokens.
func (s *Server) KeySet(pool state.Pool) ([]byte, error) { return s.rooms.tokens.KeySet(pool) }

// Issuer returns the iss claim of a pool's tokens for clients that reach the server at base. The server need not have
// the pool.
func (s *Server) Issuer(base, pool string) string {
	found, err := s.options.Store.Pool(pool)
	if err != nil {
		found = state.Pool{ID: pool, Settings: &state.PoolSettings{}}
	}
	return s.options.issuer(base, found)
}

func (o Options) relyingParty(pool state.Pool) string {
	if o.RelyingParty != "" {
		return o.RelyingParty
	}
	return passkeys.RelyingParty(pool)
}

func (o Options) issuer(base string, pool state.Pool) string {
	if o.Issuer == "aws" {
		return cognito.Issuer(pool.ID, pool.Settings.UpdatedIssuer())
	}
	return base + "/" + pool.ID
}

// maxWarnings limits how many warnings the server remembers, since clients can invent any number of member names.
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

func randomCode(digits int) string {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	n, err := rand.Int(rand.Reader, most)
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return fmt.Sprintf("%0*d", digits, n)
}
