// Package identitypool implements local Amazon Cognito identity pools: the cognito-identity JSON API beside a local
// user pool, whose ID tokens it exchanges for AWS credentials of the role that the pool's settings choose. The
// credentials come from an STS, the emulator's. It checks neither signatures of requests nor IAM permissions, and asks
// no role whether it trusts the identity pool: that is STS's part.
//
// See https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/Welcome.html
package identitypool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"

	"cognito-triggers/local/loopback"
	"cognito-triggers/local/userpool/token"
)

const (
	targetPrefix = "AWSCognitoIdentityService."
	maxRequest   = 1 << 20
	// keysPath is where AWS serves the keys of the tokens, at its issuer.
	keysPath = "/.well-known/jwks_uri"
)

// Account is the account of all identity pools.
const Account = "000000000000"

// UserPools are the user pools whose ID tokens identity pools take; *userpool.Server implements it.
type UserPools interface {
	// VerifyID checks signature, lifetime and issuer of a token of a pool that clients reach at base.
	VerifyID(base, pool, text string) (token.IDClaims, error)
	// SignedIn returns an error if the user of a verified token was deleted, disabled or signed out.
	SignedIn(pool string, claims token.IDClaims) error
}

// Options configure Open.
type Options struct {
	Region    string
	BaseURL   string // of the user pools, for their issuer; empty: taken from each request's Host
	UserPools UserPools
	// STS is the endpoint that AssumeRoleWithWebIdentity is sent to. Without one, GetCredentialsForIdentity answers
	// ExternalServiceException with the text in NoSTS.
	STS   string
	NoSTS string
	Now   func() time.Time // nil: time.Now
	// File keeps pools and identities over the end of the program; empty: in memory alone.
	File string
	Warn func(text string) // called for a setting that has no effect; may be nil
}

// Server serves the identity pools of one Region. It is safe for concurrent use.
type Server struct {
	options    Options
	store      *store
	sts        sts
	issuer     issuer
	operations map[string]operation
}

// Open returns a server with the pools in Options.File. The error names the file if that is damaged.
func Open(o Options) (*Server, error) {
	if o.UserPools == nil || o.Region == "" {
		return nil, errors.New("identity pools: set Region and UserPools")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	s := &Server{options: o, sts: newSTS(o), issuer: issuer{now: o.Now}}
	var err error
	if s.store, err = openStore(o.File); err != nil {
		return nil, err
	}
	s.operations = s.table()
	return s, nil
}

// call is what an operation needs from the HTTP request besides its input.
type call struct {
	base string // the user pools' URL as the client reaches it
}

// operation is one operation of the API.
type operation struct {
	public bool // needs no AWS credentials on AWS
	run    func(ctx context.Context, c call, body []byte) (any, error)
}

// input is the input of an operation.
type input[T any] interface {
	*T
	check(p *problems)
}

// serve adapts a method: it decodes the input and checks it.
func serve[T any, In input[T], Out any](run func(context.Context, call, In) (Out, error)) operation {
	return operation{run: func(ctx context.Context, c call, body []byte) (any, error) {
		in := In(new(T))
		if err := json.Unmarshal(body, in); err != nil || !strings.HasPrefix(strings.TrimSpace(string(body)), "{") {
			return nil, malformed()
		}
		var p problems
		in.check(&p)
		if err := p.err(); err != nil {
			return nil, err
		}
		return run(ctx, c, in)
	}}
}

func public(op operation) operation {
	op.public = true
	return op
}

func (s *Server) table() map[string]operation {
	return map[string]operation{
		"CreateIdentityPool":        serve(s.createPool),
		"DescribeIdentityPool":      serve(s.describePool),
		"UpdateIdentityPool":        serve(s.updatePool),
		"DeleteIdentityPool":        serve(s.deletePool),
		"ListIdentityPools":         serve(s.listPools),
		"SetIdentityPoolRoles":      serve(s.setRoles),
		"GetIdentityPoolRoles":      serve(s.getRoles),
		"TagResource":               serve(s.tag),
		"UntagResource":             serve(s.untag),
		"ListTagsForResource":       serve(s.listTags),
		"ListIdentities":            serve(s.listIdentities),
		"DescribeIdentity":          serve(s.describeIdentity),
		"DeleteIdentities":          serve(s.deleteIdentities),
		"GetId":                     public(serve(s.getID)),
		"GetOpenIdToken":            public(serve(s.getOpenIDToken)),
		"GetCredentialsForIdentity": public(serve(s.getCredentials)),
	}
}

// Beside returns a handler that serves the identity pools' operations and keys, and leaves all other requests to the
// user pools: clients reach both at one address.
func (s *Server) Beside(userPools http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("X-Amz-Target"), targetPrefix),
			r.Method == http.MethodGet && r.URL.Path == keysPath:
			s.ServeHTTP(w, r)
		default:
			userPools.ServeHTTP(w, r)
		}
	})
}

// ServeHTTP serves the API's operations, and the keys of the tokens that GetOpenIdToken makes.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if problem := recover(); problem != nil {
			slog.Error("fault", "fault", fmt.Sprint(problem), "stack", string(debug.Stack()))
			respond(w, nil, errors.New("fault"))
		}
	}()
	if r.Header.Get("Origin") != "" {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date")
	}
	if r.Method == http.MethodGet {
		s.serveKeys(w, r)
		return
	}
	name := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	op, known := s.operations[name]
	if !op.public && loopback.IsForeignPage(r) {
		loopback.Refuse(w, "pages of other sites may only call operations that need no AWS credentials on AWS; serve your "+
			"page at localhost to call others")
		return
	}
	if !known {
		respond(w, nil, unknownOperation(name))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		respond(w, nil, malformed())
		return
	}
	c := call{base: strings.TrimSuffix(s.options.BaseURL, "/")}
	if c.base == "" {
		c.base = "http://" + r.Host
	}
	out, err := op.run(r.Context(), c, body)
	respond(w, out, err)
}

// respond writes an operation's output, or its error as AWS sends it.
func respond(w http.ResponseWriter, output any, err error) {
	header, status := w.Header(), http.StatusOK
	header.Set("Content-Type", "application/x-amz-json-1.1")
	header.Set("X-Amzn-Requestid", uuid.NewString())
	header.Set("Cache-Control", "no-store")
	if err != nil {
		known := exceptionOf(err)
		status = known.status()
		header.Set("X-Amzn-Errortype", known.Name+":")
		header.Set("X-Amzn-Errormessage", headerText(known.Text))
		output = map[string]string{"__type": known.Name, "message": known.Text}
	}
	body, err := json.Marshal(output)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"__type":"InternalErrorException"}`)
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // fails only if the client is gone
}

// headerText removes characters that are invalid in a header.
func headerText(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, text)
}

// empty is the output of operations that return nothing.
type empty struct{}
