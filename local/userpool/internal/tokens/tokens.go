// Package tokens issues, verifies and revokes the tokens of a server's pools: those of sign-ins, with the pre token
// generation trigger, and those of app clients themselves. It also lists and ends a user's sessions.
package tokens

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// Directory finds clients and users.
type Directory interface {
	Client(id string) (state.Client, state.Pool, error)
	User(pool state.Pool, name string) (state.User, error)
	PoolUser(poolID, name string) (state.Pool, state.User, error)
}

// Triggers fires the pool's functions.
type Triggers interface {
	Fire(ctx context.Context, c triggers.Call) (triggers.Response, error)
}

// Deps are the dependencies of a Room.
type Deps struct {
	Store     state.Store
	Directory Directory
	Triggers  Triggers
	Now       func() time.Time
	// Issuer returns the iss claim of a pool's tokens for clients that reach the server at baseURL.
	Issuer func(baseURL string, pool state.Pool) string
	Pair   func() (*token.Pair, error) // the keys of pools that have none yet
}

// Room creates and verifies the tokens of all pools of a server. It is safe for concurrent use.
type Room struct {
	store     state.Store
	directory Directory
	triggers  Triggers
	now       func() time.Time
	issuer    func(baseURL string, pool state.Pool) string
	keys      keyring
	beginning sync.Mutex // see begin
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("tokens", d); err != nil {
		return nil, err
	}
	return &Room{store: d.Store, directory: d.Directory, triggers: d.Triggers, now: d.Now, issuer: d.Issuer,
		keys: keyring{pair: d.Pair}}, nil
}

// Keys returns a pool's signing keys.
func (t *Room) Keys(pool state.Pool) (*token.Keys, error) { return t.keys.of(t.store, pool) }

// KeySet returns a pool's JSON Web Key Set.
func (t *Room) KeySet(pool state.Pool) ([]byte, error) {
	keys, err := t.Keys(pool)
	if err != nil {
		return nil, err
	}
	return keys.JWKS()
}

func (t *Room) signer(r wire.Request, pool state.Pool) (token.Signer, error) {
	keys, err := t.Keys(pool)
	return token.Signer{Keys: keys, Issuer: t.issuer(r.BaseURL, pool)}, err
}

// Issued is AWS's AuthenticationResult.
type Issued struct {
	AccessToken  string
	ExpiresIn    int
	TokenType    string
	RefreshToken string `json:",omitempty"`
	IdToken      string `json:",omitempty"` // absent from grants without the scope openid

	NewDeviceMetadata *NewDevice `json:",omitempty"`
}

// NewDevice is AWS's NewDeviceMetadataType: the client confirms the device with it.
type NewDevice struct{ DeviceKey, DeviceGroupKey string }

// SignIn creates a new family of refresh tokens and returns its first tokens.
func (t *Room) SignIn(
	ctx context.Context, r wire.Request, b directory.Bearer, source string, metadata map[string]string,
) (*Issued, error) {
	refresh, now := token.NewRefresh(), t.now()
	family := state.Family{
		OriginJTI: uuid.NewString(), Pool: b.Pool.ID, Client: b.Client.ID, Username: b.User.Username, Sub: b.User.Sub(),
		AuthTime: now, Device: b.Device, Expires: now.Add(lifetime(b.Client, token.KindRefresh)),
		Current: state.HashToken(refresh),
		Address: r.IP, DeviceType: deviceOf(r.Agent),
	}
	out, err := t.Issue(ctx, r, b, family, source, metadata)
	if err != nil {
		return nil, err
	}
	t.begin(b, family)
	out.RefreshToken = refresh
	return out, nil
}

// Grant is what a user has granted to an app by OAuth 2.0.
type Grant struct {
	Source   string   // the trigger source of the tokens
	Scopes   []string // of the access token; those of OpenID Connect choose the attributes in the ID token
	Nonce    string
	Resource string
	AuthTime time.Time // when the user proved who they are
	Methods  []string  // with which the user did, see LevelOf
}

