package identitypool

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cognito-triggers/local/loopback"
	"cognito-triggers/local/userpool/token"
)

// loginsInput has the logins that an operation takes: ID tokens by provider.
type loginsInput struct{ Logins map[string]string }

func (in *loginsInput) check(p *problems) {
	p.dictionary("logins", in.Logins, 10, rules.loginProvider, rules.token)
}

// proof is a login whose token was checked.
type proof struct {
	provider string // as AWS writes it, whatever the client wrote
	userPool string
	claims   token.IDClaims
}

// userPoolOf returns the user pool that a provider's name stands for, in AWS's form or as the local issuer without its
// scheme.
func userPoolOf(provider string) (id string, is bool) {
	host, id, _ := strings.Cut(provider, "/")
	region, rest, _ := strings.Cut(id, "_")
	if region == "" || rest == "" || strings.Contains(rest, "/") {
		return "", false
	}
	if loopback.IsName(host) {
		return id, true
	}
	return id, host == "cognito-idp."+region+".amazonaws.com" || host == "issuer-cognito-idp."+region+".amazonaws.com"
}

// providerOf returns the name that AWS gives to a user pool as a provider.
func providerOf(userPool string) string {
	region, _, _ := strings.Cut(userPool, "_")
	return "cognito-idp." + region + ".amazonaws.com/" + userPool
}

// prove checks the tokens of logins against a pool's settings. The proofs are sorted by provider.
func (s *Server) prove(c call, p pool, logins map[string]string) ([]proof, error) {
	var all []proof
	for _, name := range slices.Sorted(maps.Keys(logins)) {
		userPool, is := userPoolOf(name)
		if !is || !slices.ContainsFunc(p.CognitoIdentityProviders, func(known provider) bool { return known.is(userPool) }) {
			return nil, notAuthorized(textLogins)
		}
		if slices.ContainsFunc(all, func(other proof) bool { return other.userPool == userPool }) {
			return nil, notAuthorized(textLogins) // under two names
		}
		proven, err := s.proveOne(c, p, userPool, logins[name])
		if err != nil {
			return nil, err
		}
		all = append(all, proven)
	}
	return all, nil
}

// is reports whether the provider is a user pool.
func (p provider) is(userPool string) bool {
	if p.ProviderName == nil {
		return false
	}
	id, is := userPoolOf(*p.ProviderName)
	return is && id == userPool
}

func (s *Server) proveOne(c call, p pool, userPool, text string) (proof, error) {
	said, err := token.Unverified(text)
	switch {
	case err != nil:
		return proof{}, loginInvalid(textNotID)
	case said.Issuer[strings.LastIndexByte(said.Issuer, '/')+1:] != userPool:
		return proof{}, loginInvalid(textIssuer)
	case said.Audience == "":
		return proof{}, loginInvalid(textAudience)
	case said.Use != "id": // an access token for a resource has an audience, too
		return proof{}, loginInvalid(textNotID)
	}
	claims, err := s.options.UserPools.VerifyID(c.base, userPool, text)
	switch {
	case errors.Is(err, token.ErrExpired):
		return proof{}, loginInvalid(fmt.Sprintf("Token expired: %d >= %d", s.options.Now().Unix(), claims.Expires.Unix()))
	case err != nil:
		return proof{}, loginInvalid(textSignature)
	case claims.Use != "id":
		return proof{}, loginInvalid(textNotID)
	}
	at := slices.IndexFunc(p.CognitoIdentityProviders, func(known provider) bool {
		return known.is(userPool) && known.ClientId != nil && *known.ClientId == claims.Audience
	})
	if at < 0 {
		return proof{}, notAuthorized(textProvider)
	}
	if live := p.CognitoIdentityProviders[at].ServerSideTokenCheck; live != nil && *live {
		if err := s.options.UserPools.SignedIn(userPool, claims); err != nil {
			return proof{}, loginInvalid(textRevoked)
		}
	}
	return proof{providerOf(userPool), userPool, claims}, nil
}

// subjects returns the users of proofs by user pool.
func subjects(proofs []proof) map[string]string {
	all := map[string]string{}
	for _, proven := range proofs {
		all[proven.userPool] = proven.claims.Sub
	}
	return all
}
