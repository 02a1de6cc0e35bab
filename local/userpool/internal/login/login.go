// Package login serves the domain of a user pool: the endpoints of OAuth 2.0 and OpenID Connect at AWS's paths, and the
// pages on which people sign up and in. Package oauth has the rules of the protocol; the pages go through the same
// pipeline as the API, so triggers, second factors and locks are the same.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
package login

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"cognito-triggers/local/userpool/internal/accounts"
	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/expiring"
	"cognito-triggers/local/userpool/internal/loginpages"
	"cognito-triggers/local/userpool/internal/oauth"
	"cognito-triggers/local/userpool/internal/signin"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

// Directory finds clients and users.
type Directory interface {
	Pool(id string) (state.Pool, error)
	Client(id string) (state.Client, state.Pool, error)
	ClientOf(poolID, id string) (state.Client, state.Pool, error)
	User(pool state.Pool, name string) (state.User, error)
}

// SignIns signs users in.
type SignIns interface {
	BeginHosted(ctx context.Context, at wire.Request, b directory.Bearer, name, password string) (*signin.Hosted, error)
	ChooseHosted(ctx context.Context, at wire.Request, b directory.Bearer, name string) (*signin.Hosted, error)
	AnswerHosted(
		ctx context.Context, at wire.Request, b directory.Bearer, challenge, session string, responses map[string]string,
	) (*signin.Hosted, error)
	AssociateSoftwareToken(
		ctx context.Context, at wire.Request, in *signin.AssociateInput,
	) (*signin.AssociateOutput, error)
	VerifySoftwareToken(ctx context.Context, at wire.Request, in *signin.VerifyInput) (*signin.VerifyOutput, error)
	Refresh(ctx context.Context, at wire.Request, in *signin.RefreshInput) (*signin.RefreshOutput, error)
}

// Accounts signs users up and helps them to a new password.
type Accounts interface {
	SignUp(ctx context.Context, at wire.Request, in *accounts.SignUpInput) (*accounts.SignUpOutput, error)
	ConfirmSignUp(ctx context.Context, in *accounts.ConfirmInput) (*accounts.ConfirmOutput, error)
	ConfirmByLink(ctx context.Context, clientID, name, code string) error
	ResendCode(ctx context.Context, at wire.Request, in *accounts.ResendInput) (*accounts.Delivered, error)
	ForgotPassword(ctx context.Context, at wire.Request, in *accounts.ForgotInput) (*accounts.Delivered, error)
	ConfirmForgotPassword(ctx context.Context, in *accounts.ConfirmForgotInput) (*wire.Empty, error)
}

// Tokens issues and verifies tokens.
type Tokens interface {
	Grant(ctx context.Context, at wire.Request, b directory.Bearer, g tokens.Grant) (*tokens.Issued, error)
	Machine(ctx context.Context, at wire.Request, m tokens.Machine) (*tokens.ClientIssued, error)
	DeriveGranted(
		ctx context.Context, at wire.Request, b directory.Bearer, in *tokens.DerivedInput,
	) (*tokens.DerivedOutput, error)
	Bearer(at wire.Request, accessToken string) (directory.Bearer, token.Claims, error)
	RevokeToken(ctx context.Context, in *tokens.RevokeInput) (*wire.Empty, error)
}

// Passkeys registers the passkeys of users who are signed in.
type Passkeys interface {
	Begin(b directory.Bearer) (json.RawMessage, error)
	Finish(b directory.Bearer, credential json.RawMessage) error
	Domain(pool state.Pool) string
}

// Deps are the dependencies of a Room.
type Deps struct {
	Store      state.Store
	Directory  Directory
	SignIns    SignIns
	Accounts   Accounts
	Tokens     Tokens
	Federation Federation
	Passkeys   Passkeys
	Now        func() time.Time
	// Nonces is whether an ID token has a nonce after a sign-in at an identity provider, even if the app sent none.
	Nonces Nonces
}

// Nonces says which ID tokens have a nonce.
type Nonces string

// The values of Nonces.
const (
	NonceOfFederation Nonces = "federation" // also the first after a sign-in at an identity provider, as on AWS
	NonceOfApp        Nonces = "app"        // only those whose app sent one
)

// Room serves the domains of all pools of a server. It is safe for concurrent use.
type Room struct {
	store      state.Store
	directory  Directory
	signIns    SignIns
	accounts   Accounts
	tokens     Tokens
	federation Federation
	passkeys   Passkeys
	now        func() time.Time
	ownNonce   bool

	codes    *oauth.Codes
	sessions *expiring.Store[session]
	tickets  *expiring.Store[ticket]
	aways    *expiring.Store[away]
	landed   *expiring.Store[landed]
	pages    *loginpages.Writer
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("managed login", d); err != nil {
		return nil, err
	}
	pages, err := loginpages.New(d.Now)
	if err != nil {
		return nil, err
	}
	return &Room{
		store: d.Store, directory: d.Directory, signIns: d.SignIns, accounts: d.Accounts, tokens: d.Tokens, now: d.Now,
		codes: oauth.NewCodes(d.Now), sessions: expiring.New[session](d.Now, maxKept),
		tickets: expiring.New[ticket](d.Now, maxKept), pages: pages, passkeys: d.Passkeys,
		federation: d.Federation, ownNonce: d.Nonces == NonceOfFederation,
		aways: expiring.New[away](d.Now, maxKept), landed: expiring.New[landed](d.Now, maxLanded),
	}, nil
}

// Address is where clients reach a domain. Requests do not say it: their Host header is whatever a client sends.
type Address struct {
	Domain string // its name, for its settings; "" if it is not one of the pool's
	URL    string // of the domain, as browsers reach it: scheme, host and port
	Base   string // URL of the server that has the API and the keys of the pool, for the issuer of tokens
}

// domain is a pool's domain during one request.
type domain struct {
	*Room
	Address
	pool string
}

// Handler serves the domain of a pool at an address.
func (r *Room) Handler(pool string, at Address) http.Handler {
	d := domain{Room: r, Address: at, pool: pool}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /oauth2/authorize", d.authorize)
	d.addEndpoints(mux)
	mux.HandleFunc("GET /logout", d.logout)
	d.addProviders(mux)
	mux.HandleFunc("GET /error", d.errorPage)
	d.addPages(mux)
	return mux
}

// at describes a request for the rooms behind.
func (d domain) at(r *http.Request) wire.Request {
	return wire.Request{BaseURL: d.Base, IP: addressOf(r), Agent: r.UserAgent()}
}

// client returns the app client of a request to the domain.
func (d domain) client(id string) (directory.Bearer, error) {
	client, pool, err := d.directory.ClientOf(d.pool, id)
	return directory.Bearer{Client: client, Pool: pool}, err
}
