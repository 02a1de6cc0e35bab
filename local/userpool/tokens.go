package userpool

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// keyring holds the keys of the pools that have been asked for theirs.
type keyring struct{ byPool sync.Map }

type poolKeys struct {
	once sync.Once
	keys *token.Keys
	err  error
}

// keysOf gives a pool's keys, which are made when they are first needed.
func (s *Server) keysOf(pool state.Pool) (*token.Keys, error) {
	entry, _ := s.keys.byPool.LoadOrStore(pool.ID+"\x00"+pool.Created.String(), &poolKeys{})
	k := entry.(*poolKeys)
	k.once.Do(func() { k.keys, k.err = s.loadKeys(pool) })
	return k.keys, k.err
}

func (s *Server) loadKeys(pool state.Pool) (*token.Keys, error) {
	if len(pool.SigningKey) > 0 {
		return token.ParseKeys(pool.SigningKey)
	}
	keys, err := token.NewKeys()
	if err != nil {
		return nil, err
	}
	der, err := keys.Marshal()
	if err != nil {
		return nil, err
	}
	_, err = s.store.UpdatePool(pool.ID, func(p *state.Pool) error { p.SigningKey = der; return nil })
	return keys, err
}

func (s *Server) keySet(pool state.Pool) ([]byte, error) {
	keys, err := s.keysOf(pool)
	if err != nil {
		return nil, err
	}
	return keys.JWKS()
}

func (c *call) signer(pool state.Pool) (token.Signer, error) {
	keys, err := c.keysOf(pool)
	return token.Signer{Keys: keys, Issuer: c.Issuer(c.base, pool.ID)}, err
}

// tokens is AWS's AuthenticationResult.
type tokens struct {
	AccessToken  string
	ExpiresIn    int
	TokenType    string
	RefreshToken string `json:",omitempty"`
	IdToken      string
}

// issue fires pre token generation and makes ID and access token.
func (c *call) issue(pool state.Pool, client state.Client, u state.User, family state.Family, source string, metadata map[string]string) (*tokens, error) {
	groups := c.groupConfiguration(pool, u)
	scopes := []string{token.SelfService}
	_, version := function(pool, cognito.PreTokenGeneration)
	request := events.PreTokenGenerationRequest{
		UserAttributes: eventAttributes(pool, u), ClientMetadata: metadata,
		GroupConfiguration: groups,
	}
	if version != "1" {
		request.Scopes = scopes
	}
	response, err := c.fire(pool, cognito.PreTokenGeneration, source, u.Username, client.ID, request)
	if err != nil {
		return nil, err
	}
	tokenVersion, _ := cognito.ParseTokenVersion(version) // without a trigger there is none, and nothing to override
	override, err := token.OverrideOf(tokenVersion, response)
	if err != nil {
		return nil, unrecognizable()
	}
	signer, err := c.signer(pool)
	if err != nil {
		return nil, err
	}
	subject := token.Subject{
		Username: u.Username, Attributes: readableAttributes(client, u), Groups: groups, ClientID: client.ID, Scopes: scopes,
		AuthTime: family.AuthTime, EventID: newUUID(), OriginJTI: family.OriginJTI,
	}
	if revocable := client.Settings.EnableTokenRevocation; revocable != nil && !*revocable {
		subject.OriginJTI = ""
	}
	now, access := c.options.Now(), lifetime(client, token.KindAccess)
	out := &tokens{ExpiresIn: int(access / time.Second), TokenType: "Bearer"}
	if out.IdToken, err = signer.ID(subject, override, now, lifetime(client, token.KindID)); err != nil {
		return nil, err
	}
	out.AccessToken, err = signer.Access(subject, override, now, access)
	return out, err
}

func (c *call) groupConfiguration(pool state.Pool, u state.User) events.GroupConfiguration {
	var groups []token.Group
	for _, g := range c.store.GroupsOf(pool.ID, u.Username) {
		groups = append(groups, token.Group{Name: g.Name, RoleARN: g.RoleARN, Precedence: g.Precedence})
	}
	return token.Configuration(groups)
}

func readableAttributes(client state.Client, u state.User) map[string]string {
	all := maps.Clone(u.Attributes)
	maps.DeleteFunc(all, func(name, _ string) bool { return !readable(client, name) })
	return all
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
	d, _ := token.Lifetime(kind, validity, unit) // checked when the client was made
	return d
}

// signedIn is the end of every sign-in: a new family of refresh tokens, and its first tokens.
func (c *call) signedIn(pool state.Pool, client state.Client, u state.User, source string, metadata map[string]string) (*tokens, error) {
	refresh, now := token.NewRefresh(), c.options.Now()
	family := state.Family{
		OriginJTI: newUUID(), Pool: pool.ID, Client: client.ID, Username: u.Username, AuthTime: now,
		Expires: now.Add(lifetime(client, token.KindRefresh)), Current: state.HashToken(refresh),
	}
	out, err := c.issue(pool, client, u, family, source, metadata)
	if err != nil {
		return nil, err
	}
	c.store.CreateFamily(family)
	out.RefreshToken = refresh
	return out, nil
}

// bearer is the user of an access token.
type bearer struct {
	pool   state.Pool
	client state.Client
	user   state.User
	claims token.Claims
}

// authorize finds the user of an access token, which must carry the scope of the user's own operations.
func (c *call) authorize(accessToken string) (bearer, error) {
	var b bearer
	pool, err := c.store.Pool(poolOfToken(accessToken))
	if err != nil {
		return b, notAuthorized("Invalid Access Token")
	}
	signer, err := c.signer(pool)
	if err != nil {
		return b, err
	}
	b.pool = pool
	b.claims, err = signer.VerifyAccess(accessToken, c.options.Now())
	switch {
	case errors.Is(err, token.ErrExpired):
		return b, notAuthorized("Access Token has expired")
	case err != nil:
		return b, notAuthorized("Invalid Access Token")
	}
	if b.user, err = c.user(pool, b.claims.Sub); err != nil {
		return b, err
	}
	family, err := c.store.Family(b.claims.OriginJTI)
	if b.claims.OriginJTI != "" && (err != nil || family.Revoked) {
		return b, notAuthorized("Access Token has been revoked")
	}
	if b.client, err = c.store.Client(b.claims.ClientID); err != nil {
		return b, notAuthorized("Invalid Access Token")
	}
	switch {
	case !slices.Contains(b.claims.Scopes, token.SelfService):
		return b, notAuthorized("Access Token does not have required scopes")
	case b.user.Disabled:
		return b, notAuthorized("User is disabled.")
	}
	return b, nil
}

// poolOfToken reads which pool a token claims to be of; the signature is checked with that pool's key.
func poolOfToken(text string) string {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct{ Iss string }
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return ""
	}
	return claims.Iss[strings.LastIndex(claims.Iss, "/")+1:]
}
