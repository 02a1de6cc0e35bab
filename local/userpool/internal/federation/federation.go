// Package federation signs users in whom an identity provider vouches for: it fires inbound federation, maps the
// provider's attributes to the pool's, creates or updates the user, and fires the triggers of a first or a later
// sign-in. Whoever speaks with the provider has checked its answer before.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html
package federation

import (
	"context"
	"maps"
	"time"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/federation/openid"
	"cognito-triggers/local/userpool/internal/federation/samlsp"
	"cognito-triggers/local/userpool/internal/federation/upstream"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Directory finds pools, clients and users, and changes users.
type Directory interface {
	Pool(id string) (state.Pool, error)
	ClientOf(poolID, id string) (state.Client, state.Pool, error)
	FederatedUser(pool state.Pool, provider, subject string) (state.User, error)
	Change(pool state.Pool, username string, change func(*state.User) error) (state.User, error)
}

// Triggers fires the pool's functions.
type Triggers interface {
	Fire(ctx context.Context, c triggers.Call) (triggers.Response, error)
	PostConfirmation(
		ctx context.Context, pool state.Pool, u state.User, source, clientID string, metadata map[string]string,
	) error
}

// Tokens issues tokens.
type Tokens interface {
	SignIn(
		ctx context.Context, r wire.Request, b directory.Bearer, source string, metadata map[string]string,
	) (*tokens.Issued, error)
}

// Deps are the dependencies of a Room.
type Deps struct {
	Store     state.Store
	Directory Directory
	Triggers  Triggers
	Tokens    Tokens
	Now       func() time.Time
	Linking   Linking
}

// Linking is what becomes of a first sign-in in which pre sign-up links the identity to a user.
type Linking string

// The values of Linking.
const (
	LinkingFails     Linking = "fails"     // with "Already found an entry for username", as on AWS; the next one succeeds
	LinkingContinues Linking = "continues" // as a later sign-in of the user
)

// Room signs federated users in. It is safe for concurrent use.
type Room struct {
	store     state.Store
	directory Directory
	triggers  Triggers
	tokens    Tokens
	now       func() time.Time
	linking   Linking
	party     *openid.Party
	service   *samlsp.Service
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("federation", d); err != nil {
		return nil, err
	}
	calls := upstream.Client(upstream.Wait)
	return &Room{
		store: d.Store, directory: d.Directory, triggers: d.Triggers, tokens: d.Tokens, now: d.Now, linking: d.Linking,
		party: openid.New(d.Now, calls), service: samlsp.New(d.Now, calls),
	}, nil
}

// Input is a sign-in at an identity provider.
type Input struct {
	UserPoolID string `json:"userPoolId"`
	ClientID   string `json:"clientId"` // empty: no tokens are issued
	Provider   string `json:"provider"` // the name in the pool
	// Subject is the user's name at the provider; empty: the claim that the provider's mapping has for username, or the
	// one that Cognito takes for its type. SAML has it outside of the attributes, as NameID.
	Subject    string                    `json:"subject"`
	Attributes events.ProviderAttributes `json:"attributes"`
}

// Output is what came of a sign-in.
type Output struct {
	Username             string         `json:"userName"`
	Sub                  string         `json:"sub"`
	Status               string         `json:"userStatus"`
	First                bool           `json:"firstSignIn"` // the user was created
	AuthenticationResult *tokens.Issued `json:"authenticationResult,omitempty"`
}

// visit is the state of one sign-in.
type visit struct {
	room     *Room
	pool     state.Pool
	client   state.Client
	provider directory.Provider
	subject  string
	mapped   map[string]string // by the pool's names
}

// SignIn signs a user in. The first time it creates the user; later it updates the mapped attributes.
func (r *Room) SignIn(ctx context.Context, at wire.Request, in Input) (*Output, error) {
	v, err := r.visit(in)
	if err != nil {
		return nil, err
	}
	u, first, err := v.enter(ctx, in.Attributes)
	if err != nil {
		return nil, err
	}
	out := &Output{Username: u.Username, Sub: u.Sub(), Status: u.Status, First: first}
	if v.client.ID != "" {
		bearer := directory.Bearer{Pool: v.pool, Client: v.client, User: u}
		out.AuthenticationResult, err = r.tokens.SignIn(ctx, at, bearer, cognito.TokenGenerationHostedAuth, nil)
	}
	return out, err
}

// enter signs the user in, without tokens.
func (v *visit) enter(ctx context.Context, given events.ProviderAttributes) (u state.User, first bool, err error) {
	if err := v.inbound(ctx, given); err != nil {
		return u, false, err
	}
	u, err = v.room.directory.FederatedUser(v.pool, v.provider.Name, v.subject)
	if err == nil {
		u, err = v.later(ctx, u)
		return u, false, err
	}
	return v.first(ctx)
}

func (r *Room) visit(in Input) (v *visit, err error) {
	v = &visit{room: r}
	if in.ClientID == "" {
		v.pool, err = r.directory.Pool(in.UserPoolID)
	} else {
		v.client, v.pool, err = r.directory.ClientOf(in.UserPoolID, in.ClientID)
	}
	if err != nil {
		return nil, err
	}
	if v.provider, err = directory.ProviderOf(v.pool, in.Provider); err != nil {
		return nil, err
	}
	return v, v.identify(in.Subject, in.Attributes)
}

// identify finds the user's name at the provider among the attributes, unless it is given.
func (v *visit) identify(subject string, given events.ProviderAttributes) error {
	if v.subject = subject; v.subject == "" {
		v.subject = claims(given)[v.subjectClaim()]
	}
	if v.subject == "" {
		return fault.New(fault.Invalid, "the provider's answer has no "+v.subjectClaim()+", which names the user")
	}
	return nil
}

// subjectClaim returns the provider's attribute with the user's name.
func (v *visit) subjectClaim() string {
	if own := v.provider.Mapping["username"]; own != "" {
		return own
	}
	switch v.provider.Type {
	case "SAML":
		return "NameID"
	case "Facebook":
		return "id"
	case "LoginWithAmazon":
		return "user_id"
	}
	return "sub"
}

// claims returns the provider's attributes in one map. Those of the ID token win.
func claims(a events.ProviderAttributes) map[string]string {
	all := map[string]string{}
	for _, name := range []string{"access_token", "id_token"} { // can be mapped, too
		if token := a.TokenResponse[name]; token != "" {
			all[name] = token
		}
	}
	for _, part := range []events.Attributes{a.SAMLResponse, a.UserInfo, a.IDToken} {
		maps.Copy(all, part)
	}
	return all
}

// inbound fires inbound federation and maps what it leaves of the provider's attributes.
func (v *visit) inbound(ctx context.Context, given events.ProviderAttributes) error {
	response, err := v.fire(ctx, cognito.InboundFederation, cognito.InboundFederationExternalProvider, v.name(),
		events.InboundFederationRequest{
			ProviderName: v.provider.Name, ProviderType: v.provider.Type, Attributes: given,
		})
	if err != nil {
		return err
	}
	kept := claims(given)
	if answer := fire.Texts(response, "userAttributesToMap"); len(answer) > 0 { // an empty one keeps everything
		kept = answer
	}
	v.mapped = map[string]string{}
	for own, theirs := range v.provider.Mapping {
		if value, sent := kept[theirs]; sent && own != "username" {
			v.mapped[own] = value
		}
	}
	return nil
}

func (v *visit) name() string { return directory.FederatedName(v.pool, v.provider.Name, v.subject) }

func (v *visit) fire(ctx context.Context, hook cognito.Hook, source, name string,
	request any) (triggers.Response, error) {
	return v.room.triggers.Fire(ctx, triggers.Call{
		Pool: v.pool, Hook: hook, Source: source, UserName: name, ClientID: v.client.ID, Request: request,
	})
}