// Grant issues the first tokens of a grant, and a refresh token that keeps its scopes.
func (t *Room) Grant(ctx context.Context, r wire.Request, b directory.Bearer, g Grant) (*Issued, error) {
	refresh := token.NewRefresh()
	family := state.Family{
		OriginJTI: uuid.NewString(), Pool: b.Pool.ID, Client: b.Client.ID, Username: b.User.Username, Sub: b.User.Sub(),
		AuthTime: g.AuthTime, Scopes: g.Scopes, Resource: g.Resource, Methods: g.Methods,
		Expires: t.now().Add(lifetime(b.Client, token.KindRefresh)),
		Current: state.HashToken(refresh), Address: r.IP, DeviceType: deviceOf(r.Agent),
	}
	out, err := t.issue(ctx, r, b, family, g.Source, g.Nonce, nil)
	if err != nil {
		return nil, err
	}
	t.begin(b, family)
	out.RefreshToken = refresh
	return out, nil
}

// Issue fires pre token generation and creates the ID and access tokens.
func (t *Room) Issue(
	ctx context.Context, r wire.Request, b directory.Bearer, family state.Family, source string,
	metadata map[string]string,
) (*Issued, error) {
	return t.issue(ctx, r, b, family, source, "", metadata)
}

func (t *Room) issue(
	ctx context.Context, r wire.Request, b directory.Bearer, family state.Family, source, nonce string,
	metadata map[string]string,
) (*Issued, error) {
	groups, scopes := t.groups(b), family.Scopes
	if scopes == nil {
		scopes = []string{token.SelfService}
	}
	override, err := t.override(ctx, b, groups, scopes, source, metadata)
	if err != nil {
		return nil, err
	}
	signer, err := t.signer(r, b.Pool)
	if err != nil {
		return nil, err
	}
	subject := token.Subject{
		Username: b.User.Username, Attributes: Granted(directory.ReadableAttributes(b.Client, b.User), family.Scopes),
		Groups: groups, ClientID: b.Client.ID, Scopes: scopes, AuthTime: family.AuthTime, EventID: uuid.NewString(),
		OriginJTI: family.OriginJTI, DeviceKey: family.Device, Nonce: nonce, Resource: family.Resource,
		Granted: family.Scopes != nil,
	}
	if family.Scopes != nil && b.Pool.Settings.UserPoolTier != lite {
		subject.Level, subject.Methods = LevelOf(family.Methods).Name(b.Pool), amr(family.Methods)
	}
	if !revocable(b.Client) {
		subject.OriginJTI = ""
	}
	now, access := t.now(), lifetime(b.Client, token.KindAccess)
	out := &Issued{ExpiresIn: int(access / time.Second), TokenType: "Bearer"}
	if out.AccessToken, err = signer.Access(subject, override, now, access); err != nil {
		return nil, err
	}
	if family.Scopes == nil || slices.Contains(family.Scopes, openID) {
		subject.AccessToken = out.AccessToken
		out.IdToken, err = signer.ID(subject, override, now, lifetime(b.Client, token.KindID))
	}
	return out, err
}

// override fires pre token generation and returns the changes that it asks for.
func (t *Room) override(
	ctx context.Context, b directory.Bearer, groups events.GroupConfiguration, scopes []string, source string,
	metadata map[string]string,
) (*token.Override, error) {
	arn, version := triggers.Function(b.Pool, cognito.PreTokenGeneration)
	if arn == "" {
		return nil, nil
	}
	request := events.PreTokenGenerationRequest{
		UserAttributes: triggers.Attributes(b.Pool, b.User), ClientMetadata: metadata, GroupConfiguration: groups,
	}
	if version != "1" {
		request.Scopes = scopes
	}
	return t.ask(ctx, version, triggers.Call{
		Pool: b.Pool, Hook: cognito.PreTokenGeneration, Source: source, UserName: b.User.Username,
		ClientID: b.Client.ID, Request: request,
	})
}

// ask fires pre token generation and reads its answer.
func (t *Room) ask(ctx context.Context, version string, c triggers.Call) (*token.Override, error) {
	response, err := t.triggers.Fire(ctx, c)
	if err != nil {
		return nil, err
	}
	tokenVersion, _ := cognito.ParseTokenVersion(version) // the pool's settings were validated
	override, err := token.OverrideOf(tokenVersion, response)
	if err != nil {
		return nil, fault.New(fault.AnswerUnrecognizable)
	}
	return override, nil
}

