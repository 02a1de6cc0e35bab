// Package openid is the relying party of a user pool: it sends people to identity providers that speak OpenID Connect
// or OAuth 2.0, and checks what comes back. It knows neither pools nor users.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-flow.html
package openid

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"cognito-triggers/local/userpool/internal/federation/upstream"
	"cognito-triggers/shared/events"
)

// Provider is an identity provider, with what the pool's settings say of it.
type Provider struct {
	Name         string // in the pool, for the texts of errors
	ClientID     string
	ClientSecret string
	Apple        *AppleKey // signs the client's secret, in place of ClientSecret; nil for all but SignInWithApple
	Scopes       []string
	Issuer       string // of ID tokens; empty if the provider issues none, as Facebook and Amazon

	// The addresses. Those that are missing come from the discovery document of the issuer.
	AuthorizeURL, TokenURL, AttributesURL, KeysURL string

	AttributesByPost bool // attributes_request_method is POST
	TokenByGet       bool // token_request_method is GET, as Facebook's
	FormPost         bool // the answer comes as a form, as Apple's
}

// Ask is one person's way to a provider.
type Ask struct {
	Redirect  string // where the provider sends the answer
	State     string
	Nonce     string
	LoginHint string
	Prompt    string
}

// Answer is what a provider sent to Ask.Redirect.
type Answer struct {
	Code   string
	Issuer string // iss, see RFC 9207; empty without
}

// Party calls identity providers. It is safe for concurrent use.
type Party struct {
	now    func() time.Time
	client *http.Client
}

// New returns a Party that calls providers through a client.
func New(now func() time.Time, client *http.Client) *Party { return &Party{now, client} }

// algorithms lists the signatures of ID tokens that are taken. There is neither none nor HMAC among them: a token that
// is signed with HMAC and a public key as its secret must not pass.
func algorithms() []string {
	return []string{gooidc.RS256, gooidc.RS384, gooidc.RS512, gooidc.ES256, gooidc.ES384, gooidc.ES512}
}

// resolved is a provider whose addresses are known.
type resolved struct {
	Provider
	verifier   *gooidc.IDTokenVerifier // nil if the provider issues no ID tokens
	namesItsID bool                    // every answer has iss
}

// resolve finds a provider's addresses, by its discovery document if the settings do not have them.
func (p *Party) resolve(ctx context.Context, provider Provider) (resolved, error) {
	out := resolved{Provider: provider}
	config := &gooidc.Config{ClientID: provider.ClientID, SupportedSigningAlgs: algorithms(), Now: p.now}
	switch {
	case provider.Issuer == "":
	case provider.AuthorizeURL != "" && provider.KeysURL != "":
		known := gooidc.ProviderConfig{IssuerURL: provider.Issuer, JWKSURL: provider.KeysURL}
		out.verifier = known.NewProvider(ctx).Verifier(config)
	default:
		if err := out.discover(ctx, config); err != nil {
			return out, err
		}
	}
	if out.AuthorizeURL == "" || out.TokenURL == "" {
		return out, &upstream.Error{Text: provider.Name + " Error - no authorize_url or token_url"}
	}
	return out, nil
}

// discover reads the discovery document of the issuer. Addresses in the settings win.
func (r *resolved) discover(ctx context.Context, config *gooidc.Config) error {
	found, err := gooidc.NewProvider(ctx, r.Issuer)
	if err != nil {
		return problem(err, "Timeout in calling the discovery document of "+r.Name,
			r.Name+" Error - cannot use the discovery document: "+upstream.Brief(err))
	}
	var document struct {
		UserInfo string `json:"userinfo_endpoint"`
		NamesIt  bool   `json:"authorization_response_iss_parameter_supported"`
	}
	if err := found.Claims(&document); err != nil {
		return &upstream.Error{Text: r.Name + " Error - cannot use the discovery document"}
	}
	r.AuthorizeURL = cmp.Or(r.AuthorizeURL, found.Endpoint().AuthURL)
	r.TokenURL = cmp.Or(r.TokenURL, found.Endpoint().TokenURL)
	r.AttributesURL = cmp.Or(r.AttributesURL, document.UserInfo)
	r.namesItsID, r.verifier = document.NamesIt, found.Verifier(config)
	return nil
}

// config returns the client of the provider. The secret goes into the body: Cognito speaks client_secret_post alone.
func (p *Party) config(provider resolved, ask Ask) (oauth2.Config, error) {
	secret := provider.ClientSecret
	if provider.Apple != nil {
		var err error
		if secret, err = provider.Apple.secret(provider.ClientID, provider.Issuer, p.now()); err != nil {
			text := provider.Name + " Error - private_key cannot sign: " + upstream.Brief(err)
			return oauth2.Config{}, &upstream.Error{Text: text}
		}
	}
	return oauth2.Config{
		ClientID: provider.ClientID, ClientSecret: secret, RedirectURL: ask.Redirect, Scopes: provider.Scopes,
		Endpoint: oauth2.Endpoint{
			AuthURL: provider.AuthorizeURL, TokenURL: provider.TokenURL, AuthStyle: oauth2.AuthStyleInParams,
		},
	}, nil
}

