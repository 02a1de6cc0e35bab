package tokens

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
	"cognito-triggers/shared/cognito"
)

// The types of tokens in an exchange.
const (
	AccessTokenType = "ACCESS_TOKEN"
	IDTokenType     = "ID_TOKEN"
	SAMLType        = "SAML2"
)

// DerivedInput is the input of GetDerivedToken.
type DerivedInput struct {
	ClientId                 string `v:"required,max=128"`
	ClientSecret             string `v:"max=64"`
	SubjectToken             string `v:"required,max=131072"`
	SubjectTokenType         string `v:"required"`
	SubjectTokenProviderName string `v:"max=32"`
	ActorToken               string `v:"max=131072"`
	ActorTokenType           string
	ActorTokenProviderName   string `v:"max=32"`
	Scopes                   []string
	Audiences, Resources     []string
	RequestedTokenType       string
}

// DerivedOutput is the output of GetDerivedToken.
type DerivedOutput struct {
	IssuedToken, IssuedTokenType, TokenType string
	ExpiresIn                               int
	Scopes                                  []string `json:",omitempty"`
}

// The flows of app clients that exchange tokens, without ALLOW_: without and with an actor.
const (
	impersonation = "TOKEN_EXCHANGE_IMPERSONATION"
	delegation    = "TOKEN_EXCHANGE_DELEGATION"
)