func (t *Room) groups(b directory.Bearer) events.GroupConfiguration {
	var groups []token.Group
	for _, g := range t.store.GroupsOf(b.Pool.ID, b.User.Username) {
		groups = append(groups, token.Group{Name: g.Name, RoleARN: g.RoleARN, Precedence: g.Precedence})
	}
	return token.Configuration(groups)
}

func lifetime(client state.Client, kind token.Kind) time.Duration {
	s, units := client.Settings, state.TokenValidityUnits{}
	if s.TokenValidityUnits != nil {
		units = *s.TokenValidityUnits
	}
	validity, unit := s.AccessTokenValidity, units.AccessToken
	switch kind {
	case token.KindID:
		validity, unit = s.IdTokenValidity, units.IdToken
	case token.KindRefresh:
		validity, unit = s.RefreshTokenValidity, units.RefreshToken
	}
	d, _ := token.Lifetime(kind, validity, unit) // validated with the client's settings
	return d
}

// Authorize returns the user of an access token, which must have the scope token.SelfService.
func (t *Room) Authorize(r wire.Request, accessToken string) (directory.Bearer, error) {
	b, _, err := t.authorize(r, accessToken)
	return b, err
}

// authorize is Authorize with the token's claims.
func (t *Room) authorize(r wire.Request, accessToken string) (b directory.Bearer, claims token.Claims, err error) {
	b, claims, err = t.Bearer(r, accessToken)
	if err == nil && !slices.Contains(claims.Scopes, token.SelfService) {
		err = fault.New(fault.AccessTokenScope)
	}
	return b, claims, err
}

// Bearer returns the user and the claims of an access token, whatever its scopes.
func (t *Room) Bearer(r wire.Request, accessToken string) (b directory.Bearer, claims token.Claims, err error) {
	return t.bearer(r, accessToken, token.Signer.VerifyAccess)
}

// bearer is Bearer for tokens that verify takes.
func (t *Room) bearer(
	r wire.Request, text string, verify func(token.Signer, string, time.Time) (token.Claims, error),
) (b directory.Bearer, claims token.Claims, err error) {
	pool, err := t.store.Pool(poolOf(text))
	if err != nil {
		return b, claims, fault.New(fault.AccessTokenInvalid)
	}
	signer, err := t.signer(r, pool)
	if err != nil {
		return b, claims, err
	}
	claims, err = verify(signer, text, t.now())
	switch {
	case errors.Is(err, token.ErrExpired):
		return b, claims, fault.New(fault.AccessTokenExpired)
	case err != nil:
		return b, claims, fault.New(fault.AccessTokenInvalid)
	case claims.Username == "": // of an app client, whose ID may be somebody's user name
		return b, claims, fault.New(fault.AccessTokenScope)
	}
	b.Pool, b.Device = pool, claims.DeviceKey
	if b.User, err = t.directory.User(pool, claims.Sub); err != nil {
		return b, claims, err
	}
	family, err := t.store.Family(claims.OriginJTI)
	if claims.OriginJTI != "" && (err != nil || family.Revoked) {
		return b, claims, fault.New(fault.AccessTokenRevoked)
	}
	if b.Client, err = t.store.Client(claims.ClientID); err != nil {
		return b, claims, fault.New(fault.AccessTokenInvalid)
	}
	if b.User.Disabled {
		return b, claims, fault.New(fault.UserDisabled)
	}
	return b, claims, nil
}

// poolOf returns the pool that a token claims to belong to, before its signature is checked with that pool's key.
func poolOf(text string) string {
	pool, _ := Whose(text)
	return pool
}

// Whose returns the pool and the user name that an access token claims to be of. Nobody has checked the token.
func Whose(text string) (pool, username string) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return "", ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct{ Iss, Username string }
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return "", ""
	}
	return claims.Iss[strings.LastIndex(claims.Iss, "/")+1:], claims.Username
}

// revocable reports whether the client's tokens can be revoked.
func revocable(client state.Client) bool {
	setting := client.Settings.EnableTokenRevocation
	return setting == nil || *setting
}
