// Package login serves the domain of a user pool: the endpoints of OAuth 2.0 and OpenID Connect at AWS's paths, and the
// pages on which people sign up and in. Package oauth has the rules of the protocol; the pages go through the same
// pipeline as the API, so triggers, second factors and locks are the same.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
package login

import (
	"context"
	"html/template"
	"net/http"
	"time"

	"cognito-triggers/local/userpool/internal/accounts"
	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/expiring"
	"cognito-triggers/local/userpool/internal/oauth"
	"cognito-triggers/local/userpool/internal/signin"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

// Directory finds clients and users.
type Directory interface {
	ClientOf(poolID, id string) (state.Client, state.Pool, error)
	User(pool state.Pool, name string) (state.User, error)
}

// SignIns signs users in.
type SignIns interface {
	BeginHosted(ctx context.Context, at wire.Request, b directory.Bearer, name, password string) (*signin.Hosted, error)
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
	ResendCode(ctx context.Context, at wire.Request, in *accounts.ResendInput) (*accounts.Delivered, error)
	ForgotPassword(ctx context.Context, at wire.Request, in *accounts.ForgotInput) (*accounts.Delivered, error)
	ConfirmForgotPassword(ctx context.Context, in *accounts.ConfirmForgotInput) (*wire.Empty, error)
}

// Tokens issues and verifies tokens.
type Tokens interface {
	Grant(ctx context.Context, at wire.Request, b directory.Bearer, g tokens.Grant) (*tokens.Issued, error)
	Machine(ctx context.Context, at wire.Request, m tokens.Machine) (*tokens.ClientIssued, error)
	Bearer(at wire.Request, accessToken string) (directory.Bearer, token.Claims, error)
	RevokeToken(ctx context.Context, in *tokens.RevokeInput) (*wire.Empty, error)
}

// Deps are the dependencies of a Room.
type Deps struct {
	Store     state.Store
	Directory Directory
	SignIns   SignIns
	Accounts  Accounts
	Tokens    Tokens
	Now       func() time.Time
}

// Room serves the domains of all pools of a server. It is safe for concurrent use.
type Room struct {
	store     state.Store
	directory Directory
	signIns   SignIns
	accounts  Accounts
	tokens    Tokens
	now       func() time.Time

	codes    *oauth.Codes
	sessions *expiring.Store[session]
	tickets  *expiring.Store[ticket]
	page     *template.Template
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("managed login", d); err != nil {
		return nil, err
	}
	page, err := parsePage()
	if err != nil {
		return nil, err
	}
	return &Room{
		store: d.Store, directory: d.Directory, signIns: d.SignIns, accounts: d.Accounts, tokens: d.Tokens, now: d.Now,
		codes: oauth.NewCodes(d.Now), sessions: expiring.New[session](d.Now, maxKept),
		tickets: expiring.New[ticket](d.Now, maxKept), page: page,
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
	mux.HandleFunc("POST /oauth2/token", d.token)
	mux.HandleFunc("GET /oauth2/userInfo", d.userInfo)
	mux.HandleFunc("POST /oauth2/userInfo", d.userInfo)
	mux.HandleFunc("POST /oauth2/revoke", d.revoke)
	mux.HandleFunc("GET /logout", d.logout)
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