// Derive serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetDerivedToken.html
// It exchanges tokens of the pool itself, not those of identity providers.
func (t *Room) Derive(ctx context.Context, at wire.Request, in *DerivedInput) (*DerivedOutput, error) {
	client, pool, err := t.directory.Client(in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := directory.CheckClientSecret(client, in.ClientSecret); err != nil {
		return nil, err
	}
	return t.derive(ctx, at, directory.Bearer{Client: client, Pool: pool}, in, false)
}

// DeriveGranted is Derive for the token endpoint, which has checked the app client.
func (t *Room) DeriveGranted(
	ctx context.Context, at wire.Request, b directory.Bearer, in *DerivedInput,
) (*DerivedOutput, error) {
	return t.derive(ctx, at, b, in, true)
}

func (t *Room) derive(
	ctx context.Context, at wire.Request, b directory.Bearer, in *DerivedInput, granted bool,
) (*DerivedOutput, error) {
	if err := in.check(b); err != nil {
		return nil, err
	}
	user, subject, err := t.exchanged(at, b.Pool, "SubjectToken", in.SubjectToken, in.SubjectTokenType)
	if err != nil {
		return nil, err
	}
	if subject.Username == "" { // an app client has nothing to pass on
		return nil, fault.New(fault.ExchangeTokenInvalid, "SubjectToken")
	}
	b.User = user
	family, err := t.store.Family(subject.OriginJTI)
	if err != nil { // of an app client without token revocation
		family = state.Family{AuthTime: subject.AuthTime}
	}
	family.Scopes, family.Resource = in.scopes(b.Client, scopesOf(subject, family)), audience(in)
	actor, err := t.actor(at, b.Pool, in, subject)
	if err != nil {
		return nil, err
	}
	return t.sign(ctx, at, b, in, derivation{subject: subject, family: family, actor: actor, granted: granted})
}

// derivation is what a derived token is made of.
type derivation struct {
	subject token.Claims
	family  state.Family // of the subject, with the scopes and the audience of the derived token
	actor   any
	granted bool // by the token endpoint
}

// check checks what needs no token.
func (in *DerivedInput) check(b directory.Bearer) error {
	kinds := []string{AccessTokenType, IDTokenType, SAMLType}
	switch {
	case !slices.Contains(kinds, in.SubjectTokenType):
		return fault.Constrain("subjectTokenType", fault.OneOf(kinds...))
	case in.ActorToken != "" && !slices.Contains(kinds, in.ActorTokenType):
		return fault.Constrain("actorTokenType", fault.OneOf(kinds...))
	case !slices.Contains([]string{"", AccessTokenType, IDTokenType}, in.RequestedTokenType):
		return fault.Constrain("requestedTokenType", fault.OneOf(AccessTokenType, IDTokenType))
	case len(in.Audiences) > 1:
		return fault.Constrain("audiences", "Member must have length less than or equal to 1")
	case len(in.Resources) > 1:
		return fault.Constrain("resources", "Member must have length less than or equal to 1")
	case len(in.Scopes) > maxScopes:
		return fault.Constrain("scopes", "Member must have length less than or equal to 50")
	case len(in.Audiences) > 0 && len(in.Resources) > 0:
		return fault.New(fault.Invalid, "Audiences and Resources cannot be requested together.")
	case in.ActorToken == "" && in.ActorTokenType != "":
		return fault.New(fault.Invalid, "ActorTokenType requires ActorToken.")
	case b.Pool.Settings.UserPoolTier == lite:
		return fault.New(fault.ExchangeOff)
	case !slices.Contains(b.Client.Settings.ExplicitAuthFlows, "ALLOW_"+in.flow()):
		return fault.New(fault.FlowNotEnabled, in.flow())
	case in.SubjectTokenProviderName+in.ActorTokenProviderName != "",
		in.SubjectTokenType == SAMLType, in.ActorTokenType == SAMLType:
		return fault.New(fault.Invalid, "the local user pool exchanges only its own tokens: leave out "+
			"SubjectTokenProviderName and ActorTokenProviderName, and use ACCESS_TOKEN or ID_TOKEN")
	}
	for _, identifier := range in.Resources {
		if _, there := b.Pool.Resources[state.ResourceKey{Kind: directory.ResourceServer, Name: identifier}]; !there {
			return fault.New(fault.ResourceNotFound, directory.ResourceServer, identifier)
		}
	}
	return nil
}

func (in *DerivedInput) flow() string {
	if in.ActorToken == "" {
		return impersonation
	}
	return delegation
}

// exchanged returns the user and the claims of a token of the pool. A token of an app client has no user.
func (t *Room) exchanged(
	at wire.Request, pool state.Pool, member, text, kind string,
) (u state.User, claims token.Claims, err error) {
	verify := token.Signer.VerifyAccess
	if kind == IDTokenType {
		verify = token.Signer.VerifyID
	}
	b, claims, err := t.bearer(at, text, verify)
	isMachine := fault.Is(err, fault.AccessTokenScope) // it was verified
	if poolOf(text) != pool.ID || err != nil && !isMachine {
		return u, claims, fault.New(fault.ExchangeTokenInvalid, member)
	}
	return b.User, claims, nil
}

// scopesOf returns the scopes that a subject token stands for: an ID token has those of its sign-in.
func scopesOf(subject token.Claims, family state.Family) []string {
	switch {
	case subject.Scopes != nil:
		return subject.Scopes
	case family.OriginJTI != "" && family.Scopes == nil:
		return []string{token.SelfService}
	}
	return family.Scopes
}

// scopes returns the scopes of the derived token: those of the subject, or the requested ones that the subject and the
// app client have, too.
func (in *DerivedInput) scopes(client state.Client, subject []string) []string {
	if len(in.Scopes) == 0 {
		return distinct(subject)
	}
	return slices.DeleteFunc(distinct(in.Scopes), func(scope string) bool {
		return !slices.Contains(subject, scope) || !slices.Contains(client.Settings.AllowedOAuthScopes, scope)
	})
}

func audience(in *DerivedInput) string {
	for _, name := range slices.Concat(in.Audiences, in.Resources) {
		return name
	}
	return ""
}

// actor returns the claim act: who acts for the user, and whoever acted before. RFC 8693, section 4.1.
func (t *Room) actor(at wire.Request, pool state.Pool, in *DerivedInput, subject token.Claims) (any, error) {
	if in.ActorToken == "" {
		if subject.Actor == nil {
			return nil, nil
		}
		return subject.Actor, nil
	}
	_, claims, err := t.exchanged(at, pool, "ActorToken", in.ActorToken, in.ActorTokenType)
	if err != nil {
		return nil, err
	}
	act := map[string]any{"sub": claims.Sub, "client_id": claims.ClientID}
	if subject.Actor != nil {
		act["act"] = json.RawMessage(subject.Actor)
	}
	return act, nil
}

// sign fires pre token generation and signs the derived token. It ends no later than its subject.
func (t *Room) sign(
	ctx context.Context, at wire.Request, b directory.Bearer, in *DerivedInput, d derivation,
) (*DerivedOutput, error) {
	groups := t.groups(b)
	override, err := t.override(ctx, b, groups, d.family.Scopes, cognito.TokenGenerationAuthentication, nil)
	if err != nil {
		return nil, err
	}
	signer, err := t.signer(at, b.Pool)
	if err != nil {
		return nil, err
	}
	subject := token.Subject{
		Username: b.User.Username, Groups: groups, ClientID: b.Client.ID, Scopes: d.family.Scopes,
		Attributes: Granted(directory.ReadableAttributes(b.Client, b.User), d.family.Scopes),
		AuthTime:   d.subject.AuthTime, OriginJTI: d.subject.OriginJTI, EventID: uuid.NewString(),
		Resource: d.family.Resource, Audience: d.family.Resource, Granted: d.granted, Actor: d.actor,
		Level: LevelOf(d.family.Methods).Name(b.Pool), Methods: amr(d.family.Methods),
	}
	now, kind := t.now(), token.KindAccess
	issue, out := signer.Access, &DerivedOutput{IssuedTokenType: AccessTokenType, TokenType: "Bearer"}
	if in.RequestedTokenType == IDTokenType {
		issue, kind, out.IssuedTokenType, out.TokenType = signer.ID, token.KindID, IDTokenType, "N_A"
	}
	validity := min(lifetime(b.Client, kind), d.subject.Expires.Sub(now))
	out.ExpiresIn, out.Scopes = int(validity/time.Second), d.family.Scopes
	out.IssuedToken, err = issue(subject, override, now, validity)
	return out, err
}