// Address returns where the browser goes for a sign-in.
func (p *Party) Address(ctx context.Context, provider Provider, ask Ask) (string, error) {
	ctx = gooidc.ClientContext(ctx, p.client)
	found, err := p.resolve(ctx, provider)
	if err != nil {
		return "", err
	}
	config, err := p.config(found, ask)
	if err != nil {
		return "", err
	}
	var options []oauth2.AuthCodeOption
	add := func(name, value string) {
		if value != "" {
			options = append(options, oauth2.SetAuthURLParam(name, value))
		}
	}
	if provider.Issuer != "" {
		add("nonce", ask.Nonce)
	}
	if provider.FormPost {
		add("response_mode", "form_post")
	}
	add("login_hint", ask.LoginHint)
	add("prompt", ask.Prompt)
	to := config.AuthCodeURL(ask.State, options...)
	if parsed, err := url.Parse(to); err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" {
		return "", &upstream.Error{Text: provider.Name + " Error - authorize_url is no http address"}
	}
	return to, nil
}

// Attributes exchanges the code of an answer for tokens, checks the ID token, and fetches the provider's attributes.
// The errors are *upstream.Error.
func (p *Party) Attributes(
	ctx context.Context, provider Provider, ask Ask, answer Answer,
) (all events.ProviderAttributes, err error) {
	ctx = gooidc.ClientContext(ctx, p.client)
	found, err := p.resolve(ctx, provider)
	if err != nil {
		return all, err
	}
	if err := found.sent(answer); err != nil {
		return all, err
	}
	tokens, err := p.exchange(ctx, found, ask, answer.Code)
	if err != nil {
		return all, err
	}
	all.TokenResponse = tokens.attributes()
	if found.verifier != nil {
		if all.IDToken, err = found.check(ctx, tokens, ask.Nonce); err != nil {
			return all, err
		}
	}
	all.UserInfo, err = p.userInfo(ctx, found, tokens.access)
	if err != nil {
		return all, err
	}
	if is, was := all.UserInfo["sub"], all.IDToken["sub"]; found.verifier != nil && is != "" && is != was {
		return all, &upstream.Error{Text: provider.Name + " Error - the attributes belong to another sub than the ID token"}
	}
	return all, nil
}

// sent reports whether an answer comes from the provider, which it says since providers can be mixed up.
//
// See https://www.rfc-editor.org/rfc/rfc9207
func (r resolved) sent(a Answer) error {
	if r.Issuer != "" && a.Issuer != r.Issuer && (a.Issuer != "" || r.namesItsID) {
		return &upstream.Error{Text: r.Name + " Error - the answer comes from another provider"}
	}
	return nil
}

// check checks an ID token and returns its claims.
func (r resolved) check(ctx context.Context, t tokens, nonce string) (events.Attributes, error) {
	bad := func(why string) error { return &upstream.Error{Text: r.Name + " Error - bad id_token: " + why} }
	var kinds []jose.SignatureAlgorithm
	for _, name := range algorithms() {
		kinds = append(kinds, jose.SignatureAlgorithm(name))
	}
	signed, err := jose.ParseSignedCompact(t.id, kinds)
	if err != nil {
		return nil, bad("it is missing, or signed with an algorithm other than " + strings.Join(algorithms(), ", "))
	}
	if signed.Signatures[0].Header.KeyID == "" {
		return nil, bad("its header has no kid")
	}
	checked, err := r.verifier.Verify(ctx, t.id)
	if err != nil {
		return nil, problem(err, "Timeout in calling jwks uri", r.Name+" Error - bad id_token: "+upstream.Brief(err))
	}
	if checked.AccessTokenHash != "" && checked.VerifyAccessToken(t.access) != nil {
		return nil, bad("at_hash is another token's")
	}
	if subtle.ConstantTimeCompare([]byte(checked.Nonce), []byte(nonce)) != 1 {
		return nil, bad("the nonce is not that of this sign-in")
	}
	var party struct {
		Authorized string `json:"azp"`
	}
	var claims rawClaims
	if err := errors.Join(checked.Claims(&party), checked.Claims(&claims)); err != nil {
		return nil, bad("its claims cannot be read")
	}
	if party.Authorized != "" && party.Authorized != r.ClientID {
		return nil, bad("azp is another client")
	}
	all, err := attributesOf(claims)
	if err != nil {
		return nil, bad("its claims cannot be read")
	}
	return all, nil
}

// rawClaims keeps the claims' bytes.
type rawClaims []byte

// UnmarshalJSON implements json.Unmarshaler.
func (c *rawClaims) UnmarshalJSON(raw []byte) error { *c = append((*c)[:0], raw...); return nil }
